//! How a call ended, and what it counted.

use crate::clock::Tick;
use crate::failure::{ErrorText, Outcome};
use crate::metrics::kind;
use crate::metrics::totals::Records;
use crate::panics;

/// How a call ended.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// With a value.
    Ok,
    /// With an error.
    Error(ErrorText),
    /// With a panic.
    Panic(ErrorText),
    /// With an attempt that was cut off.
    TimedOut(ErrorText),
    /// A future that was dropped before it finished.
    Cancelled,
}

impl End {
    pub(crate) fn of(outcome: &Outcome<'_>) -> Self {
        match outcome {
            Outcome::Ok => Self::Ok,
            Outcome::Failed(failure) => Self::Error(ErrorText::of(failure)),
        }
    }

    /// Of a call that began at `started`.
    pub(crate) fn panicked(started: Tick) -> Self {
        Self::Panic(ErrorText::new(panics::last_since(started), Vec::new()))
    }

    pub(crate) fn outcome(&self) -> kind::Outcome {
        match self {
            Self::Ok => kind::Outcome::Ok,
            Self::Error(_) => kind::Outcome::Error,
            Self::Panic(_) => kind::Outcome::Panic,
            Self::TimedOut(_) => kind::Outcome::Timeout,
            Self::Cancelled => kind::Outcome::Cancelled,
        }
    }

    pub(crate) fn error(&self) -> Option<&ErrorText> {
        match self {
            Self::Error(text) | Self::Panic(text) | Self::TimedOut(text) => Some(text),
            Self::Ok | Self::Cancelled => None,
        }
    }
}

/// What a call counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Records that it produced.
    pub(crate) records: Option<u64>,
    /// Records that it was given.
    pub(crate) records_in: Option<u64>,
    /// Records that it rejected.
    pub(crate) rejected: Option<u64>,
}

impl Counts {
    pub(crate) const NONE: Self = Self {
        records: None,
        records_in: None,
        rejected: None,
    };

    /// What was counted after the body.
    pub(crate) fn after(records: Option<u64>, rejected: Option<u64>) -> Self {
        Self {
            records,
            rejected,
            ..Self::NONE
        }
    }

    /// Records that were given and neither produced nor rejected; below zero where more
    /// came out than went in. `None` where that was not to be counted.
    pub(crate) fn unaccounted(&self) -> Option<i64> {
        let out = self.records?.saturating_add(self.rejected.unwrap_or(0));
        let difference = i128::from(self.records_in?) - i128::from(out);
        let limit = |_| if difference < 0 { i64::MIN } else { i64::MAX };
        Some(i64::try_from(difference).unwrap_or_else(limit))
    }

    /// For the sums, where there is something to add.
    pub(crate) fn to_add(self) -> Option<Records> {
        if self == Self::NONE {
            return None;
        }
        let unaccounted = self.unaccounted().unwrap_or(0);
        Some(Records {
            produced: self.records.unwrap_or(0),
            given: self.records_in.unwrap_or(0),
            rejected: self.rejected.unwrap_or(0),
            missing: u64::try_from(unaccounted).unwrap_or(0),
            surplus: unaccounted.min(0).unsigned_abs(),
        })
    }
}
