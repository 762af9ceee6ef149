//! The settings of alerts by e-mail.

use std::{net::Ipv6Addr, path::PathBuf};

use super::{
    environment::{Environment, Sourced},
    secret::Secret,
};

const DEFAULT_SMTP_HOST: &str = "smtp.gmail.com";
/// Mail submission with STARTTLS.
const DEFAULT_SMTP_PORT: u16 = 587;

/// What it takes to send a mail.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "email"),
    expect(dead_code, reason = "only the sender needs all of it")
)]
pub(super) struct EmailSettings {
    pub(super) user: String,
    pub(super) password: Secret,
    pub(super) from: Sourced<String>,
    pub(super) to: Sourced<Vec<String>>,
    pub(super) subject_prefix: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) ca_file: Option<Sourced<PathBuf>>,
}

impl EmailSettings {
    /// What is set, or nothing where the channel is off or a mistake was noted.
    pub(super) fn resolve(
        file: &monitor_config::Email,
        subject_prefix: String,
        environment: &mut Environment<'_>,
    ) -> Option<Self> {
        if !environment
            .switch("ALERT_EMAIL_ENABLED")
            .or(file.enabled)
            .unwrap_or(false)
        {
            return None;
        }
        if cfg!(not(feature = "email")) {
            environment.reject_missing_feature("ALERT_EMAIL_ENABLED", "email");
        }
        let user = environment.text_or(
            "EMAIL_USER",
            "alerts.email.user in monitor.toml",
            file.user.as_deref(),
        );
        if user.is_none() {
            environment.reject("EMAIL_USER", "is not set, but alerts by e-mail are on");
        }
        let password = environment.secret("EMAIL_PASS");
        if password.is_none() {
            environment.reject("EMAIL_PASS", "is not set, but alerts by e-mail are on");
        }
        let from = sender(file, user.as_ref(), environment);
        let to = recipients(file, environment);
        let server = server(file, environment);
        let ca_file = environment
            .text_or(
                "SMTP_CA_FILE",
                "alerts.email.ca_file in monitor.toml",
                file.ca_file.as_deref(),
            )
            .map(|Sourced { value, origin }| Sourced {
                value: PathBuf::from(value),
                origin,
            });
        let (host, port) = server?;
        Some(Self {
            user: user?.value,
            password: password?,
            from: from?,
            to: to?,
            subject_prefix,
            host,
            port,
            ca_file,
        })
    }
}

/// Who the mail is from: by default the account that sends it. A user name that
/// is no address (as with many mail services) is not repeated in the error.
fn sender(
    file: &monitor_config::Email,
    user: Option<&Sourced<String>>,
    environment: &mut Environment<'_>,
) -> Option<Sourced<String>> {
    match environment.text_or(
        "ALERT_EMAIL_FROM",
        "alerts.email.from in monitor.toml",
        file.from.as_deref(),
    ) {
        Some(from) if is_address(&from.value) => Some(from),
        Some(from) => {
            let reason = format!("{:?} is not a mail address", from.value);
            environment.reject(from.origin, reason);
            None
        }
        None => match user {
            Some(user) if is_address(&user.value) => Some(user.clone()),
            Some(_) => {
                let reason =
                    "is not set, and EMAIL_USER, which stands in for it, is not a mail address";
                environment.reject("ALERT_EMAIL_FROM", reason);
                None
            }
            None => None,
        },
    }
}

fn recipients(
    file: &monitor_config::Email,
    environment: &mut Environment<'_>,
) -> Option<Sourced<Vec<String>>> {
    let (origin, list) = match environment.text("ALERT_EMAIL_TO") {
        Some(text) => (
            "ALERT_EMAIL_TO",
            text.split(',').map(str::to_owned).collect(),
        ),
        None => ("alerts.email.to in monitor.toml", file.to.clone()),
    };
    let mut to: Vec<String> = Vec::new();
    for address in list.iter().map(|address| address.trim()) {
        if address.is_empty() || to.iter().any(|known| known == address) {
            continue;
        }
        if !is_address(address) {
            environment.reject(origin, format!("{address:?} is not a mail address"));
        }
        to.push(address.to_owned());
    }
    if to.is_empty() {
        environment.reject(
            "ALERT_EMAIL_TO",
            "is not set, but alerts by e-mail are on; name one or more recipients, separated by commas",
        );
        return None;
    }
    Some(Sourced { value: to, origin })
}

/// `SMTP_HOST` replaces the file's host and port together, since another
/// server's port is no good guess; without a host of its own the file's port counts.
fn server(
    file: &monitor_config::Email,
    environment: &mut Environment<'_>,
) -> Option<(String, u16)> {
    let Some(Sourced { value, origin }) = environment.text_or(
        "SMTP_HOST",
        "alerts.email.host in monitor.toml",
        file.host.as_deref(),
    ) else {
        return Some((
            DEFAULT_SMTP_HOST.to_owned(),
            file.port.unwrap_or(DEFAULT_SMTP_PORT),
        ));
    };
    let file_port = match origin {
        "SMTP_HOST" if file.host.is_some() => None,
        _ => file.port,
    };
    match host_and_port(&value) {
        Some((host, port)) => Some((host, port.or(file_port).unwrap_or(DEFAULT_SMTP_PORT))),
        None => {
            let reason = "is not a host or host:port, such as smtp.example.org:587";
            environment.reject(origin, reason);
            None
        }
    }
}

/// Reads `host`, `host:port`, `[::1]:port` and a bare IPv6 address.
fn host_and_port(text: &str) -> Option<(String, Option<u16>)> {
    if text.parse::<Ipv6Addr>().is_ok() {
        return Some((text.to_owned(), None));
    }
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            match after {
                "" => (host, None),
                after => (host, Some(after.strip_prefix(':')?)),
            }
        }
        None => {
            let (host, port) = text
                .split_once(':')
                .map_or((text, None), |(host, port)| (host, Some(port)));
            let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            if host.is_empty() || !host.chars().all(legal) {
                return None;
            }
            (host, port)
        }
    };
    let port = match port {
        Some(port) => Some(port.parse().ok().filter(|&port: &u16| port > 0)?),
        None => None,
    };
    Some((host.to_owned(), port))
}

/// `data@example.org` or `Data team <data@example.org>`.
#[cfg(feature = "email")]
fn is_address(text: &str) -> bool {
    !text.contains(char::is_control) && text.parse::<lettre::message::Mailbox>().is_ok()
}

/// Without the sender the missing feature is the mistake to name, not an address.
#[cfg(not(feature = "email"))]
fn is_address(_: &str) -> bool {
    true
}
