//! One alert to each channel that is on, to see whether it arrives.

use super::{Alert, Settings};

/// What became of a test alert at one channel.
///
/// ```
/// for delivery in monitor_runtime::send_test_alert() {
///     match delivery.result {
///         Ok(()) => println!("{}: delivered", delivery.channel),
///         Err(reason) => println!("{}: {reason}", delivery.channel),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TestDelivery {
    /// The channel's name.
    pub channel: String,
    /// Why the other side did not accept it. There was one attempt.
    pub result: Result<(), String>,
}

#[cfg(not(feature = "__worker"))]
pub(crate) fn send_to_each(_: &Settings, _: &Alert) -> Vec<TestDelivery> {
    Vec::new()
}

#[cfg(feature = "__worker")]
pub(crate) use worker::send_to_each;

#[cfg(feature = "__worker")]
mod worker {
    use std::{io, sync::Arc, thread, time::Duration};

    use tokio::{runtime, task, time};
    use tracing::dispatcher::{self, Dispatch};

    use super::{Alert, Settings, TestDelivery};
    use crate::alerts::channel::{Channel, Failure, channels};

    /// Longer than the limit of any channel.
    const LIMIT: Duration = Duration::from_secs(40);

    /// Sends with connections of its own and waits for the answers, whatever the worker is
    /// doing: works in any thread, in an asynchronous one it blocks.
    pub(crate) fn send_to_each(settings: &Settings, alert: &Alert) -> Vec<TestDelivery> {
        let channels = match channels(settings) {
            Ok(channels) => channels,
            Err(errors) => {
                let failed = |error: &dyn ToString| TestDelivery {
                    channel: "all".to_owned(),
                    result: Err(error.to_string()),
                };
                return errors.iter().map(|error| failed(error)).collect();
            }
        };
        let names: Vec<String> = channels.iter().map(|one| one.name().to_owned()).collect();
        let results = thread::scope(|scope| {
            let sending = thread::Builder::new()
                .name("monitor-alert-test".to_owned())
                .spawn_scoped(scope, || {
                    dispatcher::with_default(&Dispatch::none(), || send(channels, alert))
                });
            match sending.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(Ok(results))) => Ok(results),
                Ok(Ok(Err(error))) | Err(error) => Err(error.to_string()),
                Ok(Err(_)) => Err("the thread for it panicked".to_owned()),
            }
        });
        let results = results.unwrap_or_else(|error| vec![Err(error); names.len()]);
        let both = names.into_iter().zip(results);
        both.map(|(channel, result)| TestDelivery { channel, result })
            .collect()
    }

    fn send(channels: Vec<Arc<dyn Channel>>, alert: &Alert) -> io::Result<Vec<Result<(), String>>> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let results = runtime.block_on(async {
            let attempts: Vec<_> = channels
                .into_iter()
                .map(|channel| {
                    let alerts = [Arc::new(alert.clone())];
                    task::spawn(async move { time::timeout(LIMIT, channel.deliver(&alerts)).await })
                })
                .collect();
            let mut results = Vec::new();
            for attempt in attempts {
                results.push(match attempt.await {
                    Ok(Ok(Ok(()))) => Ok(()),
                    Ok(Ok(Err(Failure::Retry { reason, .. } | Failure::Dead { reason }))) => {
                        Err(reason)
                    }
                    Ok(Err(_)) => Err(format!("no answer within {} s", LIMIT.as_secs())),
                    Err(_) => Err("the channel's code panicked".to_owned()),
                });
            }
            results
        });
        // Not by dropping: that would wait for a name lookup that hangs.
        runtime.shutdown_background();
        Ok(results)
    }
}
