//! What a later run is to know of the troubles of this one: a job that runs each hour is to tell of
//! a failure as often as one that runs all day, and to tell when it is over.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use monitor_config::{Channels, Condition, Severity};
use serde_json::{Value, json};

use super::fold::{Fold, MOST, Trouble};

/// The version of the format.
const SCHEMA: u64 = 1;

impl Fold {
    /// The troubles that matter after `now`: those that are not over, or were told lately.
    pub(crate) fn to_json(&self, now: SystemTime) -> Value {
        let matters = |trouble: &&Trouble| trouble.is_open || trouble.more > 0 || now < trouble.due;
        let troubles = self.troubles.iter();
        let troubles = troubles.filter(|(_, trouble)| matters(trouble));
        let troubles: Vec<Value> = troubles
            .map(|(fingerprint, trouble)| trouble.to_json(fingerprint))
            .collect();
        json!({"schema": SCHEMA, "troubles": troubles})
    }

    /// What an earlier run left. What cannot be read is left out: then it is told anew.
    pub(crate) fn from_json(value: &Value, now: SystemTime) -> Self {
        let mut fold = Self::default();
        if value["schema"] != SCHEMA {
            return fold;
        }
        let troubles = value["troubles"].as_array();
        let troubles = troubles.into_iter().flatten().take(MOST);
        let troubles = troubles.filter_map(|value| {
            let fingerprint = value["fingerprint"].as_str()?.to_owned();
            Some((fingerprint, Trouble::from_json(value, now)?))
        });
        fold.troubles.extend(troubles);
        fold
    }
}

impl Trouble {
    fn to_json(&self, fingerprint: &str) -> Value {
        let channels: Vec<&str> = self.channels.iter().collect();
        json!({
            "fingerprint": fingerprint,
            "stage": self.stage,
            "on": self.on.as_str(),
            "severity": self.severity.as_str(),
            "channels": channels,
            "repeat": self.repeat.as_secs_f64(),
            "resolve": self.resolve,
            "since": seconds(self.since),
            "seen": seconds(self.seen),
            "told_at": seconds(self.told_at),
            "due": seconds(self.due),
            "more": self.more,
            "last": self.last.as_ref().map(|(message, details)| json!([message, details])),
            "times": self.times,
            "open": self.is_open,
            "said": self.is_said,
            "back": self.is_back,
            "returns": self.returns,
            "delivered": self.is_delivered,
            "message": self.message,
            "details": self.details,
        })
    }

    fn from_json(value: &Value, now: SystemTime) -> Option<Self> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        // What is in the future was written by a clock that went wrong.
        let past = |key: &str| Some(time(value, key)?.min(now));
        let channels = value["channels"].as_array()?.iter();
        let channels = channels.filter_map(|name| name.as_str().map(str::to_owned));
        let repeat = Duration::try_from_secs_f64(value["repeat"].as_f64()?).ok()?;
        let told_at = past("told_at")?;
        let last = value["last"].as_array().and_then(|last| {
            let [message, details] = last.as_slice() else {
                return None;
            };
            Some((message.as_str()?.to_owned(), object(details)?))
        });
        Some(Self {
            stage: text("stage")?,
            on: Condition::parse(value["on"].as_str()?).ok()?,
            severity: Severity::parse(value["severity"].as_str()?).ok()?,
            channels: Channels::named(channels.collect()),
            repeat,
            resolve: value["resolve"].as_bool()?,
            since: past("since")?,
            seen: past("seen")?,
            told_at,
            due: time(value, "due")?.min(told_at.checked_add(repeat)?),
            more: value["more"].as_u64()?,
            last,
            times: value["times"].as_u64()?,
            is_open: value["open"].as_bool()?,
            is_said: value["said"].as_bool()?,
            is_back: value["back"].as_bool()?,
            returns: u32::try_from(value["returns"].as_u64()?).ok()?,
            is_delivered: value["delivered"].as_bool()?,
            message: text("message")?,
            details: object(&value["details"])?,
        })
    }
}

/// More is said in the details of an alert later on, for which they have to be an object.
fn object(value: &Value) -> Option<Value> {
    value.is_object().then(|| value.clone())
}

fn seconds(time: SystemTime) -> f64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs_f64()
}

fn time(value: &Value, key: &str) -> Option<SystemTime> {
    let since = Duration::try_from_secs_f64(value[key].as_f64()?).ok()?;
    UNIX_EPOCH.checked_add(since)
}

#[cfg(test)]
mod tests {
    use monitor_config::Rule;

    use super::*;
    use crate::alerts::{Cause, Verdict};
    use crate::desk::Origin;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_770_000_000 + seconds)
    }

    fn cause(stage: &str) -> Cause {
        let channels = Channels::of(&["slack"]);
        let rule = Rule::new(Condition::Failure, Severity::Critical)
            .channels(channels)
            .repeat(3600, 500_000_000);
        let said = (format!("{stage} failed"), json!({"error": "refused"}));
        Cause::new(
            &rule,
            Condition::Failure,
            stage,
            "refused",
            said,
            Origin::default(),
        )
    }

    fn passed_on(fold: &Fold, now: SystemTime) -> Fold {
        let text = fold.to_json(now).to_string();
        Fold::from_json(&serde_json::from_str(&text).unwrap(), now)
    }

    #[test]
    fn the_next_run_knows_what_was_told_and_what_was_counted() {
        let mut fold = Fold::default();
        fold.event(&cause("NBA-17"), at(0));
        fold.event(&cause("NBA-17"), at(10));
        let mut next = passed_on(&fold, at(20));
        assert_eq!(next.troubles, fold.troubles);
        assert!(
            matches!(next.event(&cause("NBA-17"), at(30)), Verdict::Count(more) if more.count == 2)
        );
        assert_eq!(next.end("NBA-17", &[Condition::Failure], at(40)).len(), 1);
        // And what is over is told again as rarely as before.
        let mut last = passed_on(&next, at(50));
        assert!(matches!(
            last.event(&cause("NBA-17"), at(60)),
            Verdict::Count(_)
        ));
    }

    #[test]
    fn what_is_over_and_long_ago_is_not_passed_on() {
        let mut fold = Fold::default();
        fold.event(&cause("NBA-17"), at(0));
        fold.event(&cause("NBA-18"), at(0));
        fold.end("NBA-17", &[Condition::Failure], at(1));
        let next = passed_on(&fold, at(7_200));
        assert_eq!(next.troubles.len(), 1);
        assert!(next.has_open());
    }

    #[test]
    fn a_file_of_others_is_no_trouble() {
        for text in [
            "null",
            "[]",
            "{\"schema\": 2, \"troubles\": []}",
            "{\"schema\": 1, \"troubles\": 7}",
            "{\"schema\": 1, \"troubles\": [null, {}, {\"fingerprint\": \"x\"}]}",
        ] {
            let fold = Fold::from_json(&serde_json::from_str(text).unwrap(), at(0));
            assert!(fold.troubles.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_clock_that_was_wrong_silences_nothing_for_long() {
        let mut fold = Fold::default();
        fold.event(&cause("NBA-17"), at(1_000_000_000));
        let mut next = passed_on(&fold, at(0));
        assert!(matches!(
            next.event(&cause("NBA-17"), at(3_601)),
            Verdict::Tell(None)
        ));
    }
}
