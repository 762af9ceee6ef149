//! What the attributes accept, and what they say to each mistake.
//!
//! What they accept is compiled as part of this crate, lints included. After a change
//! of a message, `TRYBUILD=overwrite cargo test --test ui` writes the `.stderr` files.

#[path = "ui/main/pass/forms.rs"]
pub mod main_forms;
#[path = "ui/monitored/pass/lints.rs"]
pub mod monitored_lints;
#[path = "ui/monitored/pass/methods.rs"]
pub mod monitored_methods;
#[path = "ui/monitored/pass/shapes.rs"]
pub mod monitored_shapes;
#[path = "ui/retry/pass/shapes.rs"]
pub mod retry_shapes;

#[test]
fn every_mistake_is_explained_at_its_own_place() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*/fail/*.rs");
    // A folder with a monitor.toml for each case that is about the file.
    cases.compile_fail("tests/ui/*/fail/*/main.rs");
}
