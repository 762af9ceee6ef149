use super::*;

const SECOND: Duration = Duration::from_secs(1);
const DEFAULT: Budget = Budget {
    ratio: 0.1,
    floor: 10.0,
};

/// How many of `asked` retries are granted at `now`.
fn granted(bucket: &Bucket, asked: u32, now: Duration) -> u32 {
    let granted = (0..asked).filter(|_| bucket.take(now));
    u32::try_from(granted.count()).expect("no more than asked")
}

#[test]
fn a_retry_of_the_first_call_is_granted_up_to_the_floor() {
    let bucket = Bucket::new(DEFAULT, Duration::ZERO);
    bucket.call(Duration::ZERO);
    assert_eq!(granted(&bucket, 20, Duration::ZERO), 10);
    assert_eq!(granted(&bucket, 20, SECOND / 2), 0);
    assert_eq!(granted(&bucket, 30, SECOND * 2), 20);
}

#[test]
fn without_a_floor_every_tenth_call_earns_a_retry() {
    let budget = Budget {
        floor: 0.0,
        ..DEFAULT
    };
    // A call every second, every minute, every day.
    for apart in [1, 60, 86_400] {
        let bucket = Bucket::new(budget, Duration::ZERO);
        let mut granted = 0;
        for call in 0..1_000 {
            let now = SECOND * apart * call;
            bucket.call(now);
            granted += u32::from(bucket.take(now));
        }
        assert!((99..=100).contains(&granted), "{granted} at {apart} s");
    }
}

#[test]
fn the_floor_is_a_least_and_not_an_extra() {
    let bucket = Bucket::new(DEFAULT, Duration::ZERO);
    let mut all = 0;
    for second in 0..60 {
        for _ in 0..1_000 {
            bucket.call(SECOND * second);
            all += granted(&bucket, 1, SECOND * second);
        }
    }
    assert_eq!(all, 6_000);
}

#[test]
fn what_a_burst_earned_is_there_when_its_retries_come_later() {
    let budget = Budget {
        floor: 0.0,
        ..DEFAULT
    };
    let bucket = Bucket::new(budget, Duration::ZERO);
    for _ in 0..1_000 {
        bucket.call(Duration::ZERO);
    }
    assert_eq!(granted(&bucket, 60, SECOND * 4), 60);
    assert_eq!(granted(&bucket, 1_000, SECOND * 9), 40);
}

/// Regression: after an hour without calls, 5,000 of them at once earned one retry.
#[test]
fn what_a_burst_earned_does_not_depend_on_the_pause_before_it() {
    for (pause, floor) in [
        (0, 0.0),
        (60, 0.0),
        (3_600, 0.0),
        (86_400, 0.0),
        (86_400, 10.0),
    ] {
        let budget = Budget { ratio: 0.1, floor };
        let bucket = Bucket::new(budget, Duration::ZERO);
        let now = SECOND * pause;
        for _ in 0..5_000 {
            bucket.call(now);
        }
        // Beside those of the nine seconds before.
        let before = if pause > 0 { 9.0 * floor } else { 0.0 };
        assert_eq!(f64::from(granted(&bucket, 5_000, now)), 500.0 + before);
    }
}

#[test]
fn a_quiet_hour_does_not_pay_for_a_storm() {
    let bucket = Bucket::new(DEFAULT, Duration::ZERO);
    for second in 0..3_600 {
        for _ in 0..1_000 {
            bucket.call(SECOND * second);
        }
    }
    // 1,000 calls a second earn 100 retries a second: those of ten seconds are kept, and
    // one more.
    assert_eq!(granted(&bucket, 100_000, SECOND * 3_599), 1_001);
}

#[test]
fn a_changed_budget_counts_from_then_on() {
    let bucket = Bucket::new(DEFAULT, Duration::ZERO);
    assert_eq!(granted(&bucket, 100, Duration::ZERO), 10);
    bucket.change(Budget {
        ratio: 0.1,
        floor: 50.0,
    });
    // What was granted before is part of the 100 that two seconds earn.
    assert_eq!(granted(&bucket, 200, SECOND), 90);
}

#[test]
fn a_clock_that_goes_back_grants_nothing_more() {
    let bucket = Bucket::new(DEFAULT, SECOND * 100);
    assert_eq!(granted(&bucket, 100, SECOND * 100), 10);
    assert_eq!(granted(&bucket, 100, SECOND), 0);
    bucket.call(SECOND);
    bucket.call(Duration::MAX);
    assert_eq!(granted(&bucket, 5, Duration::MAX), 5);
}

/// What a client does in the outage: each of `max` attempts fails, the next comes after
/// the waits of `delay = 1`.
fn retries_come_after(attempt: u32) -> u32 {
    2_u32.pow(attempt)
}

/// The load on a service that is down, as a multiple of the load without retries: 1,000
/// clients, each with a call a second for five minutes.
fn outage(max: u32, budget: Option<Budget>) -> f64 {
    const CLIENTS: u32 = 1_000;
    const SECONDS: u32 = 300;

    let bucket = budget.map(|budget| Bucket::new(budget, Duration::ZERO));
    let mut due: Vec<Vec<u32>> = vec![Vec::new(); 400];
    let mut attempts = 0_u32;
    for second in 0..SECONDS as usize {
        let again = std::mem::take(&mut due[second]);
        for attempt in (0..CLIENTS).map(|_| 1).chain(again) {
            attempts += 1;
            let now = SECOND * u32::try_from(second).expect("few");
            if let (1, Some(bucket)) = (attempt, &bucket) {
                bucket.call(now);
            }
            let goes_on = attempt < max && bucket.as_ref().is_none_or(|bucket| bucket.take(now));
            if goes_on {
                due[second + retries_come_after(attempt) as usize].push(attempt + 1);
            }
        }
    }
    f64::from(attempts) / f64::from(CLIENTS * SECONDS)
}

#[test]
fn an_outage_adds_a_tenth_to_the_load_with_a_budget_and_triples_it_without() {
    let load = outage(3, Some(DEFAULT));
    assert!(load <= 1.1, "{load}");
    assert!(load > 1.09, "{load}");
    let without = outage(3, None);
    assert!((2.9..=3.0).contains(&without), "{without}");
}

#[test]
fn three_layers_that_retry_each_other_stay_below_one_and_a_half() {
    fn call(layers: &[Bucket], now: Duration, budgets: bool) -> u32 {
        let [layer, inner @ ..] = layers else {
            return 1;
        };
        layer.call(now);
        let mut reached = 0;
        for attempt in 1..=3 {
            reached += call(inner, now, budgets);
            if attempt < 3 && budgets && !layer.take(now) {
                break;
            }
        }
        reached
    }
    for (budgets, low, high) in [(true, 1.0, 1.4), (false, 27.0, 27.0)] {
        let layers: Vec<Bucket> = (0..3)
            .map(|_| Bucket::new(DEFAULT, Duration::ZERO))
            .collect();
        let (calls, mut reached) = (60_000_u32, 0_u32);
        for n in 0..calls {
            reached += call(&layers, SECOND * (n / 1_000), budgets);
        }
        let load = f64::from(reached) / f64::from(calls);
        assert!((low..=high).contains(&load), "{load}");
    }
}
