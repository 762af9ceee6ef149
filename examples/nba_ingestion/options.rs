//! The command line.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

pub(crate) const HELP: &str = "\
Ingests NBA players and teams from a flaky API, cleans them and loads them into
JSON Lines files, every stage monitored.

Usage: cargo run --example nba_ingestion -- [OPTIONS]

Options:
      --logs DIR    Where log, metrics and report go [default: logs]
      --output DIR  Where the loaded records go [default: output]
      --serve       Serve the live page and run the pipeline again and again, until you
                    press Enter
      --page ADDR   Where the live page is served [default: 127.0.0.1:9464]
      --outage      The API stays down: the job fails and raises a critical alert
  -h, --help        Print this help

Exit codes: 0 done, 1 the job failed, 2 wrong option or configuration.
";

/// Where the live page is unless said otherwise.
const PAGE: ([u8; 4], u16) = ([127, 0, 0, 1], 9464);

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) logs: PathBuf,
    pub(crate) output: PathBuf,
    pub(crate) outage: bool,
    pub(crate) serve: bool,
    pub(crate) page: SocketAddr,
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
    #[error("`--page` needs an address with a port, as in `--page 127.0.0.1:8080`")]
    NoAddress,
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
            page: PAGE.into(),
        };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--logs") => options.logs = folder("--logs", arguments.next())?,
                Some("--output") => options.output = folder("--output", arguments.next())?,
                Some("--outage") => options.outage = true,
                Some("--serve") => options.serve = true,
                Some("--page") => options.page = address(arguments.next())?,
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

fn address(value: Option<OsString>) -> Result<SocketAddr, OptionError> {
    let address = value.as_deref().and_then(OsStr::to_str);
    let address = address.and_then(|address| address.parse().ok());
    address.ok_or(OptionError::NoAddress)
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
            parse(&["--outage", "--serve", "--logs", "l", "--page", "[::1]:0"]),
            Ok(Command::Run(Options {
                logs: "l".into(),
                output: "output".into(),
                outage: true,
                serve: true,
                page: ([0, 0, 0, 0, 0, 0, 0, 1], 0).into(),
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
        for arguments in [&["--page"][..], &["--page", "9464"]] {
            assert_eq!(parse(arguments), Err(OptionError::NoAddress));
        }
        for arguments in [&["--logs"][..], &["--logs", "--outage"], &["--logs", ""]] {
            assert_eq!(parse(arguments), Err(OptionError::MissingFolder("--logs")));
        }
    }
}
