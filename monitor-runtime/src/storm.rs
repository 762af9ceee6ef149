//! A storm of different troubles: what the rules ask for is given to a channel at a bounded rate, and the
//! rest is summed up. What a program raises by hand is always given.

use crate::alerts::Alert;
use crate::desk::{AlertDesk, Origin};

#[cfg(not(feature = "__worker"))]
impl AlertDesk {
    /// Tells an alert that a rule asks for.
    pub(crate) fn say_within_limit(&self, alert: Alert, origin: Origin) {
        self.say(alert, origin);
    }

    pub(crate) fn sum_up_storm(&self, _at_the_end: bool) {}
}

#[cfg(feature = "__worker")]
mod worker {
    use serde_json::json;

    use super::{Alert, AlertDesk, Origin};

    impl AlertDesk {
        /// Tells an alert that a rule asks for, on the channels that may have it now.
        pub(crate) fn say_within_limit(&self, mut alert: Alert, origin: Origin) {
            let route = self.route_of(&alert);
            let now = self.now();
            let mut limit = self.limit();
            let given =
                |channel: &&String| limit.gives(channel, alert.severity, &alert.message, now);
            let allowed: Vec<String> = route.iter().filter(given).cloned().collect();
            drop(limit);
            if allowed.is_empty() && !route.is_empty() {
                self.held_back(&alert, origin);
                return;
            }
            if allowed.len() < route.len() {
                alert.channels = allowed;
            }
            self.say(alert, origin);
        }

        /// Tells what was held back from channels that may have more by now, or from all of
        /// them.
        pub(crate) fn sum_up_storm(&self, at_the_end: bool) {
            let now = self.now();
            let held = if at_the_end {
                self.limit().drain(now)
            } else {
                self.limit().sum_up(now)
            };
            for held in held {
                let (count, channel) = (held.count, &held.channel);
                let message = format!(
                    "{count} more alerts were held back from {channel}, which had too many; the last: {}",
                    held.last
                );
                let details = json!({"held_back": count, "channel": channel});
                let alert = Alert {
                    channels: vec![channel.clone()],
                    ..self.alert(held.severity, &message, details)
                };
                self.say(alert, Origin::default());
            }
        }
    }
}
