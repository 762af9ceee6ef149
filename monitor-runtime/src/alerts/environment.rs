//! The environment's variables, read one by one, with every mistake kept.

use std::{error::Error, ffi::OsString, fmt};

use super::secret::Secret;

/// How the environment is read: `std::env::var_os` in a program, a table in a test.
pub(crate) type ReadVariable<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// One thing that is wrong with the settings, by the name under which it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SettingsError {
    origin: String,
    reason: String,
}

impl SettingsError {
    /// `origin` is a variable, or a key "in monitor.toml".
    pub(crate) fn new(origin: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            origin: origin.into(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.reason)
    }
}

impl Error for SettingsError {}

/// A value, and where it was written, so that a later check can name the place.
#[derive(Clone, Debug)]
pub(super) struct Sourced<T> {
    pub(super) value: T,
    pub(super) origin: &'static str,
}

/// Reads variables and collects what is wrong with them, so that a person can
/// mend all of it at once.
pub(super) struct Environment<'a> {
    read: ReadVariable<'a>,
    errors: Vec<SettingsError>,
}

impl<'a> Environment<'a> {
    pub(super) fn new(read: ReadVariable<'a>) -> Self {
        Self {
            read,
            errors: Vec::new(),
        }
    }

    /// Notes a mistake.
    pub(super) fn reject(&mut self, origin: impl Into<String>, reason: impl Into<String>) {
        self.errors.push(SettingsError::new(origin, reason));
    }

    /// Notes that a channel is on which this build does not have.
    pub(super) fn reject_missing_feature(&mut self, variable: &str, feature: &str) {
        self.reject(
            variable,
            format!(
                "is on, but this program was built without it; \
                 add features = [\"{feature}\"] to its monitor-runtime dependency"
            ),
        );
    }

    /// A switch: `true`, `1`, `yes`, `on` and their negatives, in any case.
    pub(super) fn switch(&mut self, variable: &'static str) -> Option<bool> {
        let text = self.text(variable)?;
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => {
                let shown: String = text.chars().take(20).collect();
                self.reject(
                    variable,
                    format!(
                        "{shown:?} is neither on nor off; \
                         write true, 1, yes or on, or false, 0, no or off"
                    ),
                );
                None
            }
        }
    }

    /// A variable's text without surrounding blanks. Empty is not set: that is
    /// how a variable is taken back in most process managers.
    pub(super) fn text(&mut self, variable: &'static str) -> Option<String> {
        let text = self.raw(variable)?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// As [`Environment::text`], else what monitor.toml says under `key`.
    pub(super) fn text_or(
        &mut self,
        variable: &'static str,
        key: &'static str,
        file: Option<&str>,
    ) -> Option<Sourced<String>> {
        if let Some(value) = self.text(variable) {
            return Some(Sourced {
                value,
                origin: variable,
            });
        }
        let value = file.map(str::trim).filter(|text| !text.is_empty())?;
        Some(Sourced {
            value: value.to_owned(),
            origin: key,
        })
    }

    /// A secret. Blanks are kept, since they may belong to it, but not the line
    /// end that comes with a secret read from a file.
    pub(super) fn secret(&mut self, variable: &'static str) -> Option<Secret> {
        let text = self.raw(variable)?;
        let text = text.trim_matches(['\r', '\n']);
        (!text.trim().is_empty()).then(|| Secret::new(text))
    }

    /// All mistakes, in the order in which they were met.
    pub(super) fn into_errors(self) -> Vec<SettingsError> {
        self.errors
    }

    fn raw(&mut self, variable: &'static str) -> Option<String> {
        match (self.read)(variable)?.into_string() {
            Ok(text) => Some(text),
            Err(_) => {
                self.reject(variable, "is not valid UTF-8");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switch(text: &str) -> Result<Option<bool>, String> {
        let read = |_: &str| Some(OsString::from(text));
        let mut environment = Environment::new(&read);
        let value = environment.switch("ALERT_SLACK_ENABLED");
        match environment.into_errors().first() {
            Some(error) => Err(error.to_string()),
            None => Ok(value),
        }
    }

    #[test]
    fn switches_are_read_in_any_case_and_with_blanks() {
        for on in ["true", "TRUE", " Yes ", "1", "on", "\tOn\n"] {
            assert_eq!(switch(on), Ok(Some(true)), "{on:?}");
        }
        for off in ["false", "False", "0", "no", " OFF "] {
            assert_eq!(switch(off), Ok(Some(false)), "{off:?}");
        }
        for unset in ["", "   ", "\n"] {
            assert_eq!(switch(unset), Ok(None), "{unset:?}");
        }
    }

    #[test]
    fn an_unknown_switch_names_the_variable_and_the_choices() {
        let error = switch("enabled").unwrap_err();
        assert_eq!(
            error,
            "ALERT_SLACK_ENABLED: \"enabled\" is neither on nor off; \
             write true, 1, yes or on, or false, 0, no or off"
        );
    }

    #[test]
    fn a_secret_keeps_its_blanks_but_not_the_line_end() {
        let read = |_: &str| Some(OsString::from(" abcd efgh \r\n"));
        let secret = Environment::new(&read).secret("EMAIL_PASS").unwrap();
        assert_eq!(secret.expose(), " abcd efgh ");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_a_mistake() {
        use std::os::unix::ffi::OsStringExt as _;
        let read = |_: &str| Some(OsString::from_vec(vec![0xff]));
        let mut environment = Environment::new(&read);
        assert!(environment.secret("EMAIL_PASS").is_none());
        assert_eq!(
            environment.into_errors()[0].to_string(),
            "EMAIL_PASS: is not valid UTF-8"
        );
    }
}
