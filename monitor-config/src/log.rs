//! How the log is written.

use std::time::Duration;

/// When a line is in the kernel.
///
/// ```
/// use monitor_config::LogMode;
///
/// assert_eq!(LogMode::parse("batched"), Ok(LogMode::Batched));
/// assert!(LogMode::parse("bached").unwrap_err().contains("did you mean `batched`?"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogMode {
    /// When the call returns that logs it: it survives whatever happens to the process.
    #[default]
    Direct,
    /// With others: after 64 KiB or 50 ms, at once from level WARNING up and at the end of a stage. A process that is
    /// killed loses what was not written. Where the disk is slower than the program, the program waits.
    Batched,
    /// The same, but where the disk is slower than the program, lines are dropped and counted.
    BatchedDropping,
}

impl LogMode {
    const ALL: [(&'static str, Self); 3] = [
        ("direct", Self::Direct),
        ("batched", Self::Batched),
        ("batched-dropping", Self::BatchedDropping),
    ];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Batched => "batched",
            Self::BatchedDropping => "batched-dropping",
        }
    }

    /// Reads the name of a mode.
    ///
    /// # Errors
    ///
    /// A message that names the modes, for any other text.
    pub fn parse(text: &str) -> Result<Self, String> {
        named(text, "mode", &Self::ALL)
    }
}

/// What the console shows.
///
/// ```
/// assert_eq!(monitor_config::LogConsole::parse("json"), Ok(monitor_config::LogConsole::Json));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogConsole {
    /// Lines for people.
    #[default]
    Text,
    /// The lines of the file.
    Json,
    /// Nothing.
    Off,
}

impl LogConsole {
    const ALL: [(&'static str, Self); 3] = [
        ("text", Self::Text),
        ("json", Self::Json),
        ("off", Self::Off),
    ];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Off => "off",
        }
    }

    /// Reads the name of a form.
    ///
    /// # Errors
    ///
    /// A message that names the forms, for any other text.
    pub fn parse(text: &str) -> Result<Self, String> {
        named(text, "form", &Self::ALL)
    }
}

fn named<T: Copy>(text: &str, what: &str, all: &[(&str, T)]) -> Result<T, String> {
    if let Some((_, value)) = all.iter().find(|(name, _)| *name == text) {
        return Ok(*value);
    }
    let names = || all.iter().map(|(name, _)| *name);
    let meant = crate::nearest(text, names());
    let proposal = meant.map_or(String::new(), |meant| format!(": did you mean `{meant}`?"));
    let shown = crate::spelling::quoted(text);
    Err(format!(
        "unknown {what} `{shown}`{proposal} (write {})",
        crate::one_of(names())
    ))
}

/// `[log]`: how the log is written. What is `None` was not written.
///
/// ```
/// use monitor_config::{Config, LogMode};
///
/// let config = Config::parse("[log]\nmode = \"batched\"\nrotate_at = \"100 MiB\"").expect("the file has no mistake");
/// assert_eq!(config.log.mode, Some(LogMode::Batched));
/// assert_eq!(config.log.rotate_at, Some(100 * 1024 * 1024));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// When a line is in the kernel.
    pub mode: Option<LogMode>,
    /// How often the disk has to take what was written.
    pub sync_every: Option<Duration>,
    /// The size in bytes at which the log goes on in a new file.
    pub rotate_at: Option<u64>,
    /// How many full files are kept.
    pub keep: Option<u64>,
    /// How long a line may be, in bytes.
    pub longest_line: Option<u64>,
    /// What the console shows.
    pub console: Option<LogConsole>,
    /// Which of the application's events reach the log, in the form of `RUST_LOG`, which comes first.
    pub filter: Option<String>,
}
