//! The address that a channel posts to: which ones are accepted, and how it is kept secret.

use std::net::{IpAddr, Ipv6Addr};

use super::secret::Secret;

/// Where Slack's webhooks live.
const KNOWN_HOST: &str = "hooks.slack.com";

/// Who is posted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Slack,
    Webhook,
    Alertmanager,
}

impl Service {
    /// Where the address is written.
    pub(super) fn variable(self) -> &'static str {
        match self {
            Self::Slack => "SLACK_WEBHOOK_URL",
            Self::Webhook => "ALERT_WEBHOOK_URL",
            Self::Alertmanager => "ALERTMANAGER_URL",
        }
    }

    /// For a person.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::Slack => "Slack",
            Self::Webhook => "a webhook",
            Self::Alertmanager => "Alertmanager",
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Webhook => "webhook",
            Self::Alertmanager => "alertmanager",
        }
    }
}

/// A webhook's address that was found to be safe to send to. Its path is the
/// credential: whoever knows it can post. So only the host is ever shown.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "__http"),
    expect(dead_code, reason = "only the sender needs all of it")
)]
pub(super) struct WebhookUrl {
    pub(super) service: Service,
    /// The whole address.
    pub(super) address: Secret,
    /// The host as it is written, in small letters, without port.
    pub(super) host: String,
    /// `https`.
    pub(super) encrypted: bool,
    /// This machine itself.
    pub(super) loopback: bool,
}

impl WebhookUrl {
    /// Accepts https to Slack's own host or to one of `hosts`, and, to this machine, plain
    /// http too. An Alertmanager mostly lives in a private network and without a
    /// certificate: the hosts that are named for it may be reached by plain http.
    ///
    /// The reading is stricter than a browser's on purpose: what another parser
    /// might take for another host (a backslash, an escape, user information) is
    /// refused instead of understood. No error repeats anything but the host.
    pub(super) fn parse(text: &str, service: Service, hosts: &[String]) -> Result<Self, String> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("must not contain blanks or control characters".into());
        }
        if text.contains('\\') {
            return Err("must not contain a backslash".into());
        }
        let (scheme, rest) = text
            .split_once("://")
            .ok_or("is not an address; it starts with https://")?;
        let encrypted = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err("must start with https://".into()),
        };
        let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(authority_end);
        if authority.contains('@') {
            return Err("must not contain a user or password before the host".into());
        }
        let host = host_of(authority)?;
        let loopback = is_loopback(&host);
        let named = hosts
            .iter()
            .any(|named| named.trim().eq_ignore_ascii_case(&host));
        let is_slack = service == Service::Slack;
        if !(loopback || named || is_slack && host == KNOWN_HOST) {
            let known = if is_slack {
                format!("the host {host} is not {KNOWN_HOST}")
            } else {
                format!("the host {host} is not known")
            };
            return Err(format!(
                "{known}; name it in monitor.toml under [alerts] {} = {{ hosts = [\"{host}\"] }} \
                 if it is meant",
                service.table()
            ));
        }
        if !encrypted && !loopback && service != Service::Alertmanager {
            return Err(format!(
                "must use https for {host}; only this machine itself may be reached by http"
            ));
        }
        if is_slack && path.len() < 2 && !loopback {
            return Err(format!("has no path after the host {host}"));
        }
        Ok(Self {
            service,
            address: Secret::new(text),
            host,
            encrypted,
            loopback,
        })
    }
}

/// The host in small letters, without brackets and port.
fn host_of(authority: &str) -> Result<String, String> {
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or("has a broken host")?;
        let address: Ipv6Addr = host.parse().map_err(|_| "has a broken host")?;
        (
            address.to_string(),
            after
                .strip_prefix(':')
                .or((!after.is_empty()).then_some("?")),
        )
    } else {
        let (host, port) = authority
            .split_once(':')
            .map_or((authority, None), |(host, port)| (host, Some(port)));
        let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if host.is_empty() || !host.chars().all(legal) {
            return Err("has a broken host".into());
        }
        (host.to_ascii_lowercase(), port)
    };
    match port.map(str::parse::<u16>) {
        None | Some(Ok(1..)) => Ok(host),
        Some(_) => Err(format!("has a broken port after the host {host}")),
    }
}

