//! One failure on its way through several stages.
//!
//! An alert of a call inside another monitored call is held until that one has ended, for at most
//! [`HELD`]: if it fails with the same failure, there is one alert, from the inner stage, as loud as
//! the loudest of them asks for. It is the same failure if one of the two texts is in the other or in
//! its chain, or if the outer call ended within [`AT_ONCE`] after the inner one, as with `?` and a
//! conversion that drops the cause. What fails in another thread, or in a task of its own, is a failure
//! of its own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use monitor_config::Severity;
use serde_json::json;

use super::cause::Cause;
use crate::desk::Origin;
use crate::failure::ErrorText;

/// How long an alert waits for the call around it to end.
const HELD: Duration = Duration::from_secs(1);

/// In what time an error is handed on that is not handled.
const AT_ONCE: Duration = Duration::from_millis(100);

/// How many failures are on their way at most.
const MOST: usize = 1_000;

/// A failure that the call around may pass on.
#[derive(Debug)]
struct Passing {
    cause: Cause,
    /// Its texts so far.
    texts: Vec<String>,
    /// When it was seen last, and when first.
    seen: SystemTime,
    since: SystemTime,
    /// How loudly it was told, where the call around took too long.
    told: Option<Severity>,
}

/// The failures on their way.
#[derive(Debug, Default)]
pub(crate) struct Passage {
    failures: BTreeMap<u64, Passing>,
}

/// What becomes of a failure that an outer call ended with.
#[derive(Debug)]
pub(crate) enum Passed {
    /// It is another one.
    Another,
    /// It is the same, and is held or was told.
    On,
    /// It is the same, and was told, but not as loudly.
    Louder(Box<Cause>),
}

impl Passage {
    /// Holds a failure. Also gives what has to be told now, since there are too many.
    pub(crate) fn hold(
        &mut self,
        cause: Cause,
        text: &ErrorText,
        now: SystemTime,
    ) -> (u64, Option<Cause>) {
        // One for the process: what a frame of another run knows is found in none but its own.
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let mut too_many = None;
        if self.failures.len() >= MOST {
            let oldest = self.failures.pop_first();
            too_many = oldest.and_then(|(_, passing)| passing.untold());
        }
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let passing = Passing {
            cause,
            texts: texts(text).map(str::to_owned).collect(),
            seen: now,
            since: now,
            told: None,
        };
        self.failures.insert(id, passing);
        (id, too_many)
    }

    /// A call failed below which failure `id` ended another one, and would have it told as
    /// `own`.
    pub(crate) fn pass(
        &mut self,
        id: u64,
        text: &ErrorText,
        own: Option<&Cause>,
        origin: Origin,
        now: SystemTime,
    ) -> Passed {
        let known = self.failures.get_mut(&id);
        let Some(passing) = known.filter(|passing| passing.is(text, now)) else {
            return Passed::Another;
        };
        passing.seen = now;
        passing.texts.extend(texts(text).map(str::to_owned));
        passing.went_through(text, origin);
        let Some(own) = own else {
            return Passed::On;
        };
        passing.cause.raise_to(own);
        match passing.told {
            Some(told) if own.severity > told => {
                passing.told = Some(own.severity);
                Passed::Louder(Box::new(passing.cause.clone()))
            }
            _ => Passed::On,
        }
    }

    /// Whether failure `id` is that of an error.
    pub(crate) fn is(&self, id: u64, text: &ErrorText, now: SystemTime) -> bool {
        let passing = self.failures.get(&id);
        passing.is_some_and(|passing| passing.is(text, now))
    }

    /// Nobody passes a failure on. Gives it, unless it was told.
    pub(crate) fn end(&mut self, id: u64) -> Option<Cause> {
        self.failures.remove(&id)?.untold()
    }

    /// The failures that were held for long enough.
    pub(crate) fn overdue(&mut self, now: SystemTime) -> Vec<Cause> {
        let held = self.failures.values_mut().filter(|passing| {
            passing.told.is_none() && now.duration_since(passing.since).unwrap_or(HELD) >= HELD
        });
        held.map(|passing| {
            passing.told = Some(passing.cause.severity);
            passing.cause.clone()
        })
        .collect()
    }

    /// All of them, at the end.
    pub(crate) fn drain(&mut self) -> Vec<Cause> {
        let all = std::mem::take(&mut self.failures).into_values();
        all.filter_map(Passing::untold).collect()
    }
}

impl Passing {
    fn untold(self) -> Option<Cause> {
        self.told.is_none().then_some(self.cause)
    }

