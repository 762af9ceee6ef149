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
    on: Vec<String>,
    off: Vec<String>,
}

impl Routes {
    /// What monitor.toml says, else critical to e-mail and Slack, warning to Slack, both to
    /// every further channel that is on, and info to none.
    pub(super) fn new(file: &Alerts, is_on: impl Fn(&str) -> bool) -> Self {
        let further: Vec<String> = [Channel::Webhook, Channel::Alertmanager]
            .iter()
            .map(|channel| channel.as_str().to_owned())
            .filter(|channel| is_on(channel))
            .collect();
        Self::with_further(file, &further, is_on)
    }

    /// The same, where `further` are the further channels.
    pub(super) fn with_further(
        file: &Alerts,
        further: &[String],
        is_on: impl Fn(&str) -> bool,
    ) -> Self {
        let route = |chosen: &Option<Vec<String>>, default: &[Channel], further: &[String]| {
            let default = default.iter().map(|channel| channel.as_str().to_owned());
            let wanted = match chosen {
                Some(chosen) => chosen.clone(),
                None => default.chain(further.iter().cloned()).collect(),
            };
            let mut named: Vec<String> = Vec::new();
            for channel in wanted {
                if !named.contains(&channel) {
                    named.push(channel);
                }
            }
            let (on, off) = named.into_iter().partition(|channel| is_on(channel));
            Route { on, off }
        };
        Self {
            critical: route(&file.critical, &[Channel::Email, Channel::Slack], further),
            warning: route(&file.warning, &[Channel::Slack], further),
            info: route(&file.info, &[], &[]),
        }
    }

    /// Whether some severity leads to the channel.
    pub(super) fn lead_to(&self, channel: &str) -> bool {
        SEVERITIES
            .into_iter()
            .any(|severity| self.route(severity).on.iter().any(|on| on == channel))
    }

    /// The channels that an alert of this severity is delivered to.
    #[cfg(any(feature = "__worker", test))]
    pub(crate) fn of(&self, severity: Severity) -> &[String] {
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
            for (index, channel) in on.iter().enumerate() {
                let separator = if index > 0 { " + " } else { "" };
                write!(f, "{separator}{channel}")?;
            }
            for (index, channel) in off.iter().enumerate() {
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

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn the_original_routes_hold_by_default() {
        let original = |channel: &str| ["email", "slack"].contains(&channel);
        let routes = Routes::new(&Alerts::default(), original);
        assert_eq!(routes.of(Severity::Critical), ["email", "slack"]);
        assert_eq!(routes.of(Severity::Warning), ["slack"]);
        assert!(routes.of(Severity::Info).is_empty());
        assert_eq!(
            routes.to_string(),
            "critical -> email + slack, warning -> slack, info -> log only"
        );
    }

    #[test]
    fn a_further_channel_that_is_on_has_critical_alerts_and_warnings() {
        let is_on = |channel: &str| ["webhook", "pager"].contains(&channel);
        let further = names(&["webhook", "pager"]);
        let routes = Routes::with_further(&Alerts::default(), &further, is_on);
        assert_eq!(routes.of(Severity::Critical), ["webhook", "pager"]);
        assert_eq!(routes.of(Severity::Warning), ["webhook", "pager"]);
        assert!(routes.of(Severity::Info).is_empty());
        assert!(routes.lead_to("pager") && !routes.lead_to("email"));
        let file = Alerts {
            warning: Some(names(&["webhook"])),
            ..Alerts::default()
        };
        let routes = Routes::with_further(&file, &further, is_on);
        assert_eq!(routes.of(Severity::Warning), ["webhook"]);
    }

    #[test]
    fn a_channel_that_is_off_is_left_out_and_said() {
        let file = Alerts {
            info: Some(names(&["slack", "slack", "email"])),
            ..Alerts::default()
        };
        let routes = Routes::new(&file, |channel| channel == "email");
        assert_eq!(routes.of(Severity::Info), ["email"]);
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
