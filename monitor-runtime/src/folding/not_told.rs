//! What is not told, and why.

use monitor_config::{Condition, Severity};

#[cfg(feature = "__worker")]
use crate::alerts::Alert;
use crate::alerts::{Cause, More, headline};
use crate::desk::{AlertDesk, Origin, level};
use crate::fields::FieldValue;
use crate::logs::record::{Data, OWN, Record};

/// An alert that is not told, and why.
pub(super) struct Suppressed<'a> {
    pub(super) severity: Severity,
    pub(super) on: Option<Condition>,
    pub(super) what: &'a str,
    pub(super) reason: &'a str,
    pub(super) count: u64,
    pub(super) fingerprint: Option<&'a str>,
    pub(super) origin: Origin,
}

impl AlertDesk {
    pub(super) fn not_told(&self, cause: &Cause, reason: &str, more: Option<More>) {
        self.suppressed(&Suppressed {
            severity: cause.severity,
            on: Some(cause.on),
            what: &cause.message,
            reason,
            count: more.map_or(0, |more| more.count),
            fingerprint: Some(&cause.fingerprint),
            origin: cause.origin,
        });
    }

    /// The line of an alert that is not told.
    pub(super) fn suppressed(&self, alert: &Suppressed<'_>) {
        let mut data = vec![("reason", FieldValue::text(alert.reason))];
        let on = alert.on.map(Condition::as_str);
        data.extend(on.map(|on| ("on", FieldValue::text(on))));
        if alert.count > 0 {
            data.push(("count", FieldValue::U64(alert.count)));
        }
        let fingerprint = alert.fingerprint.map(FieldValue::text);
        data.extend(fingerprint.map(|text| ("fingerprint", text)));
        let said = headline(alert.severity, alert.what);
        let message = format!(
            "not told again: {said}",
            said = said.trim_start_matches("🚨 ")
        );
        let record = Record {
            message: &message,
            ..Record::new(
                level(alert.severity),
                "alert.suppressed",
                Data::Fields(&data, &[]),
            )
        };
        self.log().emit(OWN, &record.from(alert.origin));
        self.note_suppressed(alert.fingerprint, alert.what, alert.reason);
    }

    /// The line of an alert that no channel may have now: nobody has heard of it.
    #[cfg(feature = "__worker")]
    pub(crate) fn held_back(&self, alert: &Alert, origin: Origin) {
        Self::delivery(&self.folding, &alert.fingerprint, false);
        self.suppressed(&Suppressed {
            severity: alert.severity,
            on: None,
            what: &alert.message,
            reason: "the channels had too many",
            count: 0,
            fingerprint: Some(&alert.fingerprint),
            origin,
        });
    }
}
