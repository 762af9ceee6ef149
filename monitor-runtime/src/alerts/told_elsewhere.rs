//! A channel that refuses alerts for good is told of through the others: nobody would miss
//! what never comes.

use std::{collections::BTreeSet, sync::Mutex, sync::PoisonError};

use super::{Alert, ledger::Ended};

/// Reasons of one channel that are told of, so that a server with ever new words is no flood.
const REASONS_MAX: usize = 10;
/// What marks an alert of this kind, of which no other follows.
const MARK: &str = "channel.refuses:";

/// What was told of one channel in this run.
#[derive(Debug, Default)]
pub(super) struct ToldElsewhere {
    reasons: Mutex<BTreeSet<String>>,
}

impl ToldElsewhere {
    /// The alert for the other channels, if `channel` gave this one up and the reason is new.
    pub(super) fn alert(&self, channel: &str, others: &[String], ended: &Ended) -> Option<Alert> {
        let (alert, reason) = (&ended.alert, ended.dead.as_ref()?);
        if others.is_empty() || alert.fingerprint.starts_with(MARK) {
            return None;
        }
        let mut reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        if reasons.len() >= REASONS_MAX || !reasons.insert(reason.clone()) {
            return None;
        }
        let message = format!(
            "{channel} does not take alerts: {reason}. Not delivered there: {}",
            alert.message
        );
        let id = format!("{}-{channel}", alert.id);
        Some(Alert {
            fingerprint: format!("{MARK}{channel}: {reason}"),
            channels: others.to_vec(),
            ..Alert::new(id, alert.severity, &message, alert.details.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::alerts::Severity;

    fn ended(alert: Alert, dead: Option<&str>) -> Ended {
        Ended {
            alert: Arc::new(alert),
            attempts: 1,
            dead: dead.map(str::to_owned),
        }
    }

    #[test]
    fn each_reason_is_told_once_and_not_of_itself() {
        let alert = || {
            let details = json!({"stage": "NBA-17"});
            Alert::new("1-7".into(), Severity::Warning, "NBA-17 failed", details)
        };
        let (told, others) = (ToldElsewhere::default(), ["email".to_owned()]);
        let of = |one: Ended| told.alert("slack", &others, &one);
        assert_eq!(of(ended(alert(), None)), None);
        let first = of(ended(alert(), Some("no_service"))).unwrap();
        assert_eq!(
            first.message,
            "slack does not take alerts: no_service. Not delivered there: NBA-17 failed"
        );
        assert_eq!(
            (first.id.as_str(), &first.channels),
            ("1-7-slack", &others.to_vec())
        );
        assert_eq!(first.severity, Severity::Warning);
        assert_eq!(first.details, json!({"stage": "NBA-17"}));
        assert_eq!(of(ended(alert(), Some("no_service"))), None);
        assert_eq!(of(ended(first, Some("another reason"))), None);
        assert!(of(ended(alert(), Some("invalid_token"))).is_some());
        assert_eq!(told.alert("slack", &[], &ended(alert(), Some("x"))), None);
        let many = (0..100).filter(|n| of(ended(alert(), Some(&n.to_string()))).is_some());
        assert_eq!(many.count(), REASONS_MAX - 2);
    }
}
