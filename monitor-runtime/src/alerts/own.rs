//! Channels that a program brings along.

use std::{
    error::Error,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use monitor_config::Severity;
use serde_json::Value;
use tokio::{task, time};
use tracing::dispatcher::{self, Dispatch};

use super::{
    Alert,
    channel::{Attempt, Channel, Failure},
    text::{bounded, plain_text, title},
};
use crate::mask::mask;

/// How long one message may take. Whoever needs longer is taken for one that hangs.
const TIMEOUT: Duration = Duration::from_secs(30);
/// As much of a reason as is kept, in bytes.
const REASON_MAX: usize = 500;

/// A channel of your own for alerts: a pager, a ticket system, a text message.
///
/// It is registered with [`Builder::alert_channel`](crate::Builder::alert_channel), and a route in
/// monitor.toml leads to it by its name. Sending takes place on a thread of the monitor that
/// may block, under no `tracing` subscriber; the next message waits until it has ended. What is
/// not done after 30 seconds counts as failed. A panic costs the alerts of that message and not
/// the channel.
///
/// ```
/// use monitor_runtime::{AlertChannel, AlertMessage, Monitor, SendError};
///
/// struct Pager;
///
/// impl AlertChannel for Pager {
///     fn name(&self) -> &str {
///         "pager"
///     }
///
///     fn send(&self, alerts: &[AlertMessage<'_>]) -> Result<(), SendError> {
///         for alert in alerts {
///             page(&alert.title(), &alert.text())?; // an `io::Error` is worth another attempt
///         }
///         Ok(())
///     }
/// }
/// # fn page(_: &str, _: &str) -> std::io::Result<()> { Ok(()) }
///
/// # let folder = std::env::temp_dir().join(format!("monitor-pager-{}", std::process::id()));
/// # let builder = Monitor::builder().logs(&folder).console(std::io::sink());
/// let monitor = builder.alert_channel(Pager).install()?;
/// # monitor.finish();
/// # std::fs::remove_dir_all(folder).ok();
/// # Ok::<(), monitor_runtime::StartError>(())
/// ```
pub trait AlertChannel: Send + Sync + 'static {
    /// The name in routes and log lines: up to 32 letters, digits, `-` and `_`. It is asked for
    /// once.
    fn name(&self) -> &str;

    /// How many alerts that wait one message may tell of: 1 unless said otherwise.
    fn most_in_one(&self) -> usize {
        1
    }

    /// Tells of these alerts: of one, or of up to [`most_in_one`](AlertChannel::most_in_one) that
    /// have waited. It must not raise alerts itself: they would come back to it.
    ///
    /// # Errors
    ///
    /// Why it was not possible, and whether it is worth another attempt. All of the alerts are
    /// given again then.
    fn send(&self, alerts: &[AlertMessage<'_>]) -> Result<(), SendError>;
}

/// An alert as a channel is given it.
///
/// ```
/// use monitor_runtime::{AlertMessage, Severity};
///
/// fn subject(alert: &AlertMessage<'_>) -> String {
///     let loud = alert.severity() == Severity::Critical && !alert.is_resolved();
///     format!("{}{}", if loud { "!! " } else { "" }, alert.message())
/// }
/// # let _ = subject;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AlertMessage<'a> {
    alert: &'a Alert,
}

impl<'a> AlertMessage<'a> {
    pub(super) fn of(alert: &'a Alert) -> Self {
        Self { alert }
    }

    /// Unique among all runs, and the same for each attempt.
    #[must_use]
    pub fn id(&self) -> &'a str {
        &self.alert.id
    }

    /// What decided the route.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.alert.severity
    }

    /// One sentence, from data: it may hold any character.
    #[must_use]
    pub fn message(&self) -> &'a str {
        &self.alert.message
    }

    /// What helps to act on it: an object with keys such as `stage`, `error` and `command`, or what
    /// was given to [`send_alert`](crate::send_alert).
    #[must_use]
    pub fn details(&self) -> &'a Value {
        &self.alert.details
    }

    /// When it was raised, which may be well before it is delivered.
    #[must_use]
    pub fn raised_at(&self) -> SystemTime {
        self.alert.raised_at
    }

    /// The same for what is the same trouble: a recovery has that of its failure.
    #[must_use]
    pub fn fingerprint(&self) -> &'a str {
        &self.alert.fingerprint
    }

    /// Whether it tells that the trouble is over.
    #[must_use]
    pub fn is_resolved(&self) -> bool {
        self.alert.resolved
    }

    /// Whether an earlier run raised it and did not deliver it.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.alert.late
    }

    /// `🚨 ALERT [CRITICAL]: Pipeline failed`, on one line and without control characters.
    #[must_use]
    pub fn title(&self) -> String {
        title(self.alert)
    }

    /// All that is known, as the text of a mail has it, without control characters, at most
    /// about 300 KiB.
    #[must_use]
    pub fn text(&self) -> String {
        plain_text(self.alert)
    }
}

