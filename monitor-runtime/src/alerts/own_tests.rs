use std::sync::{Mutex, mpsc};

use serde_json::json;
use tokio::runtime;

use super::*;

type Script = Box<dyn Fn(&[AlertMessage<'_>]) -> Result<(), SendError> + Send + Sync>;

struct Scripted(Script);

impl AlertChannel for Scripted {
    fn name(&self) -> &str {
        "pager"
    }

    fn most_in_one(&self) -> usize {
        7
    }

    fn send(&self, alerts: &[AlertMessage<'_>]) -> Result<(), SendError> {
        (self.0)(alerts)
    }
}

fn own(
    script: impl Fn(&[AlertMessage<'_>]) -> Result<(), SendError> + Send + Sync + 'static,
) -> Own {
    Own::new("pager".into(), Arc::new(Scripted(Box::new(script))))
}

fn deliver(own: &Own) -> Result<(), Failure> {
    let details = json!({"stage": "NBA-17"});
    let alert = Alert::new("0197-1".into(), Severity::Critical, "failed\r\n", details);
    let alerts = [Arc::new(alert)];
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let result = runtime.block_on(own.deliver(&alerts));
    runtime.shutdown_background();
    result
}

#[test]
fn it_is_given_the_alerts_and_judges_them() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let own = own({
        let seen = Arc::clone(&seen);
        move |alerts| {
            let mut seen = seen.lock().unwrap();
            for alert in alerts {
                assert!(!alert.is_late() && !alert.is_resolved());
                assert_eq!(alert.details()["stage"], "NBA-17");
                seen.push(alert.title());
                seen.push(alert.text());
            }
            Ok(())
        }
    });
    assert_eq!((own.name(), own.most_in_one()), ("pager", 7));
    assert_eq!(deliver(&own), Ok(()));
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0], "🚨 ALERT [CRITICAL]: failed  ");
    assert!(
        seen[1].starts_with("failed\n\n\nStage: NBA-17\n"),
        "{seen:?}"
    );
}

#[test]
fn an_error_says_whether_another_attempt_is_worth_it() {
    let wait = Duration::from_secs(3);
    let busy = own(move |_| Err(SendError::retry("busy\u{1b}").after(wait)));
    let expected = Failure::Retry {
        reason: "busy ".into(),
        after: Some(wait),
    };
    assert_eq!(deliver(&busy), Err(expected));
    let gone = own(|_| Err(SendError::permanent("x".repeat(2_000))));
    match deliver(&gone) {
        Err(Failure::Dead { reason }) => assert!(reason.len() < REASON_MAX + 20),
        other => panic!("{other:?}"),
    }
    let broken = own(|_| Err(std::io::Error::other("a broken pipe").into()));
    assert_eq!(deliver(&broken), Err(retry("a broken pipe".into())));
}

#[test]
fn a_panic_costs_one_message() {
    let own = own(|_| panic!("k33p-me-out"));
    for _ in 0..2 {
        let expected = Failure::Dead {
            reason: "the channel's code panicked".into(),
        };
        assert_eq!(deliver(&own), Err(expected));
    }
}

#[test]
fn what_hangs_is_given_up_and_holds_one_thread_only() {
    let (entered, entries) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (entered, released) = (Mutex::new(entered), Mutex::new(released));
    let mut own = own(move |_| {
        entered.lock().unwrap().send(()).unwrap();
        let _ = released.lock().unwrap().recv();
        Ok(())
    });
    own.timeout = Duration::from_millis(50);
    assert_eq!(deliver(&own), Err(retry("it took longer than 0 s".into())));
    let busy = retry("an earlier message is still being sent".into());
    assert_eq!(deliver(&own), Err(busy.clone()));
    assert_eq!(entries.try_iter().count(), 1);
    own.timeout = Duration::from_secs(20);
    drop(release);
    while deliver(&own) == Err(busy.clone()) {
        std::thread::yield_now();
    }
    assert_eq!(entries.try_iter().count(), 1);
}
