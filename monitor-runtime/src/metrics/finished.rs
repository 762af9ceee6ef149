//! A call that has ended, as it is counted.

use super::kind::Kind;
#[cfg(test)]
use super::kind::Outcome;
use super::totals::{Hand, Records, Times, Totals};
use crate::clock::Tick;

/// A call that has ended, as it is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finished {
    pub(crate) kind: Kind,
    pub(crate) times: Times,
    /// How often the CPU clock was read twice.
    pub(crate) reads: u32,
    pub(crate) records: Option<Records>,
    pub(crate) at: Tick,
}

impl Finished {
    #[cfg(test)]
    pub(crate) fn for_test(outcome: Outcome, outermost: bool, wall: u64) -> Self {
        Self {
            kind: Kind::new(outcome, outermost),
            times: Times {
                wall,
                busy: wall,
                cpu: None,
            },
            reads: 0,
            records: None,
            at: Tick::now(),
        }
    }

    pub(super) fn add_to<H: Hand>(&self, totals: &Totals) {
        let Times { wall, busy, cpu } = self.times;
        let success = self.kind.is_ok().then(|| self.at.to_bits());
        totals.finish::<H>(wall, wall.saturating_sub(busy), success);
        if let Some(cpu) = cpu {
            totals.measured::<H>(cpu, busy);
        }
        if let Some(records) = &self.records {
            totals.count::<H>(records);
        }
    }
}
