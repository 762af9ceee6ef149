//! The rules for single values: addresses, hosts, names of environment variables.
//!
//! No message repeats the value: a webhook, a password or a mail server's login is easily written into the wrong key,
//! and messages end up in build logs.

use std::net::IpAddr;

/// Refuses text that would break the line in which it is shown.
pub(crate) fn one_line(text: &str) -> Result<String, String> {
    if text.contains(char::is_control) {
        return Err(
            "the text holds a line break or another control character: write it on one line"
                .to_owned(),
        );
    }
    Ok(text.to_owned())
}

/// Checks that text is an e-mail address and nothing around it.
pub(crate) fn address(text: &str) -> Result<String, String> {
    let blank = |c: char| c.is_whitespace() || c.is_control();
    match text.split_once('@') {
        Some((name, host))
            if !name.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !text.contains(blank) =>
        {
            Ok(text.to_owned())
        }
        _ => Err(
            "this is not an e-mail address: write the address alone, with one @ and no spaces, \
             such as \"data@example.org\""
                .to_owned(),
        ),
    }
}

/// Checks that text is a host name or an IP address; `example` is one for the message.
pub(crate) fn host(text: &str, example: &str) -> Result<String, String> {
    if is_host(text) {
        return Ok(text.to_owned());
    }
    let proposal = host_within(text).unwrap_or(example);
    Err(format!(
        "this is not a host name: write the name alone, without scheme, port, path or spaces, such as \"{proposal}\""
    ))
}

/// Checks that text is the name of an environment variable.
pub(crate) fn variable(text: &str) -> Result<String, String> {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts_well && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(text.to_owned());
    }
    Err(
        "this is not the name of an environment variable: write the name, such as \"NBA_API_KEY\", never the secret \
         itself"
            .to_owned(),
    )
}

/// Whether a key is one under which people write secrets.
pub(crate) fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    matches!(
        key.as_str(),
        "password"
            | "passwd"
            | "pass"
            | "webhook"
            | "webhooks"
            | "webhook_url"
            | "url"
            | "token"
            | "secret"
            | "api_key"
            | "email_pass"
            | "smtp_password"
            | "slack_webhook_url"
            | "alert_webhook_url"
            | "alert_webhook_secret"
            | "alertmanager_url"
            | "key"
            | "hmac_key"
    )
}

fn is_host(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    text.parse::<IpAddr>().is_ok() || text.split('.').all(part)
}

/// The host within a URL or a `host:port`, and nothing of what could be secret around it.
fn host_within(text: &str) -> Option<&str> {
    let (_, after_scheme) = text.split_once("://").unwrap_or(("", text));
    let authority = after_scheme.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    // Without a dot it could be any word, such as the user in front of a password.
    (host.contains('.') && is_host(host)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_at_and_no_blanks() {
        assert!(address("data@example.org").is_ok());
        for wrong in [
            "",
            "data",
            "@",
            "a@",
            "@b",
            "a@b@c",
            "a @b",
            "a@b\n",
            "Data <data@example.org>",
        ] {
            assert!(address(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn hosts_are_bare() {
        for right in [
            "smtp.gmail.com",
            "localhost",
            "mail_relay",
            "127.0.0.1",
            "::1",
        ] {
            assert_eq!(host(right, "example.org"), Ok(right.to_owned()));
        }
        for (wrong, proposal) in [
            ("", "smtp.gmail.com"),
            ("smtp.example.org:587", "smtp.example.org"),
            (
                "https://hooks.example.org/services/T0/B0/x",
                "hooks.example.org",
            ),
            ("smtps://user:hunter2@mail.example.org", "mail.example.org"),
            ("user:hunter2", "smtp.gmail.com"),
            ("a..b", "smtp.gmail.com"),
            ("mail example", "smtp.gmail.com"),
        ] {
            assert_eq!(
                host(wrong, "smtp.gmail.com").unwrap_err(),
                format!(
                    "this is not a host name: write the name alone, without scheme, port, path or spaces, \
                     such as \"{proposal}\""
                )
            );
        }
    }

    #[test]
    fn variables_are_names() {
        for right in ["NBA_API_KEY", "_x", "key2"] {
            assert!(variable(right).is_ok());
        }
        for wrong in ["", "2KEY", "NBA-KEY", "$NBA_KEY", "NBA KEY", "É"] {
            assert!(variable(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn secrets_are_known_in_every_spelling() {
        assert!(is_secret("Webhook-URL"));
        assert!(is_secret("PASSWORD"));
        assert!(!is_secret("user"));
    }
}
