//! The alert of a call that is one attempt of a loop around it. Only the loop knows
//! whether another one follows; then there is nothing to alert about.

use std::cell::RefCell;
use std::sync::Arc;

use monitor_config::Severity;
use serde_json::Value;

use super::site::RetrySite;
use crate::attached::Attached;
use crate::desk::Origin;

/// An alert that is raised if the attempt was the last.
pub(crate) struct Pending {
    pub(crate) attached: Arc<Attached>,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) details: Value,
    pub(crate) origin: Origin,
}

thread_local! {
    /// An attempt's end and the decision on it follow each other on one thread.
    static PENDING: RefCell<Vec<(&'static RetrySite, Pending)>> = const { RefCell::new(Vec::new()) };
}

/// Holds an alert back until `site` has decided.
pub(crate) fn hold(site: &'static RetrySite, alert: Pending) {
    let _ = PENDING.try_with(|pending| {
        let mut pending = pending.borrow_mut();
        pending.retain(|(other, _)| !other.is(site));
        pending.push((site, alert));
    });
}

/// Raises what `site` held back, or drops it.
pub(super) fn settle(site: &'static RetrySite, raise: bool) {
    let take = |pending: &RefCell<Vec<(&'static RetrySite, Pending)>>| {
        let mut pending = pending.borrow_mut();
        let index = pending.iter().position(|(other, _)| other.is(site))?;
        Some(pending.swap_remove(index).1)
    };
    let held = PENDING.try_with(take).ok().flatten();
    if let Some(alert) = held.filter(|_| raise) {
        alert
            .attached
            .desk
            .raise(alert.severity, &alert.message, alert.details, alert.origin);
    }
}
