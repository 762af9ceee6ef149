use serde_json::Value;

use super::*;

const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(1),
    cap: Duration::from_secs(60),
};

fn alert(severity: Severity, id: &str) -> Arc<Alert> {
    Arc::new(Alert {
        id: id.to_owned(),
        severity,
        message: "Pipeline failed".to_owned(),
        fingerprint: id.to_owned(),
        details: Value::Null,
        raised_at: std::time::SystemTime::now(),
        ..Alert::new(String::new(), Severity::Info, "", Value::Null)
    })
}

fn take(ledger: &Ledger, now: Instant) -> Option<(Key, String)> {
    match ledger.next(0, 1, now) {
        Next::Attempt(keys, alerts) => Some((keys[0], alerts[0].id.clone())),
        _ => None,
    }
}

#[test]
fn critical_alerts_overtake_and_a_failed_one_holds_nobody_up() {
    let ledger = Ledger::new(["slack"]);
    for (severity, id) in [
        (Severity::Warning, "w1"),
        (Severity::Critical, "c1"),
        (Severity::Critical, "c2"),
    ] {
        assert!(ledger.add(&alert(severity, id), |_| true));
    }
    let now = Instant::now();
    let mut order = Vec::new();
    while let Some((key, id)) = take(&ledger, now) {
        let result = if id == "c1" {
            Err(Failure::Retry {
                reason: "busy".into(),
                after: None,
            })
        } else {
            Ok(())
        };
        ledger.settle(0, &[key], &result, BACKOFF);
        ledger.observed();
        order.push(id);
    }
    assert_eq!(order, ["c1", "c2", "w1"]);
    assert!(matches!(ledger.next(0, 1, now), Next::WaitUntil(at) if at > now));
    let (_, id) = take(&ledger, now + Duration::from_secs(2)).unwrap();
    assert_eq!(id, "c1");
    let report = ledger.close(Duration::ZERO, Duration::ZERO);
    assert_eq!((report.delivered, report.pending.len()), (2, 1));
    assert_eq!(report.pending[0].reason, "busy");
}

#[test]
fn a_wait_that_the_server_asks_for_pauses_the_channel_within_reason() {
    let ledger = Ledger::new(["slack"]);
    ledger.add(&alert(Severity::Critical, "a"), |_| true);
    ledger.add(&alert(Severity::Critical, "b"), |_| true);
    let (key, _) = take(&ledger, Instant::now()).unwrap();
    let failure = Failure::Retry {
        reason: "429".into(),
        after: Some(Duration::MAX),
    };
    ledger.settle(0, &[key], &Err(failure), BACKOFF);
    let now = Instant::now();
    let Next::WaitUntil(until) = ledger.next(0, 1, now) else {
        panic!("the channel is not paused");
    };
    assert!(until <= now + LONGEST_PAUSE);
    assert!(take(&ledger, until).is_some());
}

#[test]
fn a_full_channel_still_takes_critical_alerts() {
    let ledger = Ledger::new(["slack", "email"]);
    let warning = alert(Severity::Warning, "w");
    let mut taken = 0;
    while ledger.add(&warning, |name| name == "slack") {
        taken += 1;
    }
    assert_eq!(taken, CAPACITY - CRITICAL_RESERVE);
    assert!(!ledger.add(&warning, |_| true));
    assert!(ledger.add(&alert(Severity::Critical, "c"), |_| true));
}

#[test]
fn a_closed_ledger_takes_nothing_and_tells_nothing() {
    let ledger = Ledger::new(["slack"]);
    let alert = alert(Severity::Info, "i");
    ledger.add(&alert, |_| true);
    let (key, _) = take(&ledger, Instant::now()).unwrap();
    let report = ledger.close(Duration::ZERO, Duration::ZERO);
    assert_eq!(report.pending.len(), 1);
    assert!(ledger.settle(0, &[key], &Ok(()), BACKOFF).is_empty());
    assert!(!ledger.add(&alert, |_| true));
}

#[test]
fn what_is_told_of_one_trouble_is_told_in_its_order() {
    let ledger = Ledger::new(["slack"]);
    let of = |trouble: &str, severity, id: &str| {
        let mut alert = (*alert(severity, id)).clone();
        alert.fingerprint = trouble.to_owned();
        assert!(ledger.add(&Arc::new(alert), |_| true));
    };
    of("a", Severity::Warning, "a1");
    of("a", Severity::Critical, "a2");
    of("b", Severity::Warning, "b1");
    // What is more urgent does not overtake what it follows on, also where that waits.
    let now = Instant::now();
    let Next::Attempt(keys, alerts) = ledger.next(0, 1, now) else {
        panic!("an attempt");
    };
    assert_eq!(alerts[0].id, "a1");
    let busy = Err(Failure::Retry {
        reason: "busy".to_owned(),
        after: None,
    });
    ledger.settle(0, &keys, &busy, BACKOFF);
    assert_eq!(take(&ledger, now).map(|(_, id)| id).as_deref(), Some("b1"));
    // In one message they may stand together.
    let later = now + Duration::from_secs(3600);
    let Next::Attempt(_, alerts) = ledger.next(0, 10, later) else {
        panic!("an attempt");
    };
    let ids: Vec<_> = alerts.iter().map(|alert| alert.id.as_str()).collect();
    assert_eq!(ids, ["a1", "b1"]);
}
