//! How a retried call ends: what its lines, its metrics and its alerts say.

use std::cell::Cell;
use std::time::Duration;

use monitor_runtime::{monitored, retry, testing};
use serde_json::{Value, json};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, PartialEq)]
enum ApiError {
    Busy(Option<u64>),
    Gone,
}

impl ApiError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Busy(_))
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy(seconds) => seconds.map(Duration::from_secs),
            Self::Gone => None,
        }
    }
}

thread_local! {
    static ANSWERS: Cell<Vec<Result<u32, ApiError>>> = const { Cell::new(Vec::new()) };
}

/// The next of the answers, which stand in reverse.
fn answer() -> Result<u32, ApiError> {
    let mut answers = ANSWERS.take();
    let answer = answers.pop().expect("an answer for each attempt");
    ANSWERS.set(answers);
    answer
}

fn answers(answers: impl IntoIterator<Item = Result<u32, ApiError>>) {
    let mut answers: Vec<_> = answers.into_iter().collect();
    answers.reverse();
    ANSWERS.set(answers);
}

const BUSY: Result<u32, ApiError> = Err(ApiError::Busy(None));

#[monitored(stage = "NBA-17", event = "FETCH", alert = "warning")]
#[retry(max = 3, delay = 1, when = ApiError::is_transient)]
fn above() -> Result<u32, ApiError> {
    answer()
}

#[retry(max = 3, delay = 1, when = |error| error.is_transient())]
#[monitored(stage = "NBA-17", event = "FETCH", alert = "warning")]
async fn below() -> Result<u32, ApiError> {
    answer()
}

#[retry(max = 3, delay = 1, when = |error| error.is_transient())]
fn alone() -> Result<u32, ApiError> {
    answer()
}

#[monitored(stage = "NBA-17", event = "FETCH", alert = "warning")]
fn around() -> Result<u32, ApiError> {
    alone()
}

fn below_now() -> Result<u32, ApiError> {
    futures_lite::future::block_on(below())
}

type Fetch = fn() -> Result<u32, ApiError>;

const ALL: [(&str, Fetch); 3] = [("above", above), ("below", below_now), ("around", around)];

#[test]
fn a_first_try_leaves_no_trace_of_retries() {
    for (name, fetch) in ALL {
        answers([Ok(7)]);
        let run = testing::capture();
        assert_eq!(fetch(), Ok(7));
        let totals = &run.snapshot().stages[0].totals;
        assert_eq!(
            (totals.first_try(), totals.recovered, totals.retries),
            (1, 0, 0),
            "{name}"
        );
        assert_eq!(run.lines().len(), 2, "{name}");
    }
}

#[test]
fn a_call_that_recovered_is_counted_as_such() {
    for (name, fetch) in ALL {
        answers([BUSY, BUSY, Ok(7)]);
        let run = testing::capture();
        assert_eq!(fetch(), Ok(7));
        let totals = &run.snapshot().stages[0].totals;
        assert_eq!(
            (totals.recovered, totals.retries, totals.gave_up),
            (1, 2, 0),
            "{name}"
        );
        assert_eq!(totals.retry_wait, 6 * SECOND, "{name}");
        // What is retried inside the call is not the call.
        assert_eq!(totals.first_try(), u64::from(name == "around"), "{name}");
        assert_eq!(
            totals.attempts(),
            if name == "around" { 1 } else { 3 },
            "{name}"
        );
        let lines = run.events("call.recovered");
        if name == "above" {
            let data = &run.events("FETCH_END")[0]["data"];
            assert_eq!((&data["attempts"], &data["wait"]), (&json!(3), &json!(6.0)));
            assert!(lines.is_empty(), "the call's own line says it");
        } else {
            assert_eq!(lines[0]["data"], json!({"attempt": 3, "max": 3}), "{name}");
        }
        assert!(run.alerts().is_empty(), "{name}");
    }
}

#[test]
fn a_call_that_gives_up_says_why_and_raises_one_alert() {
    let gone = || Err(ApiError::Gone);
    for (name, fetch) in ALL {
        for (given, reason, retries) in [
            (vec![BUSY, BUSY, BUSY], "attempts", 2),
            (vec![BUSY, gone()], "not_retryable", 1),
            (vec![gone()], "not_retryable", 0),
        ] {
            answers(given.clone());
            let run = testing::capture();
            assert_eq!(Some(fetch()), given.last().cloned());
            let totals = &run.snapshot().stages[0].totals;
            assert_eq!(totals.retries, retries, "{name}: {reason}");
            let counted = (totals.gave_up, totals.not_retryable);
            let expected = if reason == "attempts" { (1, 0) } else { (0, 1) };
            assert_eq!(counted, expected, "{name}: {reason}");
            assert_eq!(run.alerts().len(), 1, "{name}: {reason}");
            let told = match name {
                "above" => run.events("FETCH_ERROR")[0]["data"]["gave_up"].clone(),
                _ => run.events("call.gave_up")[0]["data"]["reason"].clone(),
            };
            assert_eq!(told, reason, "{name}");
        }
    }
}

