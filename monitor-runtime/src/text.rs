//! Texts of values that others have written the formatting of.

use std::fmt::{self, Display, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

/// The text of `value`. A formatting that fails or panics leaves what it wrote and a
/// mark: what a function returns must not depend on how its error prints.
pub(crate) fn of(value: impl Display) -> String {
    let mut text = String::new();
    let result = catch_unwind(AssertUnwindSafe(|| write!(text, "{value}")));
    text.push_str(mark(&result).unwrap_or_default());
    text
}

/// The mark of a formatting that ended badly.
pub(crate) fn mark(result: &thread::Result<fmt::Result>) -> Option<&'static str> {
    match result {
        Ok(Ok(())) => None,
        Ok(Err(fmt::Error)) => Some("<the formatting of this value failed>"),
        Err(_) => Some("<the formatting of this value panicked>"),
    }
}

/// `text` without what steers a terminal or turns the direction of writing.
pub(crate) fn plain(text: &str) -> String {
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.replace(steers, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fails;

    impl Display for Fails {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("half")?;
            Err(fmt::Error)
        }
    }

    struct Panics;

    impl Display for Panics {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("in a Display")
        }
    }

    #[test]
    fn a_formatting_that_fails_or_panics_leaves_a_mark() {
        assert_eq!(of("whole"), "whole");
        assert_eq!(of(Fails), "half<the formatting of this value failed>");
        assert_eq!(of(Panics), "<the formatting of this value panicked>");
    }
}
