//! The thread that delivers alerts.

use std::{
    io,
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use tokio::{runtime, sync::Notify, task, time};
use tracing::dispatcher::{self, Dispatch};

use super::{
    Alert,
    backoff::Backoff,
    channel::{Channel, Failure},
    delivery::{Delivery, Outcome, Report},
    ledger::{Ended, Ledger, Next},
    outbox::{Outbox, What},
    pace::Pacer,
    routes::Routes,
    sending::Sending,
    told_elsewhere::ToldElsewhere,
};

const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(1),
    cap: Duration::from_secs(60),
};

/// Told of every end state, on the worker's thread and under no `tracing`
/// subscriber: what it wants to log it has to write itself. It must not panic,
/// and while it runs nothing is delivered.
pub(crate) type Observer = Arc<dyn Fn(Delivery<'_>) + Send + Sync>;

/// One thread with a runtime of its own, so that alerts leave whatever the
/// program's own threads and runtimes are doing. Each channel has its own task
/// there: one that hangs holds up no other.
///
/// Dropping it stops it at once; [`Worker::finish`] waits for what is open.
#[derive(Debug)]
pub(crate) struct Worker {
    ledger: Arc<Ledger>,
    channels: Vec<String>,
    routes: Routes,
    stop: Arc<Notify>,
}

impl Worker {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// When the system gives no thread, or the thread no runtime.
    pub(crate) fn start(
        channels: Vec<Arc<dyn Channel>>,
        routes: Routes,
        outbox: Option<Arc<Outbox>>,
        observer: Observer,
    ) -> io::Result<Self> {
        Self::start_with(channels, routes, outbox, observer, BACKOFF)
    }

    fn start_with(
        channels: Vec<Arc<dyn Channel>>,
        routes: Routes,
        outbox: Option<Arc<Outbox>>,
        observer: Observer,
        backoff: Backoff,
    ) -> io::Result<Self> {
        let ledger = Arc::new(Ledger::new(channels.iter().map(|channel| channel.name())));
        let stop = Arc::new(Notify::new());
        let names: Vec<String> = channels
            .iter()
            .map(|channel| channel.name().to_owned())
            .collect();
        let worker = Self {
            ledger: Arc::clone(&ledger),
            channels: names.clone(),
            routes,
            stop: Arc::clone(&stop),
        };
        // The runtime is made on its own thread, because dropping one inside
        // another runtime, where `start` may well be called, is not allowed.
        let (ready, started) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("monitor-alerts".to_owned())
            .spawn(move || {
                let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
                    Ok(runtime) => runtime,
                    Err(error) => return drop(ready.send(Err(error))),
                };
                drop(ready.send(Ok(())));
                // Below this nothing is logged: at a fine level mail libraries write
                // down their commands, passwords included. `none` rather than a
                // subscriber that refuses everything, because that one would be
                // asked about each event of every other thread, too.
                dispatcher::with_default(&Dispatch::none(), || {
                    runtime.block_on(async {
                        for (lane, channel) in channels.into_iter().enumerate() {
                            let mut others = names.clone();
                            others.remove(lane);
                            let lane = LaneTask {
                                ledger: Arc::clone(&ledger),
                                lane,
                                channel,
                                others,
                                told_elsewhere: ToldElsewhere::default(),
                                outbox: outbox.clone(),
                                observer: Arc::clone(&observer),
                                backoff,
                            };
                            task::spawn(lane.run());
                        }
                        stop.notified().await;
                    });
                    // Not by dropping: that would wait for a name lookup that hangs.
                    runtime.shutdown_background();
                });
            })?;
        started.recv().map_err(io::Error::other)??;
        Ok(worker)
    }

    /// The names of the channels that are on.
    pub(crate) fn channels(&self) -> Vec<&str> {
        self.channels.iter().map(String::as_str).collect()
    }

    /// Those of them that an alert is for.
    pub(crate) fn route_of(&self, alert: &Alert) -> Vec<&str> {
        let route = self.routes.of(alert.severity);
        let is_wanted = |channel: &&str| match alert.channels.as_slice() {
            [] => route.iter().any(|wanted| wanted.as_str() == *channel),
            own => own.iter().any(|wanted| wanted == channel),
        };
        self.channels().into_iter().filter(is_wanted).collect()
    }

    /// Hands an alert over, for delivery to every channel on its route. Takes a
    /// short lock and never waits for a delivery. Says whether each of these
    /// channels took it: a full one does not, and none does after the end.
    pub(crate) fn raise(&self, alert: Alert) -> bool {
        let route = self.route_of(&alert);
        let alert = Arc::new(alert);
        self.ledger.add(&alert, |channel| route.contains(&channel))
    }

    /// What is open, for whoever waits for it without keeping the worker.
    pub(crate) fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger)
    }

    /// Waits until everything is delivered or given up, for critical alerts and
    /// for others no longer than the time given for each, and stops. Works in
    /// any thread; in an asynchronous one it blocks.
    pub(crate) fn finish(self, critical_wait: Duration, other_wait: Duration) -> Report {
        self.ledger.close(critical_wait, other_wait)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // After `finish` this finds nothing left to close.
        self.ledger.close(Duration::ZERO, Duration::ZERO);
        self.stop.notify_one();
    }
}

