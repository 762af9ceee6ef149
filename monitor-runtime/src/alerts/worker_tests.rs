use std::{
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::SystemTime,
};

use monitor_config::Alerts;
use serde_json::Value;

use super::{
    super::{Severity, channel::Attempt, pace::Pace},
    *,
};

const QUICK: Backoff = Backoff {
    first: Duration::from_millis(2),
    cap: Duration::from_millis(10),
};
/// A limit that is only met when something is broken.
const LONG: Duration = Duration::from_secs(20);

type Script = Box<dyn Fn(u32) -> Result<(), Failure> + Send + Sync>;

/// Answers attempt n as its script says; without a script it hangs.
struct Scripted {
    name: &'static str,
    script: Option<Script>,
    attempts: AtomicU32,
    pace: Option<Pace>,
}

impl Scripted {
    fn new(name: &'static str, script: Script) -> Self {
        Self {
            name,
            script: Some(script),
            attempts: AtomicU32::new(0),
            pace: None,
        }
    }

    fn hanging(name: &'static str) -> Self {
        let mut channel = Self::new(name, Box::new(|_| Ok(())));
        channel.script = None;
        channel
    }
}

impl Channel for Scripted {
    fn name(&self) -> &str {
        self.name
    }

    fn pace(&self) -> Option<Pace> {
        self.pace
    }

    fn deliver<'a>(&'a self, _: &'a [Arc<Alert>]) -> Attempt<'a> {
        let attempt = self.attempts.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move {
            match &self.script {
                Some(script) => script(attempt),
                None => std::future::pending().await,
            }
        })
    }
}

fn alert(severity: Severity) -> Alert {
    Alert {
        id: "1".into(),
        severity,
        message: "Pipeline failed".into(),
        details: Value::Null,
        raised_at: SystemTime::now(),
        ..Alert::new(String::new(), Severity::Info, "", Value::Null)
    }
}

fn retry(reason: &str) -> Result<(), Failure> {
    Err(Failure::Retry {
        reason: reason.into(),
        after: None,
    })
}

type Seen = Arc<Mutex<Vec<String>>>;

fn start(channels: Vec<Scripted>) -> (Worker, Seen) {
    let seen = Seen::default();
    let observer: Observer = {
        let seen = Arc::clone(&seen);
        Arc::new(move |delivery| {
            let Delivery {
                channel,
                attempts,
                outcome,
                ..
            } = delivery;
            let line = format!("{channel} {attempts} {outcome:?}");
            seen.lock().unwrap().push(line);
        })
    };
    let channels = channels
        .into_iter()
        .map(|channel| Arc::new(channel) as Arc<dyn Channel>)
        .collect();
    let routes = Routes::new(&Alerts::default(), |_| true);
    let worker = Worker::start_with(channels, routes, None, observer, QUICK).unwrap();
    (worker, seen)
}

#[test]
fn an_alert_goes_to_the_channels_of_its_route_and_is_retried() {
    let busy = Scripted::new(
        "slack",
        Box::new(|attempt| if attempt < 4 { retry("busy") } else { Ok(()) }),
    );
    let (worker, seen) = start(vec![Scripted::new("email", Box::new(|_| Ok(()))), busy]);
    assert!(worker.raise(alert(Severity::Warning)));
    assert!(worker.raise(alert(Severity::Info)));
    let report = worker.finish(LONG, LONG);
    assert_eq!((report.delivered, report.pending.len()), (1, 0));
    assert_eq!(*seen.lock().unwrap(), ["slack 4 Delivered"]);
}

#[test]
fn a_channel_that_hangs_or_panics_does_not_concern_the_other() {
    let script: Script = Box::new(|attempt| match attempt {
        1 => panic!("a mistake in the channel"),
        2 => Err(Failure::Dead {
            reason: "no_service".into(),
        }),
        _ => Ok(()),
    });
    let (worker, seen) = start(vec![
        Scripted::hanging("email"),
        Scripted::new("slack", script),
    ]);
    for _ in 0..3 {
        assert!(worker.raise(alert(Severity::Critical)));
    }
    while seen.lock().unwrap().len() < 3 {
        thread::yield_now();
    }
    let start = Instant::now();
    let report = worker.finish(Duration::from_millis(300), Duration::ZERO);
    let took = start.elapsed();
    assert!(
        took >= Duration::from_millis(300) && took < LONG,
        "{took:?}"
    );
    assert_eq!(report.delivered, 1);
    assert_eq!(report.dead.len(), 2);
    // The three alerts, and that Slack gave up two of them.
    assert_eq!(report.pending.len(), 5);
    assert!(report.pending.iter().all(|one| &*one.channel == "email"));
    assert_eq!(
        *seen.lock().unwrap(),
        [
            "slack 1 Dead(\"the channel's code panicked\")",
            "slack 1 Dead(\"no_service\")",
            "slack 1 Delivered"
        ]
    );
}

#[test]
fn the_wait_is_for_critical_alerts_and_shorter_for_others() {
    let (worker, _) = start(vec![Scripted::hanging("slack")]);
    worker.raise(alert(Severity::Warning));
    let start = Instant::now();
    let report = worker.finish(LONG, Duration::from_millis(50));
    assert!(start.elapsed() < LONG / 2);
    assert_eq!(report.pending.len(), 1);
    assert_eq!(report.pending[0].reason, "no attempt has ended yet");
}

#[test]
fn a_drop_does_not_wait() {
    let (worker, _) = start(vec![Scripted::hanging("slack")]);
    worker.raise(alert(Severity::Critical));
    let start = Instant::now();
    drop(worker);
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_pace_is_kept() {
    let mut channel = Scripted::new("slack", Box::new(|_| Ok(())));
    channel.pace = Some(Pace {
        every: Duration::from_millis(40),
        burst: 2,
    });
    let (worker, _) = start(vec![channel]);
    let start = Instant::now();
    for _ in 0..6 {
        worker.raise(alert(Severity::Warning));
    }
    let report = worker.finish(LONG, LONG);
    assert_eq!(report.delivered, 6);
    assert!(start.elapsed() >= Duration::from_millis(160));
}

#[test]
fn it_starts_raises_and_finishes_inside_a_runtime() {
    let runtime = runtime::Builder::new_current_thread().build().unwrap();
    let report = runtime.block_on(async {
        let (worker, _) = start(vec![Scripted::new("slack", Box::new(|_| Ok(())))]);
        assert!(worker.raise(alert(Severity::Warning)));
        worker.finish(LONG, LONG)
    });
    assert_eq!(report.delivered, 1);
}

#[test]
fn raising_is_cheap() {
    let (worker, _) = start(vec![Scripted::hanging("slack"), Scripted::hanging("email")]);
    let mut times: Vec<Duration> = (0..1_000)
        .map(|_| {
            let alert = alert(Severity::Critical);
            let start = Instant::now();
            assert!(worker.raise(alert));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    assert!(times[500] < Duration::from_micros(50), "{:?}", times[500]);
}
