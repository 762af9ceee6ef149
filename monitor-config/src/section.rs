//! One table of the file while it is read: each key is asked for once, and what nobody asked for is unknown.

use std::time::Duration;

use toml_span::Value;
use toml_span::value::{Table, ValueInner};

use crate::check::one_line;
use crate::duration::{parse_duration, seconds};
use crate::problem::Problems;
use crate::spelling::{hint, quoted};

/// A table whose keys are being read; every mistake goes to the list of problems.
pub(crate) struct Section<'a, 't> {
    /// The table as the file names it, such as `[stages.NBA-17]`.
    name: String,
    table: &'a Table<'a>,
    known: Vec<&'static str>,
    problems: &'a mut Problems<'t>,
}

impl<'a, 't> Section<'a, 't> {
    /// Begins a table, unless the value is something else.
    pub(crate) fn open(
        name: String,
        value: &'a Value<'a>,
        problems: &'a mut Problems<'t>,
    ) -> Option<Self> {
        let Some(table) = value.as_table() else {
            let message = format!(
                "{name} must be a table, not {}: write {name} on a line of its own and its keys below it",
                found(value)
            );
            problems.add(value.span.start, message);
            return None;
        };
        Some(Self {
            name,
            table,
            known: Vec::new(),
            problems,
        })
    }

    /// The value of a key, which is known from then on.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'a Value<'a>> {
        self.known.push(key);
        self.table.get(key)
    }

    /// The value of a key, which stays as unknown as it was.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Value<'a>> {
        self.table.get(key)
    }

    /// Whether a key is written.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The problems, for a table within this one.
    pub(crate) fn problems(&mut self) -> &mut Problems<'t> {
        self.problems
    }

    /// Text on one line, and not empty.
    pub(crate) fn text(&mut self, key: &'static str, example: &str) -> Option<String> {
        self.checked_text(key, example, |text| {
            if text.is_empty() {
                Err(format!(
                    "the text is empty: write one such as \"{example}\", or leave the key out"
                ))
            } else {
                one_line(text)
            }
        })
    }

    /// Text that a rule accepts.
    pub(crate) fn checked_text<T>(
        &mut self,
        key: &'static str,
        example: &str,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let Some(text) = value.as_str() else {
            return self.wrong_type(key, value, "a string", &format!("\"{example}\""));
        };
        self.accept(key, value, rule(text))
    }

    /// An array of strings that a rule turns into something each.
    pub(crate) fn list<T>(
        &mut self,
        key: &'static str,
        example: &str,
        mut rule: impl FnMut(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let value = self.take(key)?;
        let Some(items) = value.as_array() else {
            return self.wrong_type(
                key,
                value,
                "an array of strings",
                &format!("[\"{example}\"]"),
            );
        };
        let mut list = Vec::new();
        for item in items {
            if let Some(text) = item.as_str() {
                list.extend(self.accept(key, item, rule(text)));
            } else {
                let message = format!(
                    "`{key}` in {} must be an array of strings, but this entry is {}: write `{key} = [\"{example}\"]`",
                    self.name,
                    found(item)
                );
                self.problems.add(item.span.start, message);
            }
        }
        Some(list)
    }

    /// A duration: text with units, or a number of seconds.
    pub(crate) fn duration(&mut self, key: &'static str, example: &str) -> Option<Duration> {
        let value = self.take(key)?;
        let duration = match value.as_ref() {
            ValueInner::String(text) => parse_duration(text),
            ValueInner::Float(number) => seconds(*number),
            ValueInner::Integer(number) => match u64::try_from(*number) {
                Ok(number) => Ok(Duration::from_secs(number)),
                Err(_) => seconds(*number as f64),
            },
            _ => return self.wrong_type(key, value, "a duration", &format!("\"{example}\"")),
        };
        let duration = duration.and_then(|duration| {
            if duration.is_zero() {
                return Err(format!(
                    "zero is no limit: write one such as \"{example}\", or leave the key out"
                ));
            }
            Ok(duration)
        });
        self.accept(key, value, duration)
    }

    /// A whole number within limits.
    pub(crate) fn integer<N: TryFrom<i64>>(
        &mut self,
        key: &'static str,
        example: i64,
        limits: impl FnOnce(N) -> Option<N>,
        range: &str,
    ) -> Option<N> {
        let value = self.take(key)?;
        let Some(number) = value.as_integer() else {
            return self.wrong_type(key, value, "a whole number", &example.to_string());
        };
        let number = N::try_from(number).ok().and_then(limits).ok_or_else(|| {
            format!("{number} is out of range: write a whole number {range}, such as {example}")
        });
        self.accept(key, value, number)
    }

    /// A number within limits, with or without decimals.
    pub(crate) fn number(
        &mut self,
        key: &'static str,
        example: f64,
        within: impl FnOnce(f64) -> bool,
        range: &str,
    ) -> Option<f64> {
        let value = self.take(key)?;
        let number = match value.as_ref() {
            ValueInner::Float(number) => *number,
            ValueInner::Integer(number) => *number as f64,
            _ => return self.wrong_type(key, value, "a number", &format!("{example:?}")),
        };
        let number = if within(number) {
            Ok(number)
        } else {
            Err(format!(
                "{number} is out of range: write a number {range}, such as {example:?}"
            ))
        };
        self.accept(key, value, number)
    }

    /// True or false.
    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        value
            .as_bool()
            .or_else(|| self.wrong_type(key, value, "true or false", "true"))
    }

    /// Adds a problem about the value of a key.
    pub(crate) fn complain(&mut self, key: &str, message: &str) {
        if let Some(value) = self.table.get(key) {
            let message = format!("`{key}` in {}: {message}", self.name);
            self.problems.add(value.span.start, message);
        }
    }

    /// Ends the table: every key that nobody asked for is a problem. `special` may have better words for it.
    pub(crate) fn close(self, special: impl Fn(&str, &Value<'_>) -> Option<String>) {
        for (key, value) in self.table {
            if self.known.contains(&key.name.as_ref()) {
                continue;
            }
            let message = special(&key.name, value).unwrap_or_else(|| {
                format!(
                    "unknown key `{}` in {}{}",
                    quoted(&key.name),
                    self.name,
                    hint(&key.name, "keys", self.known.iter().copied())
                )
            });
            self.problems.add(key.span.start, message);
        }
    }

    fn accept<T>(&mut self, key: &str, value: &Value<'_>, result: Result<T, String>) -> Option<T> {
        result
            .map_err(|message| {
                let message = format!("`{key}` in {}: {message}", self.name);
                self.problems.add(value.span.start, message);
            })
            .ok()
    }

    fn wrong_type<T>(
        &mut self,
        key: &str,
        value: &Value<'_>,
        wanted: &str,
        example: &str,
    ) -> Option<T> {
        let message = format!(
            "`{key}` in {} must be {wanted}, not {}: write `{key} = {example}`",
            self.name,
            found(value)
        );
        self.problems.add(value.span.start, message);
        None
    }
}

/// The type of a value, for "must be …, not …".
pub(crate) fn found(value: &Value<'_>) -> &'static str {
    match value.as_ref() {
        ValueInner::String(_) => "a string",
        ValueInner::Integer(_) => "an integer",
        ValueInner::Float(_) => "a float",
        ValueInner::Boolean(_) => "a boolean",
        ValueInner::Array(_) => "an array",
        ValueInner::Table(_) => "a table",
    }
}
