//! Which severity goes to which channel.

use std::fmt;

use monitor_config::{Alerts, Channel, Severity};

/// From the loudest to the quietest, as a person reads them.
const SEVERITIES: [Severity; 3] = [Severity::Critical, Severity::Warning, Severity::Info];

/// The routes of a run. Only channels that are switched on are on a route; the
/// others are remembered for [`Routes`]' display, which goes into the start-up line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Routes {
    critical: Route,
    warning: Route,
    info: Route,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Route {
    on: Vec<Channel>,
    off: Vec<Channel>,
}

impl Routes {
    /// What monitor.toml says, else critical to e-mail and Slack, warning to
    /// Slack, info to none.
    pub(super) fn new(file: &Alerts, is_on: impl Fn(Channel) -> bool) -> Self {
        let route = |chosen: &Option<Vec<Channel>>, default: &[Channel]| {
            let mut named: Vec<Channel> = Vec::new();
            for &channel in chosen.as_deref().unwrap_or(default) {
                if !named.contains(&channel) {
                    named.push(channel);
                }
            }
            let (on, off) = named.into_iter().partition(|&channel| is_on(channel));
            Route { on, off }
        };
        Self {
            critical: route(&file.critical, &[Channel::Email, Channel::Slack]),
            warning: route(&file.warning, &[Channel::Slack]),
            info: route(&file.info, &[]),
        }
    }

    /// The channels that an alert of this severity is delivered to.
    #[cfg(any(feature = "__worker", test))]
    pub(crate) fn of(&self, severity: Severity) -> &[Channel] {
        &self.route(severity).on
    }

    fn route(&self, severity: Severity) -> &Route {
        match severity {
            Severity::Info => &self.info,
            Severity::Warning => &self.warning,
            // Should there ever be another one, better too loud than lost.
            _ => &self.critical,
        }
    }
}

/// `critical -> email (slack is off), warning -> log only (slack is off), info -> log only`
impl fmt::Display for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, severity) in SEVERITIES.into_iter().enumerate() {
            let Route { on, off } = self.route(severity);
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{} -> ", severity.to_string().to_lowercase())?;
            if on.is_empty() {
                f.write_str("log only")?;
            }
            for (index, &channel) in on.iter().enumerate() {
                let separator = if index > 0 { " + " } else { "" };
                write!(f, "{separator}{channel}")?;
            }
            for (index, &channel) in off.iter().enumerate() {
                let separator = if index > 0 { ", " } else { " (" };
                write!(f, "{separator}{channel}")?;
            }
            match off.len() {
                0 => {}
                1 => f.write_str(" is off)")?,
                _ => f.write_str(" are off)")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_original_routes_hold_by_default() {
        let routes = Routes::new(&Alerts::default(), |_| true);
        assert_eq!(
            routes.of(Severity::Critical),
            [Channel::Email, Channel::Slack]
        );
        assert_eq!(routes.of(Severity::Warning), [Channel::Slack]);
        assert_eq!(routes.of(Severity::Info), []);
        assert_eq!(
            routes.to_string(),
            "critical -> email + slack, warning -> slack, info -> log only"
        );
    }

    #[test]
    fn a_channel_that_is_off_is_left_out_and_said() {
        let file = Alerts {
            info: Some(vec![Channel::Slack, Channel::Slack, Channel::Email]),
            ..Alerts::default()
        };
        let routes = Routes::new(&file, |channel| channel == Channel::Email);
        assert_eq!(routes.of(Severity::Info), [Channel::Email]);
        assert_eq!(
            routes.to_string(),
            "critical -> email (slack is off), warning -> log only (slack is off), \
             info -> email (slack is off)"
        );
        let routes = Routes::new(&file, |_| false);
        assert!(
            routes
                .to_string()
                .starts_with("critical -> log only (email, slack are off)")
        );
    }
}