#[test]
fn each_retry_is_a_line_that_says_what_follows() {
    answers([BUSY, Err(ApiError::Gone)]);
    let run = testing::capture();
    assert!(alone().is_err());
    let lines: Vec<Value> = run
        .lines()
        .iter()
        .map(|line| line["data"].clone())
        .collect();
    assert_eq!(
        lines,
        [
            json!({"attempt": 1, "max": 3, "goes_on": true, "wait": 2.0, "error": "Busy(None)"}),
            json!({"attempt": 2, "max": 3, "goes_on": false, "reason": "not_retryable", "error": "Gone"}),
        ]
    );
    assert_eq!(run.lines()[0]["function"], "alone");
}

#[test]
fn a_panic_in_an_attempt_is_one_record_and_one_alert() {
    #[retry(max = 3, delay = 1)]
    #[monitored(stage = "NBA-17", event = "FALL", alert = "critical")]
    fn fall() -> Result<(), String> {
        panic!("once");
    }
    let run = testing::capture();
    assert!(std::panic::catch_unwind(fall).is_err());
    assert_eq!((run.events("FALL_ERROR").len(), run.alerts().len()), (1, 1));
    assert_eq!(run.events("call.retry").len(), 0);
}

#[test]
fn the_servers_own_wait_counts_up_to_the_bounds() {
    #[retry(max = 4, delay = 1, retry_after = ApiError::retry_after)]
    fn unbounded() -> Result<u32, ApiError> {
        answer()
    }
    #[retry(max = 4, delay = 1, max_delay = 30, retry_after = |error| error.retry_after())]
    fn bounded() -> Result<u32, ApiError> {
        answer()
    }
    #[retry(max = 4, delay = 1, deadline = 60, retry_after = |error| error.retry_after())]
    fn with_a_deadline() -> Result<u32, ApiError> {
        answer()
    }
    let busy = |seconds| Err(ApiError::Busy(Some(seconds)));
    let run = testing::capture();
    answers([busy(20), BUSY, busy(99_999), Ok(7)]);
    assert_eq!(unbounded(), Ok(7));
    assert_eq!(
        run.waits(),
        [20, 4, 600].map(Duration::from_secs),
        "10 minutes at most"
    );

    let run = testing::capture();
    answers([busy(20), BUSY, busy(99_999), Ok(7)]);
    assert_eq!(bounded(), Ok(7));
    assert_eq!(run.waits(), [20, 4, 30].map(Duration::from_secs));

    let run = testing::capture();
    answers([busy(20), busy(41)]);
    assert_eq!(with_a_deadline(), Err(ApiError::Busy(Some(41))));
    assert_eq!(run.waits(), [20].map(Duration::from_secs));
    assert_eq!(run.events("call.gave_up")[0]["data"]["reason"], "deadline");
}

#[test]
fn jitter_stays_below_the_schedule_and_the_seed_decides() {
    #[retry(max = 6, delay = 1, max_delay = 5, jitter = "full")]
    fn fail() -> Result<(), u8> {
        Err(0)
    }
    let waits = |seed| {
        let run = testing::capture();
        run.seed_jitter(seed);
        assert!(fail().is_err());
        run.waits()
    };
    assert_eq!(waits(1), waits(1));
    assert_ne!(waits(1), waits(2));
    for seed in 0..1_000 {
        for (wait, longest) in waits(seed).into_iter().zip([2, 4, 5, 5, 5]) {
            assert!(wait <= Duration::from_secs(longest));
        }
    }
}

#[test]
fn functions_share_a_budget_by_its_name_and_say_when_it_is_empty() {
    #[retry(max = 2, delay = 0, budget = "shared")]
    fn one() -> Result<(), u8> {
        Err(1)
    }
    #[monitored(stage = "NBA-17", event = "TWO")]
    #[retry(max = 2, delay = 0, budget = "shared")]
    async fn two() -> Result<(), u8> {
        Err(2)
    }
    let run = testing::capture();
    for _ in 0..20 {
        assert_eq!(one(), Err(1));
        assert_eq!(futures_lite::future::block_on(two()), Err(2));
    }
    // The floor of one second: no time passes in a capture without waits.
    assert_eq!(run.waits().len(), 10);
    let stopped: Vec<Value> = run.events("call.gave_up");
    let empty = stopped
        .iter()
        .find(|line| line["data"]["reason"] == "budget");
    let data = &empty.expect("the budget was empty")["data"];
    assert_eq!(
        (&data["budget"], &data["attempt"], &data["goes_on"]),
        (&json!("shared"), &json!(1), &json!(false))
    );
    let totals = &run.snapshot().stages[0].totals;
    assert!(totals.out_of_budget > 0, "{totals:?}");
}
