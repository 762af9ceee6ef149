//! How alerts are handed to a channel of the program's.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{task, time};
use tracing::dispatcher::{self, Dispatch};

use super::{
    Alert,
    channel::{Attempt, Channel, Failure},
    own::{AlertChannel, AlertMessage, SendError},
    sending,
    text::bounded,
};
use crate::mask::mask;

/// How long one message may take. Whoever needs longer is taken for one that hangs.
const TIMEOUT: Duration = Duration::from_secs(30);
/// As much of a reason as is kept, in bytes.
const REASON_MAX: usize = 500;

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
        Box::pin(async move {
            if let Some(sending) = sending::current() {
                sending.begins();
            }
            self.send(alerts.to_vec()).await
        })
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
#[path = "own_sender_tests.rs"]
mod tests;