    fn is(&self, text: &ErrorText, now: SystemTime) -> bool {
        let is_at_once = now.duration_since(self.seen).unwrap_or_default() < AT_ONCE;
        let is_among = |outer: &str| {
            let inner = self.texts.iter();
            inner
                .map(String::as_str)
                .any(|inner| outer.contains(inner) || inner.contains(outer))
        };
        is_at_once || texts(text).any(is_among)
    }

    /// Notes a stage that it went through on its way.
    fn went_through(&mut self, text: &ErrorText, origin: Origin) {
        const MOST: usize = 32;
        let details = &mut self.cause.details;
        if !details["passed_through"].is_array() {
            details["passed_through"] = json!([]);
        }
        if let Some(list) = details["passed_through"].as_array_mut()
            && list.len() < MOST
        {
            list.push(json!({
                "stage": origin.stage,
                "function": origin.function,
                "error": text.error,
            }));
        }
    }
}

fn texts(text: &ErrorText) -> impl Iterator<Item = &str> {
    let all = std::iter::once(&text.error).chain(&text.chain);
    all.map(String::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use monitor_config::{Condition, Rule};

    use super::*;

    fn at(millis: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(millis)
    }

    fn text(error: &str, chain: &[&str]) -> ErrorText {
        let chain = chain.iter().map(|&text| text.to_owned()).collect();
        ErrorText::new(error.to_owned(), chain)
    }

    fn cause(stage: &str, severity: Severity) -> Cause {
        let rule = Rule::new(Condition::Failure, severity);
        let said = (format!("{stage} failed"), json!({}));
        Cause::new(
            &rule,
            Condition::Failure,
            stage,
            "",
            said,
            Origin::default(),
        )
    }

    /// Whether an error that comes so much later is the same failure as "refused".
    fn is_same(outer: &ErrorText, after: u64) -> bool {
        let mut passage = Passage::default();
        let (id, _) = passage.hold(cause("A", Severity::Info), &text("refused", &[]), at(0));
        let passed = passage.pass(id, outer, None, Origin::default(), at(after));
        matches!(passed, Passed::On)
    }

    #[test]
    fn a_failure_is_known_by_its_text_or_by_coming_at_once() {
        assert!(is_same(&text("refused", &[]), 5_000));
        assert!(is_same(&text("loading: refused", &[]), 5_000));
        assert!(is_same(&text("loading", &["no data", "refused"]), 5_000));
        assert!(is_same(&text("something else", &[]), 99));
        assert!(!is_same(&text("something else", &[]), 100));
        assert!(!is_same(&text("", &[]), 100));
    }

    #[test]
    fn the_innermost_is_told_as_loudly_as_the_loudest() {
        let mut passage = Passage::default();
        let failed = text("refused", &[]);
        let (id, _) = passage.hold(cause("A", Severity::Info), &failed, at(0));
        let loud = cause("B", Severity::Critical);
        passage.pass(id, &failed, Some(&loud), Origin::default(), at(0));
        let quiet = cause("C", Severity::Warning);
        passage.pass(id, &failed, Some(&quiet), Origin::default(), at(0));
        let told = passage.end(id).expect("it was held");
        assert_eq!(
            (told.stage.as_str(), told.severity),
            ("A", Severity::Critical)
        );
        let through = told.details["passed_through"].as_array();
        assert_eq!(through.map(Vec::len), Some(2));
        assert!(passage.end(id).is_none());
    }

    #[test]
    fn what_is_held_for_too_long_is_told_and_once_more_if_it_turns_out_louder() {
        let mut passage = Passage::default();
        let failed = text("refused", &[]);
        let (id, _) = passage.hold(cause("A", Severity::Warning), &failed, at(0));
        assert_eq!(passage.overdue(at(999)).len(), 0);
        assert_eq!(passage.overdue(at(1_000)).len(), 1);
        assert_eq!(passage.overdue(at(9_000)).len(), 0);
        let mut pass = |severity| {
            let own = cause("B", severity);
            let passed = passage.pass(id, &failed, Some(&own), Origin::default(), at(9_000));
            matches!(passed, Passed::Louder(cause) if cause.stage == "A")
        };
        assert!(!pass(Severity::Warning));
        assert!(pass(Severity::Critical));
        assert!(passage.end(id).is_none());
    }

    #[test]
    fn of_too_many_the_oldest_is_told() {
        let mut passage = Passage::default();
        let mut hold = |stage: &str| {
            let held = cause(stage, Severity::Info);
            passage.hold(held, &text("refused", &[]), at(0)).1
        };
        assert!(hold("first").is_none());
        for _ in 1..MOST {
            assert!(hold("A").is_none());
        }
        assert_eq!(hold("A").map(|cause| cause.stage).as_deref(), Some("first"));
        assert_eq!(passage.drain().len(), MOST);
    }
}