/// Whether a host means this machine.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "services/T00/B00/s3cr3tpath";

    fn parse(text: &str) -> Result<WebhookUrl, String> {
        WebhookUrl::parse(text, Service::Slack, &["Chat.Example.org".to_owned()])
    }

    #[test]
    fn slack_named_hosts_and_loopback_are_accepted() {
        for (text, host, encrypted, loopback) in [
            ("https://hooks.slack.com/", "hooks.slack.com", true, false),
            (
                "HTTPS://Hooks.Slack.com:443/",
                "hooks.slack.com",
                true,
                false,
            ),
            ("https://chat.example.org/", "chat.example.org", true, false),
            ("http://127.0.0.1:8080/", "127.0.0.1", false, true),
            ("http://127.8.9.1/", "127.8.9.1", false, true),
            ("http://localhost:1/", "localhost", false, true),
            ("http://[::1]:8080/", "::1", false, true),
            ("https://localhost/", "localhost", true, true),
        ] {
            let url = parse(&format!("{text}{PATH}")).unwrap();
            assert_eq!(
                (url.host.as_str(), url.encrypted, url.loopback),
                (host, encrypted, loopback),
                "{text}"
            );
            assert!(!format!("{url:?}").contains("s3cr3t"));
        }
    }

    #[test]
    fn everything_else_is_refused_without_repeating_the_path() {
        for text in [
            "https://evil.example/",
            "https://hooks.slack.com.evil.example/",
            "https://hooks.slack.com@evil.example/",
            "https://user:pass@hooks.slack.com/",
            "https://hooks.slack.com\\@evil.example/",
            "https://hooks.slack.com%2eevil.example/",
            "https://hooks.slack.com:0/",
            "https://hooks.slack.com:99999/",
            "https://hooks.slack.com:/",
            "http://hooks.slack.com/",
            "http://chat.example.org/",
            "http://10.0.0.1/",
            "http://127.1/",
            "http://0x7f.0.0.1/",
            "http://[::1/",
            "http://[::1]x/",
            "http://[::2]/",
            "http://localhost.evil.example/",
            "ftp://hooks.slack.com/",
            "hooks.slack.com/",
            "https:///",
            "https:// hooks.slack.com/",
            "https://hooks.slack.com/\r\n",
            "https://hooks.slаck.com/",
        ] {
            let error = parse(&format!("{text}{PATH}")).unwrap_err();
            for secret in ["s3cr3t", "services", "pass@", "user"] {
                assert!(
                    !error.contains(secret) || error.contains("a user or"),
                    "{text}: {error}"
                );
            }
        }
        assert!(parse("https://hooks.slack.com").is_err());
        assert!(parse("https://hooks.slack.com/").is_err());
        assert!(parse("").is_err());
    }

    #[test]
    fn the_others_post_to_hosts_that_monitor_toml_names() {
        let hosts = ["hooks.example.org".to_owned(), "alertmanager".to_owned()];
        for (service, text, is_right) in [
            (Service::Webhook, "https://hooks.example.org/x", true),
            (Service::Webhook, "http://127.0.0.1:9/x", true),
            (Service::Webhook, "http://hooks.example.org/x", false),
            (Service::Webhook, "https://hooks.slack.com/x", false),
            (Service::Webhook, "https://elsewhere.example/x", false),
            (Service::Alertmanager, "http://alertmanager:9093", true),
            (Service::Alertmanager, "http://localhost:9093/", true),
            (Service::Alertmanager, "http://elsewhere:9093", false),
            (Service::Alertmanager, "http://u:p@alertmanager:9093", false),
        ] {
            let parsed = WebhookUrl::parse(text, service, &hosts);
            assert_eq!(parsed.is_ok(), is_right, "{text}: {parsed:?}");
        }
        let error = WebhookUrl::parse("https://x.example/k33p", Service::Webhook, &[]).unwrap_err();
        assert!(error.contains("[alerts] webhook = { hosts = [\"x.example\"] }"));
        assert!(!error.contains("k33p"));
    }
}
