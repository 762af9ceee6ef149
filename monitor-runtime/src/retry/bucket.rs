//! A token bucket that holds a service's retries to a share of its calls.
//!
//! Each call earns `ratio` tokens, and each second at least `floor`; a retry takes one.
//! So an outage adds that share to the load and no more, however many attempts the
//! functions ask for (the idea of Finagle's and Envoy's retry budgets).
//!
//! A call adds one to the counter of its second. What a second earned is worked out when
//! a retry asks for a token, under a lock that calls never take.

use std::time::Duration;

use monitor_config::Budget;

use super::sync::{AtomicU64, Mutex, MutexGuard, Ordering, PoisonError, SECONDS};

/// For how many seconds tokens keep that nobody takes.
const KEPT: u32 = 10;

/// Ten tenths are a bit less than one in binary fractions.
const WHOLE: f64 = 1.0 - 1e-9;

/// The retries that the functions that share a budget may still spend.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// For each second its number, in the upper half, and its calls.
    calls: [AtomicU64; SECONDS],
    /// All calls.
    total: AtomicU64,
    tokens: Mutex<Tokens>,
}

impl Bucket {
    /// A bucket that is first used at the time `now` of some clock.
    pub(crate) fn new(budget: Budget, now: Duration) -> Self {
        Self {
            calls: std::array::from_fn(|_| AtomicU64::new(0)),
            total: AtomicU64::new(0),
            tokens: Mutex::new(Tokens {
                budget,
                began: second(now),
                spent: [(0, 0.0); SECONDS],
                left_over: 0.0,
                past: Past::default(),
                total_spent: 0.0,
            }),
        }
    }

    /// Another budget from now on.
    pub(crate) fn change(&self, budget: Budget) {
        self.lock().budget = budget;
    }

    /// A call at the time `now`, which earns something; its retries do not.
    #[inline]
    pub(crate) fn call(&self, now: Duration) {
        self.count(second(now));
        // Afterwards: a call that is in no second's counter counts as one of the past.
        self.total.fetch_add(1, Ordering::Release);
    }

    fn count(&self, second: u32) {
        let counter = &self.calls[place(second)];
        let mut count = counter.load(Ordering::Relaxed);
        loop {
            let next = match (count >> 32).cmp(&u64::from(second)) {
                std::cmp::Ordering::Equal => count.saturating_add(1),
                std::cmp::Ordering::Less => (u64::from(second) << 32) | 1,
                // A later second has the counter by now.
                std::cmp::Ordering::Greater => return,
            };
            let exchanged =
                counter.compare_exchange_weak(count, next, Ordering::Relaxed, Ordering::Relaxed);
            match exchanged {
                Ok(_) => return,
                Err(now) => count = now,
            }
        }
    }

    /// Takes a token for a retry at the time `now`; whether there was one.
    pub(crate) fn take(&self, now: Duration) -> bool {
        let mut tokens = self.lock();
        let total = self.total.load(Ordering::Acquire);
        let calls = self.calls.each_ref().map(|counter| {
            let count = counter.load(Ordering::Relaxed);
            Counted {
                second: (count >> 32) as u32,
                calls: count as u32,
            }
        });
        tokens.take(second(now), &calls, total)
    }

    fn lock(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Seconds are numbered from one: zero is a counter that no second has used.
fn second(now: Duration) -> u32 {
    u32::try_from(now.as_secs()).unwrap_or(u32::MAX - 1) + 1
}

fn place(second: u32) -> usize {
    second as usize % SECONDS
}

/// The calls of one second.
#[derive(Clone, Copy)]
struct Counted {
    second: u32,
    calls: u32,
}

type Calls = [Counted; SECONDS];

#[derive(Debug)]
struct Tokens {
    budget: Budget,
    /// The first second.
    began: u32,
    /// What was taken of what each second earned.
    spent: [(u32, f64); SECONDS],
    /// What seconds that are past have left, up to one token: where calls are rare, none of
    /// them earns a whole one.
    left_over: f64,
    /// What `left_over` was made of.
    past: Past,
    /// All that was taken of what seconds earned.
    total_spent: f64,
}

/// The seconds that are too long ago to be told apart.
#[derive(Debug, Default)]
struct Past {
    calls: u64,
    spent: f64,
}

impl Tokens {
    fn take(&mut self, now: u32, calls: &Calls, total: u64) -> bool {
        let oldest = now.saturating_sub(KEPT - 1).max(self.began);
        self.settle(oldest, calls, total);
        let left: f64 = (oldest..=now).map(|second| self.left(second, calls)).sum();
        if left + self.left_over < WHOLE {
            return false;
        }
        let mut due = 1.0;
        let of_past = self.left_over.min(due);
        self.left_over -= of_past;
        due -= of_past;
        // What is about to expire is taken first.
        for second in oldest..=now {
            let part = self.left(second, calls).min(due);
            let spent = self.spent(second) + part;
            self.spent[place(second)] = (second, spent);
            self.total_spent += part;
            due -= part;
        }
        true
    }

    /// What a second has earned and nobody has taken.
    fn left(&self, second: u32, calls: &Calls) -> f64 {
        let Counted {
            second: of,
            calls: count,
        } = calls[place(second)];
        let count = if of == second { count } else { 0 };
        let by_calls = self.budget.ratio * f64::from(count);
        (by_calls.max(self.budget.floor) - self.spent(second)).max(0.0)
    }

    fn spent(&self, second: u32) -> f64 {
        let (of, spent) = self.spent[place(second)];
        if of == second { spent } else { 0.0 }
    }

    /// Adds up what calls of the seconds before `oldest` have left.
    fn settle(&mut self, oldest: u32, calls: &Calls, total: u64) {
        let recent = calls.iter().filter(|counted| counted.second >= oldest);
        let recent: u64 = recent.map(|counted| u64::from(counted.calls)).sum();
        let calls = total.saturating_sub(recent).max(self.past.calls);
        let recent = self.spent.iter().filter(|(second, _)| *second >= oldest);
        let recent: f64 = recent.map(|(_, spent)| spent).sum();
        let spent = (self.total_spent - recent).max(self.past.spent);
        let earned = self.budget.ratio * (calls - self.past.calls) as f64;
        let rest = earned - (spent - self.past.spent);
        self.left_over = (self.left_over + rest.max(0.0)).min(1.0);
        self.past = Past { calls, spent };
    }
}

#[cfg(test)]
#[path = "bucket_tests.rs"]
mod tests;
