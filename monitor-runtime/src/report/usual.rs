//! Whether a number is what it usually is.
//!
//! The usual range of a number is the median of the past runs ± four times their median
//! absolute deviation, scaled (by 1.4826) to what a standard deviation is where numbers
//! scatter normally; a median is not moved by a few runs that went wrong. The range is never
//! narrower than a margin below which a difference is of no interest, and it is stated only
//! from eight past runs on: of fewer, the deviation is too often small by chance.
//!
//! A time per record counts as unusual only if the time per call is, too: with fewer records
//! each takes longer, since part of the work is for all of them. And the difference must be a
//! hundredth of the time of all stages.
//!
//! With a scatter of 5 % from run to run, 0.1 % of usual runs are flagged and nearly all that
//! are half as slow again; with 10 %, 2 % and three of four (simulated, 4,000 histories each).

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use monitor_config::duration;

use crate::metrics::grouped::grouped;
use crate::metrics::snapshot::{CallStats, Snapshot, StageSnapshot};
use crate::runs::{PastRun, PastStage};
use crate::text::rounded;

/// How many past runs are looked at, and how many are needed.
pub(crate) const LOOKED_AT: usize = 20;
pub(crate) const NEEDED: usize = 8;

/// The share of the time of all stages that is worth a flag.
const WORTH_TELLING: f64 = 0.01;

const DEVIATIONS: f64 = 4.0;
const SCALE: f64 = 1.482_6;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    TimePerRecord,
    TimePerCall,
    Records,
    ErrorRate,
}

impl Measure {
    const ALL: [Self; 4] = [
        Self::TimePerRecord,
        Self::TimePerCall,
        Self::Records,
        Self::ErrorRate,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::TimePerRecord => "time per record",
            Self::TimePerCall => "time per call",
            Self::Records => "records",
            Self::ErrorRate => "error rate",
        }
    }

    /// A difference below it is of no interest: a share of the median, and a number.
    pub(crate) fn margin(self) -> (f64, f64) {
        match self {
            Self::TimePerRecord => (0.2, 1e-9),
            // A tenth of a millisecond is what a scheduler does.
            Self::TimePerCall => (0.2, 1e-4),
            Self::Records => (0.05, 0.5),
            Self::ErrorRate => (0.0, 0.01),
        }
    }

    /// Whether more of it is worse.
    fn is_cost(self) -> bool {
        !matches!(self, Self::Records)
    }

    pub(crate) fn of(self, stage: &PastStage) -> Option<f64> {
        let per = |count: u64| (count > 0).then(|| stage.seconds / count as f64);
        match self {
            Self::TimePerRecord => per(stage.records),
            Self::TimePerCall => per(stage.calls),
            Self::Records => (stage.records > 0 || stage.calls > 0).then_some(stage.records as f64),
            Self::ErrorRate => (stage.calls > 0).then(|| stage.errors as f64 / stage.calls as f64),
        }
    }

    pub(crate) fn is_time(self) -> bool {
        matches!(self, Self::TimePerRecord | Self::TimePerCall)
    }

    pub(crate) fn shown(self, value: f64) -> String {
        match self {
            Self::TimePerRecord | Self::TimePerCall => {
                let time = Duration::try_from_secs_f64(value.max(0.0)).unwrap_or_default();
                duration::display(rounded(time)).to_string()
            }
            Self::Records => grouped(value.max(0.0).round() as u64),
            Self::ErrorRate => format!("{:.1} %", value * 100.0),
        }
    }
}

/// A range, and the number that it is made around.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Usual {
    pub(crate) from: f64,
    pub(crate) median: f64,
    pub(crate) to: f64,
}

impl Usual {
    /// `None` where the past tells too little.
    pub(crate) fn of(past: &[f64], (share, least): (f64, f64)) -> Option<Self> {
        if past.len() < NEEDED {
            return None;
        }
        let middle = median(past.to_vec());
        let deviations = past.iter().map(|value| (value - middle).abs()).collect();
        let width = (DEVIATIONS * SCALE * median(deviations))
            .max(share * middle.abs())
            .max(least);
        Some(Self {
            from: (middle - width).max(0.0),
            median: middle,
            to: middle + width,
        })
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match (values.get(half), values.len() % 2) {
        (None, _) => 0.0,
        (Some(value), 1) => *value,
        (Some(value), _) => (value + values[half - 1]) / 2.0,
    }
}

/// A number of a stage beside what it usually is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Compared {
    pub(crate) stage: String,
    pub(crate) measure: Measure,
    pub(crate) now: f64,
    pub(crate) usual: Option<Usual>,
    /// The last runs, the oldest first.
    pub(crate) past: Vec<f64>,
    /// Of a time per record: the time per call.
    per_call: Option<(f64, Usual)>,
    /// Of a time: how much more of it there was in all than usual, in seconds, and in all
    /// stages.
    pub(crate) extra: f64,
    all: f64,
}

impl Compared {
    pub(crate) fn is_above(&self) -> bool {
        self.usual.is_some_and(|usual| self.now > usual.to)
            && self.is_worth_telling()
            && (self.per_call).is_none_or(|(now, usual)| now > usual.to)
    }

    pub(crate) fn is_below(&self) -> bool {
        self.usual.is_some_and(|usual| self.now < usual.from)
            && self.is_worth_telling()
            && (self.per_call).is_none_or(|(now, usual)| now < usual.from)
    }

    fn is_worth_telling(&self) -> bool {
        !self.measure.is_time() || self.extra.abs() >= WORTH_TELLING * self.all
    }

