//! The configuration in effect: monitor.toml, embedded or named by the environment.

use std::fmt::{self, Display};
use std::path::PathBuf;
use std::{env, fs};

use monitor_config::Config;

/// monitor.toml as it was when the program was compiled.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// Where it stood, for messages.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The variable that names a file to be used in place of the embedded one.
const VARIABLE: &str = "MONITOR_CONFIG";

/// Why a monitor could not be installed: each mistake with its place and with what
/// to write instead.
#[derive(Debug)]
pub struct StartError {
    mistakes: Vec<String>,
}

impl StartError {
    pub(crate) fn new(mistakes: Vec<String>) -> Self {
        Self { mistakes }
    }

    pub(crate) fn one(mistake: impl Into<String>) -> Self {
        Self::new(vec![mistake.into()])
    }
}

impl Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mistakes.as_slice() {
            [only] => write!(f, "the monitor cannot start: {only}"),
            many => {
                write!(f, "the monitor cannot start:")?;
                many.iter()
                    .try_for_each(|mistake| write!(f, "\n- {mistake}"))
            }
        }
    }
}

impl std::error::Error for StartError {}

/// Reads the file that counts: the one that the environment names, else the
/// embedded one, else none. The working directory is never searched.
pub(crate) fn read(embedded: Option<Embedded>) -> Result<Config, StartError> {
    let (name, text) = match (env::var_os(VARIABLE), embedded) {
        (Some(path), _) if !path.is_empty() => {
            let path = PathBuf::from(path);
            let text = fs::read_to_string(&path).map_err(|error| {
                let path = path.display();
                StartError::one(format!(
                    "{path}, named by {VARIABLE}, cannot be read: {error}"
                ))
            })?;
            (path.display().to_string(), text)
        }
        (_, Some(embedded)) => (embedded.path.to_owned(), embedded.text.to_owned()),
        _ => return Ok(Config::default()),
    };
    Config::parse(&text).map_err(|problems| {
        let mistakes = problems.iter().map(|problem| format!("{name}, {problem}"));
        StartError::new(mistakes.collect())
    })
}
