//! What the attributes accept, and what they say to each mistake.

#[test]
fn every_mistake_is_explained_at_its_own_place() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/fail/*.rs");
}
