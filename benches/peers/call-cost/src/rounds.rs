//! Rounds that take the contenders in turn, so that a drift of the machine hits all.

use std::time::Instant;

use crate::contenders::{Contender, Kind, Run};

const ROUNDS: usize = 2001;
/// Few, so that most rounds end before another program takes the core.
const CALLS: u64 = 2_000;
/// Before each measurement: caches and branches that the contender before has taken.
const WARM: u64 = CALLS / 4;

/// Nanoseconds a call, of all rounds, in order.
pub(crate) struct Costs(Vec<f64>);

impl Costs {
    pub(crate) fn new(mut costs: Vec<f64>) -> Self {
        costs.sort_by(f64::total_cmp);
        Self(costs)
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    pub(crate) fn least(&self) -> f64 {
        self.0[0]
    }

    /// What the middle half of the rounds differs by, as a share of the median.
    pub(crate) fn spread(&self) -> f64 {
        (self.quantile(0.75) - self.quantile(0.25)) / self.median()
    }

    fn quantile(&self, q: f64) -> f64 {
        self.0[((self.0.len() - 1) as f64 * q) as usize]
    }
}

pub(crate) fn take_turns(contenders: &[Contender], kind: Kind) -> Vec<Costs> {
    let mut costs = vec![Vec::with_capacity(ROUNDS); contenders.len()];
    for _ in 0..ROUNDS {
        for (contender, costs) in contenders.iter().zip(&mut costs) {
            let run = contender.run(kind);
            run(WARM);
            costs.push(nanoseconds(run, CALLS));
            (contender.settle)();
        }
    }
    costs.into_iter().map(Costs::new).collect()
}

/// Of one call among so many.
pub(crate) fn nanoseconds(run: Run, calls: u64) -> f64 {
    let start = Instant::now();
    run(calls);
    start.elapsed().as_nanos() as f64 / calls as f64
}
