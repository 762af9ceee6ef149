//! TOML's own mistakes, in words for people who do not know TOML.
//!
//! The words repeat no value and no character of one: the line may hold a secret.

use toml_span::{Error, ErrorKind};

use crate::problem::place;
use crate::spelling::quoted;

/// What is wrong with text that is not TOML.
pub(crate) fn describe(error: &Error, text: &str) -> String {
    let line_of = |start: usize| place(text, start).0;
    match &error.kind {
        ErrorKind::UnexpectedEof => "a value is missing: the file ends here".to_owned(),
        ErrorKind::ExceededDepthLimit => "tables and arrays are nested too deeply".to_owned(),
        ErrorKind::InvalidCharInString('\n') | ErrorKind::UnterminatedString => {
            "a string has no closing quote: close it with the quote that opens it, on the same line".to_owned()
        }
        ErrorKind::InvalidCharInString(_) => {
            "a string holds a control character: remove it, or write it as an escape such as \\t".to_owned()
        }
        ErrorKind::InvalidEscape(_) => {
            "unknown escape after `\\`: write `\\\\` for a backslash, or put the text in single quotes".to_owned()
        }
        ErrorKind::InvalidHexEscape(_) | ErrorKind::InvalidEscapeValue(_) => {
            "wrong number of a character: write \\u and four hex digits, such as \\u00e9".to_owned()
        }
        ErrorKind::Unexpected('“' | '”' | '„' | '‘' | '’' | '‚' | '«' | '»') => {
            "this is a typographic quote: write a straight one, \"".to_owned()
        }
        ErrorKind::Unexpected(_) => {
            "this character cannot stand here: put text, and keys with such characters, in quotes".to_owned()
        }
        ErrorKind::InvalidNumber => {
            "this is not a number: write one such as 90 or 0.5, and put durations, dates and other text in quotes, \
             such as \"2m\"".to_owned()
        }
        ErrorKind::UnquotedString => "this is neither a number nor true or false, and text must stand in quotes, \
             such as \"nba_pipeline\"".to_owned(),
        ErrorKind::Wanted { expected, found } => wanted(expected, found),
        ErrorKind::DuplicateTable { name, first } => format!(
            "the table `{}` stands twice, here and on line {}: write its keys in one place",
            quoted(name),
            line_of(first.start)
        ),
        ErrorKind::DuplicateKey { key, first } => format!(
            "`{}` stands twice, here and on line {}: keep one of the two",
            quoted(key),
            line_of(first.start)
        ),
        ErrorKind::RedefineAsArray => "this table is an array here and a table elsewhere: write [ ], not [[ ]]".to_owned(),
        ErrorKind::DottedKeyInvalidType { first } => format!(
            "this key goes into a table that line {} has already closed: write both in one place",
            line_of(first.start)
        ),
        ErrorKind::MultilineStringKey => "a key stands on one line: use single or double quotes once".to_owned(),
        // The other kinds arise when values are turned into types, which happens elsewhere.
        _ => "this is not TOML".to_owned(),
    }
}

fn wanted(expected: &str, found: &str) -> String {
    match (expected, found) {
        ("an equals", _) => "`=` is missing after the key: write `key = value`".to_owned(),
        ("a value", _) => {
            "a value is missing after `=`: write text in quotes, a number, true, false or [ ]"
                .to_owned()
        }
        ("a right bracket", "a colon") => {
            "a name with a colon must stand in quotes, such as [stages.\"etl:load\"]".to_owned()
        }
        ("a right bracket", "whitespace" | "an identifier" | "a string") => {
            "`,` or `]` is missing: write a comma between entries, and quotes around a name with spaces"
                .to_owned()
        }
        ("a right bracket", _) => "`]` is missing".to_owned(),
        ("a comma", _) => "`,` or `}` is missing: write a comma between the keys of { }".to_owned(),
        ("newline", _) => "the line should end here: put what follows on a line of its own".to_owned(),
        ("a table key", _) => {
            "a key is missing here: write a name, such as `title = \"Player ingestion\"`".to_owned()
        }
        (expected, "eof") => format!("{expected} is missing: the file ends here"),
        (expected, found) => format!("{expected} should stand here, not {found}"),
    }
}
