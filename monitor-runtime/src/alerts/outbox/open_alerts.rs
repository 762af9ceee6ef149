//! What the outbox says is still to be delivered.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::Alert;

/// An alert that some channel has not delivered yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OpenAlert {
    pub(super) alert: Alert,
    /// The channels that are to deliver it.
    pub(super) channels: Vec<String>,
    /// How often each began to send it without an answer.
    unanswered: BTreeMap<String, Unanswered>,
    /// The run that is to see to it: the one that raised it, or that took it over.
    pub(super) run: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Unanswered {
    times: u32,
    /// The last time, as long as its process may still have an answer.
    is_under_way: bool,
}

impl OpenAlert {
    /// How often `channel` began to send it and was killed before an answer came.
    pub(super) fn unanswered(&self, channel: &str) -> u32 {
        self.unanswered.get(channel).map_or(0, |sent| sent.times)
    }
}

/// All of them, in the order in which they were raised.
#[derive(Debug, Default)]
pub(super) struct OpenAlerts {
    alerts: Vec<OpenAlert>,
    by_id: BTreeMap<String, usize>,
}

impl OpenAlerts {
    /// Takes notice of an entry.
    pub(super) fn see(&mut self, entry: &Map<String, Value>) {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("event") == "raised" {
            let alert = entry.get("alert").and_then(Alert::from_json);
            let channels = entry.get("channels").and_then(Value::as_array);
            if let (Some(alert), Some(channels)) = (alert, channels) {
                let channels = channels.iter().filter_map(Value::as_str);
                self.by_id.insert(alert.id.clone(), self.alerts.len());
                self.alerts.push(OpenAlert {
                    channels: channels.map(str::to_owned).collect(),
                    unanswered: BTreeMap::new(),
                    run: text("run").to_owned(),
                    alert,
                });
            }
            return;
        }
        let index = self.by_id.get(text("id")).copied();
        let Some(open) = index.and_then(|index| self.alerts.get_mut(index)) else {
            return;
        };
        match text("event") {
            "delivered" | "dead" => open.channels.retain(|channel| channel != text("channel")),
            "sending" => {
                let sent = open.unanswered.entry(text("channel").to_owned());
                let sent = sent.or_default();
                sent.times += 1;
                sent.is_under_way = true;
            }
            // There was an answer, or the end of the time for one. Or there was no connection.
            "attempted" => {
                if let Some(sent) = open.unanswered.get_mut(text("channel"))
                    && std::mem::take(&mut sent.is_under_way)
                {
                    sent.times -= 1;
                }
            }
            "taken" => {
                open.run = text("run").to_owned();
                let sent = open.unanswered.values_mut();
                sent.for_each(|sent| sent.is_under_way = false);
            }
            _ => {}
        }
    }

    pub(super) fn into_alerts(self) -> Vec<OpenAlert> {
        let is_open = |open: &OpenAlert| !open.channels.is_empty();
        self.alerts.into_iter().filter(is_open).collect()
    }
}
