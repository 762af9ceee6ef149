//! All functions that were called, with their counts, and those that the program declares.

use std::collections::HashMap;
use std::ptr;
use std::sync::atomic::Ordering;
use std::sync::{PoisonError, RwLock};

use super::snapshot::{CallStats, FunctionSnapshot, StageSnapshot};
use super::stats::SiteStats;
use crate::alerts::Calls;
use crate::declared;
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
        let address = ptr::from_ref(site).addr();
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
            .entry(ptr::from_ref(site).addr())
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

    /// The functions that were called.
    pub(crate) fn sites(&self) -> Vec<&'static Site> {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        sites.in_order.iter().map(|(site, _)| *site).collect()
    }

    /// How the outermost calls ended of the functions whose stage is asked for.
    pub(crate) fn outcomes(&self, is_of: impl Fn(&str) -> bool) -> Vec<(&'static Site, Calls)> {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        let asked = sites.in_order.iter();
        asked
            .filter(|(site, _)| is_of(site.declaration().stage))
            .map(|(site, stats)| (*site, stats.outcomes()))
            .collect()
    }

    /// Whether no monitored function was called yet.
    pub(crate) fn is_empty(&self) -> bool {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        sites.in_order.is_empty()
    }

    /// The stages with their functions, in the order of their first calls; then those that
    /// were not called, by file and line.
    pub(crate) fn snapshot(&self) -> Vec<StageSnapshot> {
        // A test sees what it did, not what else its program could do.
        let declared = self.process_wide.then(declared::sites).unwrap_or_default();
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        let is_called =
            |site: &'static Site| sites.by_address.contains_key(&ptr::from_ref(site).addr());
        let called = sites
            .in_order
            .iter()
            .map(|&(site, stats)| (site, Some(stats)));
        let declared = declared.into_iter().filter(|site| !is_called(site));
        let mut stages: Vec<StageSnapshot> = Vec::new();
        // Their places there: of a thousand stages, half a million would be compared.
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (site, stats) in called.chain(declared.map(|site| (site, None))) {
            let declaration = site.declaration();
            let index = *places.entry(declaration.stage).or_insert_with(|| {
                stages.push(StageSnapshot {
                    stage: declaration.stage.to_owned(),
                    totals: CallStats::default(),
                    functions: Vec::new(),
                    progress: None,
                });
                stages.len() - 1
            });
            let (for_stage, for_function) = stats.map(SiteStats::snapshot).unwrap_or_default();
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
