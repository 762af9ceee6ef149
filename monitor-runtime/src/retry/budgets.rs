//! The budgets by their names: functions that name the same one share it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use std::time::{Duration, Instant};

use monitor_config::Budget;

use super::bucket::Bucket;
use crate::core::{Core, CoreRef};

/// The buckets of one core.
#[derive(Debug)]
pub(crate) struct Budgets {
    buckets: Mutex<BTreeMap<&'static str, Arc<Bucket>>>,
    /// What the monitor.toml says that counts at run time.
    configured: Mutex<BTreeMap<String, Budget>>,
    started: Instant,
}

impl Default for Budgets {
    fn default() -> Self {
        Self {
            buckets: Mutex::default(),
            configured: Mutex::default(),
            started: Instant::now(),
        }
    }
}

impl Budgets {
    /// Takes over the budgets of monitor.toml: they come before what was compiled in.
    pub(crate) fn configure(&self, budgets: BTreeMap<String, Budget>) {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, bucket) in &*buckets {
            if let Some(budget) = budgets.get(*name) {
                bucket.change(*budget);
            }
        }
        *self
            .configured
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = budgets;
    }

    fn bucket(&self, name: &'static str, compiled: Budget, now: Duration) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(name).or_insert_with(|| {
            let configured = self
                .configured
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let budget = configured.get(name).copied().unwrap_or(compiled);
            Arc::new(Bucket::new(budget, now))
        });
        Arc::clone(bucket)
    }
}

impl Core {
    /// The bucket with this name, made with `compiled` where monitor.toml says nothing.
    pub(crate) fn bucket(&self, name: &'static str, compiled: Budget) -> Arc<Bucket> {
        self.budgets.bucket(name, compiled, self.budget_time())
    }

    /// The time by which budgets fill: where waits are skipped, that of the waits.
    pub(crate) fn budget_time(&self) -> Duration {
        self.skipped_time()
            .unwrap_or_else(|| self.budgets.started.elapsed())
    }
}

/// A function's way to its bucket.
#[derive(Debug)]
pub(crate) struct Share {
    pub(crate) name: &'static str,
    pub(crate) budget: Budget,
}

impl Share {
    pub(crate) fn bucket(
        &self,
        core: &CoreRef,
        known: &std::sync::OnceLock<Arc<Bucket>>,
    ) -> Arc<Bucket> {
        let find = || core.bucket(self.name, self.budget);
        match core {
            CoreRef::Process => Arc::clone(known.get_or_init(find)),
            CoreRef::Scoped(_) => find(),
        }
    }
}
