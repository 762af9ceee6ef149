//! Several alerts in one message: how many there are, and each kind once.

use std::time::SystemTime;

use super::{Alert, Severity};
use std::sync::Arc;

/// Alerts that waited, with equal ones folded.
pub(super) struct Digest<'a> {
    /// In the order in which they were given.
    pub(super) groups: Vec<Group<'a>>,
    counts: [usize; 3],
    recovered: usize,
}

/// Alerts that tell of the same.
pub(super) struct Group<'a> {
    /// The first of them.
    pub(super) alert: &'a Alert,
    pub(super) count: usize,
    pub(super) last: SystemTime,
}

impl<'a> Digest<'a> {
    pub(super) fn of(alerts: &'a [Arc<Alert>]) -> Self {
        let mut digest = Self {
            groups: Vec::new(),
            counts: [0; 3],
            recovered: 0,
        };
        for alert in alerts {
            digest.add(alert);
        }
        digest
    }

    fn add(&mut self, alert: &'a Alert) {
        if alert.resolved {
            self.recovered += 1;
        } else {
            let severity = match alert.severity {
                Severity::Info => 2,
                Severity::Warning => 1,
                _ => 0,
            };
            self.counts[severity] += 1;
        }
        let key = |alert: &'a Alert| {
            (
                &alert.fingerprint,
                alert.severity,
                alert.resolved,
                alert.late,
                alert.details.get("stage"),
            )
        };
        let same = |group: &&mut Group<'a>| key(group.alert) == key(alert);
        match self.groups.iter_mut().find(same) {
            Some(group) => {
                group.count += 1;
                group.last = group.last.max(alert.raised_at);
            }
            None => self.groups.push(Group {
                alert,
                count: 1,
                last: alert.raised_at,
            }),
        }
    }

    /// `12 alerts: 3 critical, 8 warning, 1 recovered`
    pub(super) fn title(&self) -> String {
        let names = ["critical", "warning", "info", "recovered"];
        let counts = self.counts.into_iter().chain([self.recovered]);
        let parts: Vec<String> = counts
            .clone()
            .zip(names)
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        let all: usize = counts.sum();
        format!("{all} alerts: {}", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn equal_alerts_are_folded_and_all_are_counted() {
        let alert = |severity, message: &str, details: Value| {
            Arc::new(Alert::new(String::new(), severity, message, details))
        };
        let mut recovered = Alert::new(String::new(), Severity::Warning, "slow", Value::Null);
        recovered.resolved = true;
        let alerts = [
            alert(Severity::Critical, "failed", json!({"stage": "NBA-17"})),
            alert(Severity::Critical, "failed", json!({"stage": "NBA-18"})),
            alert(
                Severity::Critical,
                "failed",
                json!({"stage": "NBA-17", "x": 2}),
            ),
            alert(Severity::Warning, "slow", Value::Null),
            Arc::new(recovered),
        ];
        let digest = Digest::of(&alerts);
        assert_eq!(
            digest.title(),
            "5 alerts: 3 critical, 1 warning, 1 recovered"
        );
        let counts: Vec<usize> = digest.groups.iter().map(|group| group.count).collect();
        assert_eq!(counts, [2, 1, 1, 1]);
        assert_eq!(digest.groups[0].last, alerts[2].raised_at);
    }
}
