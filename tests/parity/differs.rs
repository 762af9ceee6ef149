//! What is known to differ, and why. A body that no longer differs has to leave the list.

const HINT: &str = "an async block that is returned is told what it gives, for `?`: what is \
    wrong is reported in the block, not at the function's type";
const LIFETIME: &str = "what a closure or an async block gives back passes through the call \
    around it: a lifetime that is too short is reported there, at the attribute";
const COPIES: &str = "an attempt's closure must be cloned, and cannot if it captures by mutable \
    reference what the function may not change";

/// Body, and what makes the difference.
const KNOWN: [(&str, &str); 15] = [
    ("assign_twice_argument_retry", COPIES),
    ("future_boxed_type", HINT),
    ("future_missing_value", HINT),
    ("future_question_mark", HINT),
    ("future_type", HINT),
    ("future_wrong_return", HINT),
    ("lifetime_undeclared_borrow_async", LIFETIME),
    ("lifetime_wrong_borrow_async", LIFETIME),
    (
        "lint_dead_assignment_argument_async",
        "the lint names the line of the assignment, since the argument is captured",
    ),
    (
        "lint_unused_mut_argument_retry",
        "each attempt binds the argument anew, with a `mut` that is the macro's",
    ),
    ("method_assign_field_both", COPIES),
    ("mutate_immutable_argument_both", COPIES),
    ("mutate_immutable_argument_retry", COPIES),
    ("mutate_through_shared_retry", COPIES),
    ("retry_method_assign_field", COPIES),
];

/// Whether the body is known to differ.
pub(crate) fn is_known(body: &str) -> bool {
    KNOWN.iter().any(|(name, _)| *name == body)
}

/// Every name in the list, to find one that is no body.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(name, _)| *name)
}
