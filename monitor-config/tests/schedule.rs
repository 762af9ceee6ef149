//! The waits between attempts, their sum and their description.

use std::time::Duration;

use monitor_config::Schedule;

fn schedule(max: u32, delay: Duration, factor: f64, max_delay: Option<Duration>) -> Schedule {
    Schedule {
        max,
        delay,
        factor,
        max_delay,
    }
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn waits_follow_the_factor_up_to_the_longest() {
    let waits = |factor, longest| {
        schedule(5, ms(100), factor, longest)
            .waits()
            .collect::<Vec<_>>()
    };
    assert_eq!(waits(2.0, None), [ms(200), ms(400), ms(800), ms(1600)]);
    assert_eq!(
        waits(2.0, Some(ms(500))),
        [ms(200), ms(400), ms(500), ms(500)]
    );
    assert_eq!(waits(3.0, None), [ms(300), ms(900), ms(2700), ms(8100)]);
    assert_eq!(waits(1.0, None), [ms(100); 4]);
    for odd in [0.5, -1.0, f64::NAN, f64::NEG_INFINITY] {
        assert_eq!(waits(odd, None), [ms(100); 4]);
    }
    assert_eq!(waits(f64::INFINITY, None), [Duration::MAX; 4]);
}

#[test]
fn long_schedules_saturate() {
    for factor in [
        1.0,
        1.000_000_1,
        1.5,
        2.0,
        f64::MAX,
        f64::INFINITY,
        f64::NAN,
    ] {
        for delay in [
            Duration::ZERO,
            Duration::from_nanos(1),
            ms(2000),
            Duration::MAX,
        ] {
            let long = schedule(u32::MAX, delay, factor, None);
            assert_eq!(long.wait_after(u32::MAX), None);
            assert_eq!(long.wait_after(0), Some(delay), "{factor} {delay:?}");
            let last = long.wait_after(u32::MAX - 1);
            assert!(last >= long.wait_after(1));
            assert!(Some(long.total_wait()) >= last);
            assert!(long.describe().starts_with("up to 4294967295 attempts, "));
        }
    }
    assert_eq!(Schedule::new(u32::MAX, ms(1)).total_wait(), Duration::MAX);
    assert_eq!(
        schedule(u32::MAX, ms(1), 2.0, Some(ms(2))).total_wait(),
        ms(2) * (u32::MAX - 1)
    );
}

#[test]
fn the_total_is_the_sum() {
    for factor in [1.0, 1.01, 1.5, 2.0, 3.0] {
        for longest in [None, Some(Duration::ZERO), Some(ms(50)), Some(ms(5_000))] {
            for max in 0..40 {
                let schedule = schedule(max, ms(20), factor, longest);
                let sum = schedule
                    .waits()
                    .fold(Duration::ZERO, Duration::saturating_add);
                assert_eq!(schedule.total_wait(), sum, "{schedule:?}");
            }
        }
    }
}

#[test]
fn the_formula_for_very_long_schedules_is_near_the_sum() {
    let schedule = schedule(50_000, ms(20), 1.000_1, None);
    let sum = schedule.waits().sum::<Duration>().as_secs_f64();
    assert!((schedule.total_wait().as_secs_f64() / sum - 1.0).abs() < 1e-6);
}

#[test]
fn a_description_is_short() {
    assert_eq!(
        Schedule::new(7, ms(500)).describe(),
        "up to 7 attempts, waits 1 s, 2 s, 4 s, 8 s, 16 s, …"
    );
    assert_eq!(
        Schedule::new(6, ms(500)).describe(),
        "up to 6 attempts, waits 1 s, 2 s, 4 s, 8 s, 16 s"
    );
    assert_eq!(Schedule::new(0, ms(500)).describe(), "1 attempt, no wait");
    assert_eq!(
        Schedule::new(2, Duration::ZERO).describe(),
        "up to 2 attempts, no wait"
    );
}
