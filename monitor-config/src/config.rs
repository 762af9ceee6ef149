//! What `monitor.toml` says, once it has been checked.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::{Limits, Log, Rule, Severity};

/// The content of a `monitor.toml`; the default is that of an empty file.
///
/// ```
/// use monitor_config::Config;
///
/// let config = Config::parse("[pipeline]\nname = \"nba_pipeline\"").expect("the file has no mistake");
/// assert_eq!(config.pipeline.name.as_deref(), Some("nba_pipeline"));
/// assert_eq!(Config::parse(""), Ok(Config::default()));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// `[pipeline]`: the program as a whole.
    pub pipeline: Pipeline,
    /// `[stages.<id>]`: the declared stages. `None` without such a table: then every stage id is allowed.
    pub stages: Option<BTreeMap<String, Stage>>,
    /// `[budgets.<name>]`: the retry budgets. `None` without such a table: then every name is allowed.
    pub budgets: Option<BTreeMap<String, Budget>>,
    /// `[log]`: how the log is written.
    pub log: Log,
    /// `[alerts]`: where alerts go.
    pub alerts: Alerts,
}

/// `[pipeline]`: the program as a whole.
///
/// ```
/// assert!(monitor_config::Pipeline::default().redact.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// The name in every log line.
    pub name: Option<String>,
    /// The folder of the log files.
    pub logs: Option<String>,
    /// How many records of runs are kept, at least 1.
    pub keep_runs: Option<u64>,
    /// Where the live page is served.
    pub serve: Option<SocketAddr>,
    /// The environment variables whose values are masked in all output.
    pub redact: Vec<String>,
}

/// `[stages.<id>]`: what is known about one stage.
///
/// ```
/// use monitor_config::Config;
/// use std::time::Duration;
///
/// let config = Config::parse("[stages.NBA-17]\nmax_duration = \"2m\"").expect("the file has no mistake");
/// let stages = config.stages.expect("the file has stages");
/// assert_eq!(stages["NBA-17"].limits.max_duration, Some(Duration::from_secs(120)));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stage {
    /// What the stage does, for people.
    pub title: Option<String>,
    /// Who is asked when the stage fails.
    pub owner: Option<String>,
    /// Where it is written what to do then.
    pub runbook: Option<String>,
    /// What its calls should not cross.
    pub limits: Limits,
    /// `[[stages.<id>.alerts]]`: what raises an alert, beside the rules of the attributes.
    pub alerts: Vec<Rule>,
}

/// `[budgets.<name>]`: how many retries the functions that share a budget may spend.
///
/// ```
/// let budget = monitor_config::Budget::default();
/// assert_eq!((budget.ratio, budget.floor), (0.1, 10.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Retries per call, above 0 and at most 1.
    pub ratio: f64,
    /// Retries a second that are always allowed.
    pub floor: f64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            ratio: 0.1,
            floor: 10.0,
        }
    }
}

/// `[alerts]`: where alerts go. A route that is `None` was not written; an empty one was.
///
/// ```
/// use monitor_config::Config;
///
/// let config = Config::parse("[alerts]\nwarning = [\"slack\"]").expect("the file has no mistake");
/// assert_eq!(config.alerts.warning, Some(vec!["slack".to_owned()]));
/// assert_eq!(config.alerts.info, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alerts {
    /// The channels of [`Severity::Critical`].
    pub critical: Option<Vec<String>>,
    /// The channels of [`Severity::Warning`].
    pub warning: Option<Vec<String>>,
    /// The channels of [`Severity::Info`].
    pub info: Option<Vec<String>>,
    /// The channels that the program registers itself.
    pub channels: Vec<String>,
    /// What the subject of each mail begins with.
    pub subject_prefix: Option<String>,
    /// `[alerts.email]`
    pub email: Email,
    /// `[alerts.slack]`
    pub slack: Slack,
    /// `[alerts.webhook]`
    pub webhook: Webhook,
    /// `[alerts.alertmanager]`
    pub alertmanager: Alertmanager,
}

impl Alerts {
    /// Why alerts of a severity could not leave the program, if that is so: their route was written as empty. That of
    /// [`Severity::Info`] is empty unless written.
    ///
    /// ```
    /// use monitor_config::{Alerts, Severity};
    ///
    /// let alerts = Alerts { warning: Some(Vec::new()), ..Alerts::default() };
    /// assert!(alerts.without_a_route(Severity::Warning).is_some());
    /// assert_eq!(alerts.without_a_route(Severity::Critical), None);
    /// ```
    #[must_use]
    pub fn without_a_route(&self, severity: Severity) -> Option<String> {
        let (key, route) = match severity {
            Severity::Info => return None,
            Severity::Warning => ("warning", &self.warning),
            Severity::Critical => ("critical", &self.critical),
        };
        let is_empty = route.as_ref().is_some_and(Vec::is_empty);
        is_empty.then(|| {
            format!(
                "nobody is told of it: `{key} = []` in [alerts] of monitor.toml sends these alerts nowhere; \
                 name a channel there, or write `channel = \"slack\"` for this rule"
            )
        })
    }
}

/// `[alerts.email]`: how mails are sent. The password is read from the environment only.
///
/// ```
/// assert_eq!(monitor_config::Email::default().enabled, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Email {
    /// Whether mails are sent.
    pub enabled: Option<bool>,
    /// The recipients.
    pub to: Vec<String>,
    /// The sender.
    pub from: Option<String>,
    /// The user at the SMTP server.
    pub user: Option<String>,
    /// The SMTP server.
    pub host: Option<String>,
    /// The SMTP server's port.
    pub port: Option<u16>,
    /// A file with further certificates to trust.
    pub ca_file: Option<String>,
}

/// `[alerts.slack]`: how Slack is reached. The webhook is read from the environment only.
///
/// ```
/// assert!(monitor_config::Slack::default().hosts.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slack {
    /// Whether messages are sent.
    pub enabled: Option<bool>,
    /// Further hosts that a webhook may point to.
    pub hosts: Vec<String>,
}

/// `[alerts.webhook]`: where signed messages go. Address and key are read from the environment only.
///
/// ```
/// assert!(monitor_config::Webhook::default().hosts.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Webhook {
    /// Whether messages are sent.
    pub enabled: Option<bool>,
    /// The hosts that the address may be on.
    pub hosts: Vec<String>,
}

/// `[alerts.alertmanager]`: which Alertmanager is told. Its address is read from the environment only.
///
/// ```
/// assert_eq!(monitor_config::Alertmanager::default().enabled, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alertmanager {
    /// Whether alerts are sent.
    pub enabled: Option<bool>,
    /// The hosts that it may be on, also without TLS.
    pub hosts: Vec<String>,
}
