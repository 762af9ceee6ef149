//! All functions that were called, with their counts.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{PoisonError, RwLock};

use super::snapshot::{CallStats, FunctionSnapshot, StageSnapshot};
use super::stats::SiteStats;
use crate::site::Site;

/// The sites of one core. Counts live as long as the program where the core does;
/// those of a scoped core go with it.
#[derive(Debug)]
pub(crate) struct Registry {
    /// Whether sites keep the way to their counts themselves.
    process_wide: bool,
    sites: RwLock<Sites>,
}

#[derive(Debug, Default)]
struct Sites {
    in_order: Vec<(&'static Site, &'static SiteStats)>,
    by_address: HashMap<usize, &'static SiteStats>,
}

impl Registry {
    pub(crate) fn new(process_wide: bool) -> Self {
        Self {
            process_wide,
            sites: RwLock::default(),
        }
    }

    pub(crate) fn stats(&self, site: &'static Site) -> &'static SiteStats {
        if self.process_wide {
            return site.stats.get_or_init(|| self.register(site));
        }
        let address = std::ptr::from_ref(site).addr();
        let known = self
            .sites
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .by_address
            .get(&address)
            .copied();
        known.unwrap_or_else(|| self.register(site))
    }

    fn register(&self, site: &'static Site) -> &'static SiteStats {
        let mut sites = self.sites.write().unwrap_or_else(PoisonError::into_inner);
        let Sites {
            in_order,
            by_address,
        } = &mut *sites;
        by_address
            .entry(std::ptr::from_ref(site).addr())
            .or_insert_with(|| {
                // As many as there are annotated functions (in a test, for each
                // capture): given away rather than counted references on each call.
                let stats: &'static SiteStats = Box::leak(Box::default());
                in_order.push((site, stats));
                if self.process_wide {
                    let number = u32::try_from(in_order.len()).unwrap_or(u32::MAX);
                    site.number.store(number, Ordering::Relaxed);
                }
                stats
            })
    }

    /// The functions that were called, with how many of their outermost calls succeeded.
    pub(crate) fn successes(&self) -> Vec<(&'static Site, u64)> {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        let in_order = sites.in_order.iter();
        in_order
            .map(|(site, stats)| (*site, stats.successes()))
            .collect()
    }

    /// Whether no monitored function was called yet.
    pub(crate) fn is_empty(&self) -> bool {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        sites.in_order.is_empty()
    }

    /// The stages with their functions, in the order of their first calls.
    pub(crate) fn snapshot(&self) -> Vec<StageSnapshot> {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        let mut stages: Vec<StageSnapshot> = Vec::new();
        for (site, stats) in &sites.in_order {
            let declaration = site.declaration();
            let index = stages
                .iter()
                .position(|stage| stage.stage == declaration.stage)
                .unwrap_or_else(|| {
                    stages.push(StageSnapshot {
                        stage: declaration.stage.to_owned(),
                        totals: CallStats::default(),
                        functions: Vec::new(),
                    });
                    stages.len() - 1
                });
            let (for_stage, for_function) = stats.snapshot();
            stages[index].totals.merge(&for_stage);
            stages[index].functions.push(FunctionSnapshot {
                function: declaration.function.to_owned(),
                file: site.location().file(),
                line: site.location().line(),
                stats: for_function,
            });
        }
        stages
    }
}
