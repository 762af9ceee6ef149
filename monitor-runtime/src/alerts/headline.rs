//! The line that tells of an alert in the log.

use super::Severity;

/// `🚨 ALERT [CRITICAL]: Pipeline failed`: the original's words.
pub(crate) fn headline(severity: Severity, message: &str) -> String {
    format!("🚨 ALERT [{severity}]: {message}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_is_the_originals() {
        assert_eq!(
            headline(Severity::Critical, "Pipeline failed"),
            "🚨 ALERT [CRITICAL]: Pipeline failed"
        );
    }
}
