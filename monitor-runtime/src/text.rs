//! Texts of values that others have written the formatting of.

use std::any::Any;
use std::fmt::{self, Display, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// The text of `value`. A formatting that fails or panics leaves what it wrote and a
/// mark: what a function returns must not depend on how its error prints.
pub(crate) fn of(value: impl Display) -> String {
    let mut text = String::new();
    let mark = format(|| write!(text, "{value}"));
    text.push_str(mark.unwrap_or_default());
    text
}

/// Runs a formatting. One that ends badly gives the mark to be left for it.
pub(crate) fn format(write: impl FnOnce() -> fmt::Result) -> Option<&'static str> {
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(Ok(())) => None,
        Ok(Err(fmt::Error)) => Some("<the formatting of this value failed>"),
        Err(payload) => {
            discard(payload);
            Some("<the formatting of this value panicked>")
        }
    }
}

/// Drops what a panic carried, which may panic, too.
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(another);
    }
}

/// `text` without what steers a terminal or turns the direction of writing.
pub(crate) fn plain(text: &str) -> String {
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.replace(steers, " ")
}

/// Three significant digits: what people compare.
pub(crate) fn rounded(duration: Duration) -> Duration {
    let nanos = duration.as_nanos();
    let digits = nanos.checked_ilog10().unwrap_or(0);
    let unit = 10_u128.pow(digits.saturating_sub(2));
    let rounded = (nanos + unit / 2) / unit * unit;
    u64::try_from(rounded).map_or(duration, Duration::from_nanos)
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

    /// What it panics with panics when it is dropped.
    struct PanicsTwice;

    impl Drop for PanicsTwice {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                panic!("in a Drop")
            }
        }
    }

    impl Display for PanicsTwice {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            std::panic::panic_any(Self)
        }
    }

    #[test]
    fn a_formatting_that_fails_or_panics_leaves_a_mark() {
        assert_eq!(of("whole"), "whole");
        assert_eq!(of(Fails), "half<the formatting of this value failed>");
        assert_eq!(of(Panics), "<the formatting of this value panicked>");
        let twice = std::mem::ManuallyDrop::new(PanicsTwice);
        assert_eq!(of(&*twice), "<the formatting of this value panicked>");
    }

    #[test]
    fn durations_are_shown_with_three_digits() {
        assert_eq!(
            rounded(Duration::from_nanos(1_234_567)),
            Duration::from_nanos(1_230_000)
        );
        assert_eq!(rounded(Duration::ZERO), Duration::ZERO);
    }
}
