//! Whether a number is what it usually is.
//!
//! The usual range of a number is the median of the past runs ± four times their median
//! absolute deviation, scaled (by 1.4826) to what a standard deviation is where numbers
//! scatter normally; a median is not moved by a few runs that went wrong. The range is never
//! narrower than a margin below which a difference is of no interest, and it is stated only
//! from eight past runs on: of fewer, the deviation is too often small by chance.
//!
//! With a scatter of 5 % from run to run, 0.1 % of usual runs are flagged and nearly all that
//! are half as slow again; with 10 %, 2 % and three of four (simulated, 4,000 histories each).

use std::collections::HashMap;
use std::fmt::Display;
use std::time::Duration;

use monitor_config::duration;

use crate::metrics::grouped::grouped;
use crate::metrics::snapshot::{CallStats, Snapshot};
use crate::runs::{PastRun, PastStage};
use crate::text::rounded;

/// How many past runs are looked at, and how many are needed.
pub(crate) const LOOKED_AT: usize = 20;
pub(crate) const NEEDED: usize = 8;

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
    fn margin(self) -> (f64, f64) {
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

    fn of(self, stage: &PastStage) -> Option<f64> {
        let per = |count: u64| (count > 0).then(|| stage.seconds / count as f64);
        match self {
            Self::TimePerRecord => per(stage.records),
            // Where records are counted, they say what a call had to do.
            Self::TimePerCall => per(stage.calls).filter(|_| stage.records == 0),
            Self::Records => (stage.records > 0 || stage.calls > 0).then_some(stage.records as f64),
            Self::ErrorRate => (stage.calls > 0).then(|| stage.errors as f64 / stage.calls as f64),
        }
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
}

impl Compared {
    pub(crate) fn is_above(&self) -> bool {
        self.usual.is_some_and(|usual| self.now > usual.to)
    }

    pub(crate) fn is_below(&self) -> bool {
        self.usual.is_some_and(|usual| self.now < usual.from)
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

    /// `9.2 ms, usually 4.1 ms (3.9 ms to 4.6 ms)`
    pub(crate) fn sentence(&self) -> impl Display {
        let shown = |value| self.measure.shown(value);
        let now = shown(self.now);
        match self.usual {
            Some(Usual { from, median, to }) => format!(
                "{now}, usually {} ({} to {})",
                shown(median),
                shown(from),
                shown(to)
            ),
            None => now,
        }
    }
}

/// The numbers of all stages beside those of `past`, the latest first. A run that is under way
/// has not counted all of its records yet: its counts are not compared.
pub(crate) fn compare(snapshot: &Snapshot, past: &[PastRun], is_over: bool) -> Vec<Compared> {
    let mut compared = Vec::new();
    // What failed tells nothing of how long it takes to succeed.
    let good = past.iter().filter(|run| run.outcome == "ok");
    let good: Vec<HashMap<&str, &PastStage>> = good
        .map(|run| {
            let stages = run.stages.iter();
            stages.map(|stage| (&*stage.stage, stage)).collect()
        })
        .collect();
    if past.is_empty() {
        return compared;
    }
    for stage in &snapshot.stages {
        let now = summed(&stage.stage, &stage.totals);
        for measure in Measure::ALL {
            let Some(value) = measure.of(&now) else {
                continue;
            };
            if measure == Measure::Records && !is_over {
                continue;
            }
            let mut past: Vec<f64> = good
                .iter()
                .filter_map(|run| measure.of(run.get(&*stage.stage)?))
                .collect();
            if past.is_empty() || measure == Measure::Records && value + past[0] == 0.0 {
                continue;
            }
            past.reverse();
            compared.push(Compared {
                stage: stage.stage.clone(),
                measure,
                now: value,
                usual: Usual::of(&past, measure.margin()),
                past,
            });
        }
    }
    compared
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
