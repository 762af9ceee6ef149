//! One mistake in `monitor.toml`, and the list of all of them.

use std::fmt;

/// One mistake in `monitor.toml`, with its place.
///
/// ```
/// use monitor_config::Config;
///
/// let problems = Config::parse("[pipeline]\nlogs = 7").unwrap_err();
/// assert_eq!(
///     problems[0].to_string(),
///     "line 2, column 8: `logs` in [pipeline] must be a string, not an integer: write `logs = \"logs\"`"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted in characters from 1.
    pub column: usize,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            message,
        } = self;
        write!(f, "line {line}, column {column}: {message}")
    }
}

impl std::error::Error for Problem {}

/// The mistakes found so far, each at its byte.
pub(crate) struct Problems<'t> {
    text: &'t str,
    found: Vec<(usize, String)>,
}

impl<'t> Problems<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            found: Vec::new(),
        }
    }

    /// Adds a mistake. `start` is where the parser saw the key or the value.
    pub(crate) fn add(&mut self, start: usize, message: String) {
        self.found.push((opening(self.text, start), message));
    }

    /// The mistakes in the order of the file.
    pub(crate) fn into_sorted(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|&(start, _)| start);
        self.found
            .into_iter()
            .map(|(start, message)| {
                let (line, column) = place(self.text, start);
                Problem {
                    line,
                    column,
                    message,
                }
            })
            .collect()
    }
}

/// The line and column of a byte, both counted from 1, the column in characters.
pub(crate) fn place(text: &str, start: usize) -> (usize, usize) {
    let before = before(text, start);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
    (line, column)
}

/// The opening quote of a string or quoted key, whose content is all that the parser points to.
fn opening(text: &str, start: usize) -> usize {
    let before = before(text, start);
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        if let Some(before) = before.strip_suffix(quote) {
            return before.len();
        }
    }
    before.len()
}

/// The text before a byte; a byte inside of a character counts as the character's first.
fn before(text: &str, start: usize) -> &str {
    let mut end = start.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        assert_eq!(place("", 0), (1, 1));
        assert_eq!(place("äö\r\nü = 1", 6), (2, 1));
        assert_eq!(place("äö\r\nü = 1", 11), (2, 5));
        assert_eq!(place("a\n", 2), (2, 1));
        // Inside of the first character, and behind the end.
        assert_eq!(place("äö", 1), (1, 1));
        assert_eq!(place("äö", 99), (1, 3));
    }

    #[test]
    fn a_string_begins_at_its_quote() {
        assert_eq!(opening("a = 'x'", 5), 4);
        assert_eq!(opening("a = \"\"\"x\"\"\"", 7), 4);
        assert_eq!(opening("a = \"\"", 4), 4);
        assert_eq!(opening("a = 1", 4), 4);
    }

    #[test]
    fn problems_follow_the_file() {
        let mut problems = Problems::new("a = 1\nb = 2");
        problems.add(6, "second".to_owned());
        problems.add(0, "first".to_owned());
        let shown: Vec<String> = problems
            .into_sorted()
            .iter()
            .map(Problem::to_string)
            .collect();
        assert_eq!(
            shown,
            ["line 1, column 1: first", "line 2, column 1: second"]
        );
    }
}
