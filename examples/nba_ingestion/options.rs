//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use thiserror::Error;

pub(crate) const HELP: &str = "\
Ingests NBA players and teams from a flaky API, cleans them and loads them into
JSON Lines files, every stage monitored.

Usage: cargo run --example nba_ingestion -- [OPTIONS]

Options:
      --logs DIR    Where log, metrics and report go [default: logs]
      --output DIR  Where the loaded records go [default: output]
      --serve       Serve the live page on http://127.0.0.1:9464/ and run the pipeline
                    again and again, until you press Enter
      --outage      The API stays down: the job fails and raises a critical alert
  -h, --help        Print this help

Exit codes: 0 done, 1 the job failed, 2 wrong option or configuration.
";

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) logs: PathBuf,
    pub(crate) output: PathBuf,
    pub(crate) outage: bool,
    pub(crate) serve: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Run(Options),
    Help,
}

#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum OptionError {
    #[error("unknown option `{0}`")]
    Unknown(String),
    #[error("`{0}` needs a folder, as in `{0} some/folder`")]
    MissingFolder(&'static str),
}

impl Command {
    pub(crate) fn parse(
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, OptionError> {
        let mut options = Options {
            logs: PathBuf::from("logs"),
            output: PathBuf::from("output"),
            outage: false,
            serve: false,
        };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--logs") => options.logs = folder("--logs", arguments.next())?,
                Some("--output") => options.output = folder("--output", arguments.next())?,
                Some("--outage") => options.outage = true,
                Some("--serve") => options.serve = true,
                Some("-h" | "--help") => return Ok(Self::Help),
                _ => {
                    let argument = argument.to_string_lossy().into_owned();
                    return Err(OptionError::Unknown(argument));
                }
            }
        }
        Ok(Self::Run(options))
    }
}

/// The value of an option. The next option is not taken for one: a folder that does
/// begin with a dash can be written `./-folder`.
fn folder(option: &'static str, value: Option<OsString>) -> Result<PathBuf, OptionError> {
    match value {
        Some(value) if !value.is_empty() && !value.as_encoded_bytes().starts_with(b"-") => {
            Ok(value.into())
        }
        _ => Err(OptionError::MissingFolder(option)),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{Command, OptionError, Options};

    fn parse(arguments: &[&str]) -> Result<Command, OptionError> {
        Command::parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn options_override_the_defaults() {
        assert_eq!(
            parse(&["--outage", "--serve", "--logs", "l"]),
            Ok(Command::Run(Options {
                logs: "l".into(),
                output: "output".into(),
                outage: true,
                serve: true,
            })),
        );
        assert_eq!(parse(&["--help"]), Ok(Command::Help));
    }

    #[test]
    fn a_wrong_option_is_named() {
        assert_eq!(
            parse(&["--outagee"]),
            Err(OptionError::Unknown("--outagee".to_owned())),
        );
        for arguments in [&["--logs"][..], &["--logs", "--outage"], &["--logs", ""]] {
            assert_eq!(parse(arguments), Err(OptionError::MissingFolder("--logs")));
        }
    }
}
