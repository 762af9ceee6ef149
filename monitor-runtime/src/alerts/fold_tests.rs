use std::collections::BTreeSet;
use std::time::UNIX_EPOCH;

use monitor_config::Rule;
use serde_json::json;

use super::*;
use crate::desk::Origin;
use crate::logs::random::Random;

const HOUR: u64 = 3600;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_770_000_000 + seconds)
}

fn rule() -> Rule {
    Rule::new(Condition::Failure, Severity::Warning)
}

fn cause_of(rule: &Rule, stage: &str, text: &str) -> Cause {
    let said = (format!("{stage} failed: {text}"), json!({"error": text}));
    Cause::new(rule, rule.on, stage, text, said, Origin::default())
}

fn failed(text: &str) -> Cause {
    cause_of(&rule(), "NBA-17", text)
}

fn is_told(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Tell(_))
}

const FAILURE: [Condition; 1] = [Condition::Failure];

#[test]
fn the_first_is_told_and_the_others_are_summed_up_when_it_is_time() {
    let mut fold = Fold::default();
    assert_eq!(fold.event(&failed("row 1"), at(0)), Verdict::Tell(None));
    for (count, second) in (1..=17).zip(1..) {
        let more = More {
            count,
            since: at(0),
        };
        assert_eq!(
            fold.event(&failed("row 2"), at(second)),
            Verdict::Count(more)
        );
    }
    assert_eq!(fold.sum_up(at(4 * HOUR - 1)), []);
    let notices = fold.sum_up(at(4 * HOUR));
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].more.map(|more| more.count), Some(17));
    assert_eq!(notices[0].message, "NBA-17 failed: row 2");
    assert!(!notices[0].is_over);
    assert_eq!(fold.sum_up(at(9 * HOUR)), []);
    assert!(is_told(&fold.event(&failed("row 3"), at(9 * HOUR))));
}

#[test]
fn another_stage_error_or_severity_is_told_at_once() {
    let mut fold = Fold::default();
    fold.event(&failed("refused"), at(0));
    assert!(!is_told(&fold.event(&failed("refused"), at(1))));
    assert!(is_told(&fold.event(&failed("timed out"), at(1))));
    assert!(is_told(
        &fold.event(&cause_of(&rule(), "NBA-18", "refused"), at(1))
    ));
    let loud = Rule::new(Condition::Failure, Severity::Critical);
    let loud = cause_of(&loud, "NBA-17", "refused");
    let more = More {
        count: 1,
        since: at(0),
    };
    assert_eq!(fold.event(&loud, at(2)), Verdict::Tell(Some(more)));
    assert!(!is_told(&fold.event(&loud, at(3))));
}

#[test]
fn a_success_ends_the_troubles_of_its_stage_once() {
    let mut fold = Fold::default();
    fold.event(&failed("refused"), at(0));
    fold.event(&failed("timed out"), at(1));
    fold.event(&cause_of(&rule(), "NBA-170", "refused"), at(2));
    assert_eq!(fold.end("NBA-17", &[Condition::Slow], at(3)), []);
    let over = fold.end("NBA-17", &FAILURE, at(3));
    assert_eq!(over.len(), 2);
    assert!(over.iter().all(|notice| notice.is_over));
    assert_eq!(fold.end("NBA-17", &FAILURE, at(4)), []);
    assert!(fold.has_open());
    fold.end("NBA-170", &FAILURE, at(5));
    assert!(!fold.has_open());
}

#[test]
fn what_comes_back_is_told_less_and_less_often() {
    let mut fold = Fold::default();
    let mut told = Vec::new();
    // It fails each other minute for a day.
    for minute in 0..24 * 60 {
        let now = at(minute * 60);
        if minute % 2 == 0 {
            if is_told(&fold.event(&failed("refused"), now)) {
                told.push(minute);
            }
        } else {
            fold.end("NBA-17", &FAILURE, now);
        }
    }
    assert_eq!(told[..6], [0, 6, 16, 36, 76, 156]);
    assert!(told.len() <= 13, "{told:?}");
    // After a time as long as `repeat` it is a new trouble.
    let later = at(48 * HOUR);
    assert!(is_told(&fold.event(&failed("refused"), later)));
    fold.end("NBA-17", &FAILURE, later);
    let soon = later + FIRST_PAUSE;
    assert!(is_told(&fold.event(&failed("refused"), soon)));
}

#[test]
fn without_resolve_the_end_is_not_told_and_what_was_counted_is() {
    let mut fold = Fold::default();
    let quiet = cause_of(&rule().resolve(false), "NBA-17", "refused");
    fold.event(&quiet, at(0));
    fold.event(&quiet, at(1));
    assert_eq!(fold.end("NBA-17", &FAILURE, at(2)), []);
    let notices = fold.sum_up(at(5 * HOUR));
    assert_eq!(notices.len(), 1);
    assert!(notices[0].is_over);
}

#[test]
fn what_goes_on_is_told_again_and_not_counted() {
    let mut fold = Fold::default();
    let stale = cause_of(&rule(), "NBA-17", "");
    assert!(is_told(&fold.goes_on(&stale, at(0))));
    for second in 1..100 {
        assert_eq!(fold.goes_on(&stale, at(second)), Verdict::Known);
    }
    assert_eq!(fold.goes_on(&stale, at(4 * HOUR)), Verdict::Tell(None));
    assert_eq!(fold.untold(), []);
}