/// Why a channel could not send. The reason goes into the log: it must not hold a secret.
///
/// ```
/// use monitor_runtime::SendError;
/// use std::time::Duration;
///
/// let busy = SendError::retry("the pager is busy").after(Duration::from_secs(10));
/// let gone = SendError::permanent("the pager does not know this number");
/// assert_eq!(gone.to_string(), "the pager does not know this number");
/// # let _ = busy;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendError {
    reason: String,
    permanent: bool,
    after: Option<Duration>,
}

impl SendError {
    /// Worth another attempt.
    #[must_use]
    pub fn retry(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            permanent: false,
            after: None,
        }
    }

    /// The same alert would be refused again.
    #[must_use]
    pub fn permanent(reason: impl Into<String>) -> Self {
        Self {
            permanent: true,
            ..Self::retry(reason)
        }
    }

    /// No message before so much time has passed, at most an hour.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.after = Some(wait);
        self
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Error for SendError {}

/// Worth another attempt.
impl From<std::io::Error> for SendError {
    fn from(error: std::io::Error) -> Self {
        Self::retry(error.to_string())
    }
}

/// One of the program's channels, as the worker sees it.
pub(super) struct Own {
    name: String,
    channel: Arc<dyn AlertChannel>,
    timeout: Duration,
    /// A message that was given up may still be under way.
    busy: Arc<AtomicBool>,
}

impl Own {
    pub(super) fn new(name: String, channel: Arc<dyn AlertChannel>) -> Self {
        Self {
            name,
            channel,
            timeout: TIMEOUT,
            busy: Arc::default(),
        }
    }

    async fn send(&self, alerts: Vec<Arc<Alert>>) -> Result<(), Failure> {
        // Else each attempt would leave another thread behind that hangs.
        if self.busy.swap(true, Ordering::SeqCst) {
            return Err(retry("an earlier message is still being sent".to_owned()));
        }
        let (channel, busy) = (Arc::clone(&self.channel), Arc::clone(&self.busy));
        let sending = task::spawn_blocking(move || {
            let messages: Vec<_> = alerts.iter().map(|alert| AlertMessage::of(alert)).collect();
            // Its libraries may log what they send, like those of the built-in channels.
            let sent = dispatcher::with_default(&Dispatch::none(), || {
                catch_unwind(AssertUnwindSafe(|| channel.send(&messages)))
            });
            busy.store(false, Ordering::SeqCst);
            sent
        });
        match time::timeout(self.timeout, sending).await {
            Ok(Ok(Ok(sent))) => sent.map_err(failure),
            Ok(Ok(Err(payload))) => {
                // Its drop may panic, too, and what it says may be a secret.
                std::mem::forget(payload);
                Err(Failure::Dead {
                    reason: "the channel's code panicked".to_owned(),
                })
            }
            Ok(Err(_)) => Err(retry("the thread for it could not run".to_owned())),
            Err(_) => {
                let seconds = self.timeout.as_secs();
                Err(retry(format!("it took longer than {seconds} s")))
            }
        }
    }
}

impl Channel for Own {
    fn name(&self) -> &str {
        &self.name
    }

    fn most_in_one(&self) -> usize {
        catch_unwind(AssertUnwindSafe(|| self.channel.most_in_one())).unwrap_or(1)
    }

    fn deliver<'a>(&'a self, alerts: &'a [Arc<Alert>]) -> Attempt<'a> {
        Box::pin(self.send(alerts.to_vec()))
    }
}

fn retry(reason: String) -> Failure {
    Failure::Retry {
        reason,
        after: None,
    }
}

fn failure(error: SendError) -> Failure {
    let reason = bounded(&crate::text::plain(&mask(error.reason)), REASON_MAX);
    if error.permanent {
        Failure::Dead { reason }
    } else {
        Failure::Retry {
            reason,
            after: error.after,
        }
    }
}

#[cfg(test)]
#[path = "own_tests.rs"]
mod tests;