/// One channel's deliveries, one after the other.
struct LaneTask {
    ledger: Arc<Ledger>,
    lane: usize,
    channel: Arc<dyn Channel>,
    others: Vec<String>,
    told_elsewhere: ToldElsewhere,
    outbox: Option<Arc<Outbox>>,
    observer: Observer,
    backoff: Backoff,
}

impl LaneTask {
    async fn run(self) {
        let mut pacer = self
            .channel
            .pace()
            .map(|pace| Pacer::new(pace, Instant::now()));
        loop {
            let now = Instant::now();
            let most = self.channel.most_in_one();
            let (keys, alerts) = match self.ledger.next(self.lane, most, now) {
                Next::Attempt(keys, alerts) => (keys, alerts),
                Next::WaitUntil(at) => {
                    // Whichever comes first, the ledger knows what to do next.
                    let woken = self.ledger.woken(self.lane);
                    let _ = time::timeout_at(at.into(), woken).await;
                    continue;
                }
                Next::Idle => {
                    self.ledger.woken(self.lane).await;
                    continue;
                }
            };
            if let Some(pacer) = &mut pacer {
                let wait = pacer.wait(now);
                if !wait.is_zero() {
                    time::sleep(wait).await;
                    // Something more urgent may have come meanwhile.
                    continue;
                }
                pacer.spend(now);
            }
            let attempts = self.ledger.attempts(self.lane, &keys);
            let counted = alerts.iter().zip(&attempts);
            let counted = counted.map(|(alert, attempts)| (&**alert, attempts + 1));
            let counted: Vec<(&Alert, u32)> = counted.collect();
            let result = self.attempt(alerts.clone(), &attempts).await;
            // First of all: what is delivered and not noted is delivered again.
            self.note(
                match &result {
                    Ok(()) => What::Delivered,
                    Err(Failure::Retry { reason, .. }) => What::Attempted(reason),
                    Err(Failure::Dead { reason }) => What::Dead(reason),
                },
                &counted,
            );
            for ended in self.ledger.settle(self.lane, &keys, &result, self.backoff) {
                self.tell_elsewhere(&ended);
                self.tell(&ended);
                self.ledger.observed();
            }
        }
    }

    /// In a task of its own, so that a panic costs one alert and not the channel.
    async fn attempt(&self, alerts: Vec<Arc<Alert>>, attempts: &[u32]) -> Result<(), Failure> {
        let channel = Arc::clone(&self.channel);
        let sending = self.sending(&alerts, attempts);
        let attempt = task::spawn(sending.during(async move { channel.deliver(&alerts).await }));
        attempt.await.unwrap_or_else(|_| {
            Err(Failure::Dead {
                reason: "the channel's code panicked".to_owned(),
            })
        })
    }

    /// Notes the moment from which on these alerts may arrive.
    fn sending(&self, alerts: &[Arc<Alert>], attempts: &[u32]) -> Sending {
        let counted = alerts.iter().cloned().zip(attempts.iter().copied());
        let counted: Vec<(Arc<Alert>, u32)> = counted.collect();
        let (outbox, channel) = (self.outbox.clone(), Arc::clone(&self.channel));
        Sending::new(move || {
            if let Some(outbox) = &outbox {
                let counted = counted.iter();
                let counted = counted.map(|(alert, attempts)| (&**alert, attempts + 1));
                let counted: Vec<(&Alert, u32)> = counted.collect();
                outbox.at_channel(What::Sending, &counted, channel.name());
            }
        })
    }

    fn note(&self, what: What<'_>, alerts: &[(&Alert, u32)]) {
        if let Some(outbox) = &self.outbox {
            outbox.at_channel(what, alerts, self.channel.name());
        }
    }

    fn tell_elsewhere(&self, ended: &Ended) {
        let (name, others) = (self.channel.name(), &self.others);
        let Some(alert) = self.told_elsewhere.alert(name, others, ended) else {
            return;
        };
        if let Some(outbox) = &self.outbox {
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            outbox.raised(&alert, &others);
        }
        let alert = Arc::new(alert);
        self.ledger.add_late(&alert, |channel| channel != name);
    }

    fn tell(&self, ended: &Ended) {
        (self.observer)(Delivery {
            alert: &ended.alert,
            channel: self.channel.name(),
            attempts: ended.attempts,
            outcome: match &ended.dead {
                None => Outcome::Delivered,
                Some(reason) => Outcome::Dead(reason),
            },
        });
    }
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
