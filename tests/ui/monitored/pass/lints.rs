//! The lints that a body triggers are those that it triggers without the attribute.

#![deny(warnings, missing_docs, unused_qualifications)]
#![forbid(unsafe_code)]

use std::fmt;

use monitor_runtime::monitored;

/// Names that the expansion uses, in the function's own hands.
#[monitored(stage = "NBA-17", records = |__value| __value.len(), fields(__out))]
pub fn the_names_of_the_expansion(__call: Vec<u8>, __out: u8) -> Result<Vec<u8>, fmt::Error> {
    let __site = __out;
    let mut records = __call;
    records.push(__site);
    Ok(records)
}

/// Names of the prelude, hidden by the function's own.
pub mod hidden {
    use monitor_runtime::monitored;

    #[allow(dead_code)]
    enum Option {
        Some,
        None,
    }

    #[allow(dead_code)]
    struct String;

    mod core {}

    mod std {}

    /// Counts.
    #[monitored(stage = "NBA-17", records = |n| *n, fields(n))]
    pub fn count(n: u32) -> u32 {
        n
    }
}

/// What is expected still happens.
#[monitored(stage = "NBA-17")]
#[expect(unused_variables, reason = "to be seen through the attribute")]
pub fn expectation(unused: u8) {
    let also_unused = 1;
}

/// What is unreachable by its nature.
#[monitored(stage = "NBA-17")]
pub fn always_panics() -> u32 {
    panic!("always")
}

/// What is deprecated is so for callers alone.
#[deprecated]
#[monitored(stage = "NBA-17")]
pub fn old() -> u8 {
    7
}

#[test]
fn every_function_is_called_as_before() {
    assert!(the_names_of_the_expansion(Vec::new(), 1).is_ok());
    assert_eq!(hidden::count(1), 1);
    expectation(1);
    let _: fn() -> u32 = always_panics;
    #[expect(deprecated, reason = "to be seen through the attribute")]
    let seven = old();
    assert_eq!(seven, 7);
}