#[test]
fn what_no_channel_took_is_told_again_and_its_end_is_not() {
    let mut fold = Fold::default();
    let cause = failed("refused");
    fold.event(&cause, at(0));
    fold.undelivered(&cause.fingerprint);
    assert!(!is_told(&fold.event(&cause, at(299))));
    assert!(is_told(&fold.event(&cause, at(300))));
    fold.delivered(&cause.fingerprint);
    // Another channel, later.
    fold.undelivered(&cause.fingerprint);
    assert!(!is_told(&fold.event(&cause, at(3_000))));
    assert_eq!(fold.end("NBA-17", &FAILURE, at(3_001)).len(), 1);

    let mut fold = Fold::default();
    fold.event(&cause, at(0));
    fold.undelivered(&cause.fingerprint);
    assert_eq!(fold.end("NBA-17", &FAILURE, at(1)), []);
}

#[test]
fn memory_is_bounded_and_the_quietest_is_forgotten() {
    let mut fold = Fold::default();
    let of = |number: u64| {
        let digits = number.to_string();
        let name: String = digits.bytes().map(|digit| char::from(digit + 49)).collect();
        failed(&format!("{name}!"))
    };
    for number in 0..3 * MOST as u64 {
        assert!(is_told(&fold.event(&of(number), at(number))));
        // One of them goes on.
        fold.event(&of(0), at(number));
    }
    assert_eq!(fold.troubles.len(), MOST);
    assert!(!is_told(&fold.event(&of(0), at(3 * MOST as u64))));
}

#[test]
fn a_clock_that_goes_back_does_no_harm() {
    let mut fold = Fold::default();
    fold.event(&failed("refused"), at(9 * HOUR));
    assert!(!is_told(&fold.event(&failed("refused"), at(0))));
    assert_eq!(fold.end("NBA-17", &FAILURE, at(0)).len(), 1);
    fold.event(&failed("refused"), at(1));
    assert!(fold.untold().len() == 1 && fold.sum_up(SystemTime::UNIX_EPOCH).is_empty());
}

/// What people know of one trouble, kept by going through all that happened.
#[derive(Default)]
struct Model {
    happened: u64,
    accounted: u64,
    told: Vec<u64>,
    successes: Vec<u64>,
    hears_trouble: bool,
}

impl Model {
    fn tell(&mut self, now: u64, repeat: u64) {
        if let Some(&last) = self.told.last() {
            let had_success = self.successes.iter().any(|&success| success >= last);
            let least = if had_success {
                FIRST_PAUSE.as_secs().min(repeat)
            } else {
                repeat
            };
            assert!(now - last >= least, "told at {last} and at {now}");
        }
        self.told.push(now);
    }
}

#[test]
fn of_random_histories_every_event_is_told_or_counted_and_none_too_often_or_too_late() {
    for seed in 0..300 {
        let mut random = Random(seed);
        let repeat = [60, 600, HOUR, 4 * HOUR][random.below(4) as usize];
        let rule = rule().repeat(repeat, 0).resolve(seed % 3 > 0);
        let cause = cause_of(&rule, "NBA-17", "refused");
        let (mut fold, mut model, mut now) = (Fold::default(), Model::default(), 0);
        for _ in 0..400 {
            now += match random.below(10) {
                0 => random.below(3 * repeat),
                1..=4 => random.below(60),
                _ => random.below(3),
            };
            match random.below(5) {
                0..=2 => {
                    model.happened += 1;
                    match fold.event(&cause, at(now)) {
                        Verdict::Tell(more) => {
                            model.accounted += 1 + more.map_or(0, |more| more.count);
                            model.tell(now, repeat);
                            model.hears_trouble = true;
                        }
                        Verdict::Count(_) => assert!(!model.told.is_empty()),
                        Verdict::Known => unreachable!("an event is told or counted"),
                    }
                }
                3 => {
                    let over = fold.end("NBA-17", &FAILURE, at(now));
                    model.successes.push(now);
                    assert_eq!(over.len(), usize::from(model.hears_trouble && rule.resolve));
                    model.hears_trouble = false;
                    model.accounted += over
                        .iter()
                        .filter_map(|o| o.more)
                        .map(|m| m.count)
                        .sum::<u64>();
                }
                _ => {
                    for notice in fold.sum_up(at(now)) {
                        let more = notice.more.expect("something was counted");
                        model.accounted += more.count;
                        model.tell(now, repeat);
                        model.hears_trouble = !notice.is_over;
                        if notice.is_over {
                            model.successes.push(now);
                        }
                    }
                    // Nothing waits for longer than `repeat`.
                    let last = model.told.last().copied().unwrap_or(now);
                    assert!(now - last < repeat || fold.untold().is_empty());
                }
            }
            let untold = fold.untold();
            let waiting: u64 = untold.iter().filter_map(|u| u.more).map(|m| m.count).sum();
            assert_eq!(
                model.accounted + waiting,
                model.happened,
                "seed {seed} at {now}"
            );
        }
        let distinct: BTreeSet<u64> = model.told.iter().copied().collect();
        assert_eq!(distinct.len(), model.told.len());
    }
}
