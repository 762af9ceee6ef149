//! The error of an attempt that was cut off.

use std::error::Error;
use std::fmt::{self, Display};
use std::io;
use std::time::Duration;

use monitor_config::duration::display;

/// An attempt was cut off, by its `attempt_timeout` or by the `deadline` of the whole call.
///
/// An async function with one of the two returns it as its own error type, which has to
/// say how: by `From<TimedOut>`. `Box<dyn Error>`, `anyhow::Error` and [`std::io::Error`]
/// do, and so does an enum of `thiserror` with `#[from]`.
///
/// ```
/// use monitor_runtime::{TimedOut, retry};
///
/// #[derive(Debug)]
/// enum ApiError {
///     Status(u16),
///     Slow(TimedOut),
/// }
///
/// impl From<TimedOut> for ApiError {
///     fn from(error: TimedOut) -> Self {
///         Self::Slow(error)
///     }
/// }
///
/// #[retry(max = 3, delay = 2, attempt_timeout = 5, deadline = 30)]
/// async fn fetch(id: u32) -> Result<String, ApiError> {
///     if id == 0 { Err(ApiError::Status(404)) } else { Ok(format!("player {id}")) }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimedOut {
    pub(super) limit: Duration,
    pub(super) whole_call: bool,
}

impl TimedOut {
    /// The limit that was crossed.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// Whether it was the `deadline` of the whole call, and not the `attempt_timeout`.
    #[must_use]
    pub fn is_deadline(&self) -> bool {
        self.whole_call
    }
}

impl Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.whole_call {
            "the call, with its retries,"
        } else {
            "the attempt"
        };
        write!(f, "{what} took longer than {}", display(self.limit))
    }
}

impl Error for TimedOut {}

/// As an error of the kind [`io::ErrorKind::TimedOut`].
impl From<TimedOut> for io::Error {
    fn from(error: TimedOut) -> Self {
        Self::new(io::ErrorKind::TimedOut, error)
    }
}

/// As its text.
impl From<TimedOut> for String {
    fn from(error: TimedOut) -> Self {
        error.to_string()
    }
}