    pub(crate) fn is_flagged(&self) -> bool {
        self.is_above() || self.is_below()
    }

    /// Whether it is flagged for being worse and not better.
    pub(crate) fn is_worse(&self) -> bool {
        if self.measure.is_cost() {
            self.is_above()
        } else {
            self.is_flagged()
        }
    }

    /// `time per call 9.2 ms, 2.2 × the usual 4.1 ms (3.9 ms to 4.6 ms)`
    pub(crate) fn sentence(&self) -> String {
        let (mut measure, mut now) = (self.measure, self.now);
        let Some(mut usual) = self.usual else {
            return format!("{} {}", measure.name(), measure.shown(now));
        };
        let factor = |now: f64, usual: Usual| now / usual.median;
        // The one that makes less of it.
        if let Some((call, usual_call)) = self.per_call
            && factor(call, usual_call).ln().abs() < factor(now, usual).ln().abs()
        {
            (measure, now, usual) = (Measure::TimePerCall, call, usual_call);
        }
        let [shown, median, from, to] =
            [now, usual.median, usual.from, usual.to].map(|value| measure.shown(value));
        let name = measure.name();
        if measure.is_time() {
            let factor = factor(now, usual);
            return format!("{name} {shown}, {factor:.1} × the usual {median} ({from} to {to})");
        }
        format!("{name} {shown}, usually {median} ({from} to {to})")
    }
}

/// The runs that succeeded: what failed tells nothing of how long it takes to succeed.
pub(crate) fn good_ones(past: &[PastRun]) -> impl Iterator<Item = &PastRun> {
    past.iter().filter(|run| run.is_good())
}

/// The numbers of all stages beside those of `past`, the latest first. A run that is under way
/// has not counted all of its records yet: its counts are not compared.
pub(crate) fn compare(snapshot: &Snapshot, past: &[PastRun], is_over: bool) -> Vec<Compared> {
    let mut compared = Vec::new();
    let good: Vec<HashMap<&str, &PastStage>> = good_ones(past)
        .map(|run| {
            let stages = run.stages.iter();
            stages.map(|stage| (&*stage.stage, stage)).collect()
        })
        .collect();
    if past.is_empty() {
        return compared;
    }
    let seconds = |stage: &StageSnapshot| stage.totals.duration.total().as_secs_f64();
    let all = snapshot.stages.iter().map(seconds).sum();
    for stage in &snapshot.stages {
        let now = summed(&stage.stage, &stage.totals);
        let of_past: Vec<&PastStage> = (good.iter().rev())
            .filter_map(|run| run.get(&*stage.stage).copied())
            .collect();
        let past = |measure: Measure| -> Vec<f64> {
            let values = of_past.iter().filter_map(|stage| measure.of(stage));
            values.collect()
        };
        for measure in Measure::ALL {
            let Some(value) = measure.of(&now) else {
                continue;
            };
            // Where records are counted, they say what a call had to do.
            let is_other = match measure {
                Measure::Records => !is_over,
                Measure::TimePerCall => now.records > 0,
                _ => false,
            };
            let past_values = past(measure);
            let is_nothing = || value == 0.0 && past_values.iter().all(|past| *past == 0.0);
            if is_other || past_values.is_empty() || !measure.is_time() && is_nothing() {
                continue;
            }
            let usual = Usual::of(&past_values, measure.margin());
            let call = Measure::TimePerCall;
            let per_call = (measure == Measure::TimePerRecord)
                .then(|| Usual::of(&past(call), call.margin()))
                .flatten()
                .and_then(|usual| Some((call.of(&now)?, usual)));
            let of_call = per_call.map(|(_, usual)| usual).or(usual);
            let median = of_call.map_or(0.0, |usual| usual.median);
            compared.push(Compared {
                stage: stage.stage.clone(),
                measure,
                now: value,
                usual,
                past: past_values,
                per_call,
                extra: now.seconds - median * now.calls as f64,
                all,
            });
        }
    }
    compared
}

/// The stages that were called in each of the last runs that succeeded, and not in this one; how
/// many calls they usually had.
pub(crate) fn missing(snapshot: &Snapshot, past: &[PastRun]) -> Vec<(String, u64)> {
    let good: Vec<&PastRun> = good_ones(past).collect();
    let Some(last) = good.first().filter(|_| good.len() >= NEEDED) else {
        return Vec::new();
    };
    let called: HashSet<&str> = (snapshot.stages.iter())
        .filter(|stage| stage.totals.was_called())
        .map(|stage| &*stage.stage)
        .collect();
    let calls = |run: &PastRun, id: &str| {
        let stage = run.stages.iter().find(|stage| stage.stage == id);
        stage.map_or(0, |stage| stage.calls)
    };
    let of_last = last.stages.iter().map(|stage| &*stage.stage);
    let missing = of_last.filter(|id| !called.contains(id)).filter_map(|id| {
        let calls: Vec<f64> = good.iter().map(|run| calls(run, id) as f64).collect();
        let is_usual = calls.iter().all(|calls| *calls > 0.0);
        is_usual.then(|| (id.to_owned(), median(calls).round() as u64))
    });
    missing.collect()
}

fn summed(stage: &str, stats: &CallStats) -> PastStage {
    PastStage {
        stage: stage.to_owned(),
        calls: stats.calls(),
        errors: stats.errors(),
        records: stats.records,
        seconds: stats.duration.total().as_secs_f64(),
    }
}

#[cfg(test)]
#[path = "usual_tests.rs"]
mod tests;
