//! The channels that a program has registered, until the run starts.

use std::fmt;
#[cfg(feature = "channels")]
use std::sync::Arc;

use monitor_config::Alerts;

use super::environment::Environment;
#[cfg(feature = "channels")]
use super::own::{AlertChannel, Own};

/// Channels by name, in the order in which they were registered.
#[derive(Clone, Default)]
pub(crate) struct Registered {
    #[cfg(feature = "channels")]
    channels: Vec<(String, Arc<dyn AlertChannel>)>,
}

impl Registered {
    #[cfg(feature = "channels")]
    pub(crate) fn add(&mut self, channel: impl AlertChannel) {
        let name = channel.name().to_owned();
        self.channels.push((name, Arc::new(channel)));
    }

    #[cfg(feature = "channels")]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.channels.iter().map(|(name, _)| name.as_str())
    }

    #[cfg(not(feature = "channels"))]
    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }

    #[cfg(feature = "channels")]
    pub(super) fn opened(&self) -> impl Iterator<Item = Own> {
        let open = |(name, channel): &(String, _)| Own::new(name.clone(), Arc::clone(channel));
        self.channels.iter().map(open)
    }

    /// Names that are wrong, and routes to channels that nobody registered.
    pub(super) fn check(&self, file: &Alerts, environment: &mut Environment<'_>) {
        let names: Vec<&str> = self.names().collect();
        for (index, name) in names.iter().enumerate() {
            if let Err(reason) = monitor_config::own_channel(name) {
                environment.reject("Builder::alert_channel", reason);
            } else if names[..index].contains(name) {
                let reason = format!("two channels are called `{name}`: rename one of the two");
                environment.reject("Builder::alert_channel", reason);
            }
        }
        let routes = [
            ("critical", &file.critical),
            ("warning", &file.warning),
            ("info", &file.info),
        ];
        for (severity, route) in routes {
            let missing = route.iter().flatten().filter(|channel| {
                monitor_config::Channel::parse(channel).is_err()
                    && !names.contains(&channel.as_str())
            });
            for channel in missing {
                environment.reject(
                    format!("alerts.{severity} in monitor.toml"),
                    format!(
                        "no channel `{channel}` is registered: do that with \
                         `Monitor::builder().alert_channel(…)`, feature \"channels\" of \
                         monitor-runtime, or take it off the route"
                    ),
                );
            }
        }
    }
}

impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}
