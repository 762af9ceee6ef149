//! Models of threads that share a budget, and of threads that count.

pub mod counters;

mod clock {
    /// A moment, as the counters keep it.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Tick(pub(crate) u64);

    impl Tick {
        /// For what is compiled with the runtime's tests.
        #[cfg(test)]
        pub(crate) fn now() -> Self {
            Self(1)
        }

        pub(crate) fn to_bits(self) -> u64 {
            self.0
        }
    }
}

#[path = "../../../monitor-runtime/src/retry/bucket.rs"]
#[allow(dead_code, reason = "a model does not change the budget")]
mod bucket;

mod sync {
    pub(crate) use std::sync::PoisonError;

    pub(crate) use loom::sync::atomic::{AtomicU64, Ordering};
    pub(crate) use loom::sync::{Mutex, MutexGuard};

    /// No time passes in a model.
    pub(crate) const SECONDS: usize = 2;
}

use std::time::Duration;

use loom::sync::Arc;
use loom::thread;
use monitor_config::Budget;

use self::bucket::Bucket;

/// Runs `threads` threads, each of which makes a call and then asks for `asked` retries,
/// in every order that there is, and checks how many are granted in all: no more than
/// what all calls earned, and no less than what could have been there.
///
/// # Panics
///
/// When an order grants another number.
pub fn share(budget: (f64, f64), threads: u32, asked: u32, least: u32, most: u32) {
    let (ratio, floor) = budget;
    let mut model = loom::model::Builder::new();
    // All orders with three switches in them: more show nothing new and take hours.
    model.preemption_bound = Some(3);
    model.check(move || {
        let bucket = Arc::new(Bucket::new(Budget { ratio, floor }, Duration::ZERO));
        let tasks: Vec<_> = (1..threads)
            .map(|_| {
                let bucket = Arc::clone(&bucket);
                thread::spawn(move || call(&bucket, asked))
            })
            .collect();
        let mut granted = call(&bucket, asked);
        for task in tasks {
            granted += task.join().unwrap_or(u32::MAX);
        }
        assert!((least..=most).contains(&granted), "{granted} were granted");
        // What is left over is there for whoever comes next, once.
        let rest = (0..=most).filter(|_| bucket.take(Duration::ZERO)).count();
        assert_eq!(granted as usize + rest, most as usize);
    });
}

fn call(bucket: &Bucket, asked: u32) -> u32 {
    bucket.call(Duration::ZERO);
    (0..asked)
        .map(|_| u32::from(bucket.take(Duration::ZERO)))
        .sum()
}
