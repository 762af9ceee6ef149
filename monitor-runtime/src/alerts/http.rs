//! One HTTP POST to an address that is a secret, and what its answer means.

use std::{error::Error as _, sync::Arc, time::Duration};

use reqwest::{Client, Response, StatusCode, Url, header, redirect};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::{
    announced::Announced,
    channel::Failure,
    environment::SettingsError,
    secret::Secret,
    sending,
    webhook_url::{Service, WebhookUrl},
};
use crate::retry::http::parse_retry_after;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// One attempt at most, so that a second one fits into the wait at a run's end.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);
/// As much of an answer as is read, in bytes: Slack's are one word.
const ANSWER_MAX: usize = 256;
/// Shorter parts of an address turn up in texts that have nothing to do with it.
const SECRET_MIN: usize = 6;

/// Posts to one address. Redirects are not followed, so the secret path goes to
/// the host that was checked and to no other.
///
/// A proxy is used where `HTTPS_PROXY` or `ALL_PROXY` names one (it sees the
/// host, not the path), and never for this machine itself.
pub(super) struct Post {
    client: Client,
    url: Url,
    name: &'static str,
    /// What an answer could repeat of the address.
    secrets: Vec<Secret>,
}

impl Post {
    /// `name` is the service's, for a person; `below` a path below the address.
    pub(super) fn new(
        address: &WebhookUrl,
        name: &'static str,
        below: &str,
    ) -> Result<Self, SettingsError> {
        let error = |reason: String| SettingsError::new(address.service.variable(), reason);
        let mut url = Url::parse(address.address.expose())
            .map_err(|problem| error(format!("is not a valid address: {problem}")))?;
        // Two parsers that disagree about the host are how such checks are bypassed.
        let host = url.host_str().unwrap_or_default();
        if host.trim_matches(['[', ']']) != address.host {
            return Err(error("has a host that can be read in two ways".into()));
        }
        let secrets = secret_parts(&url);
        if !below.is_empty() {
            let path = format!("{}{below}", url.path().trim_end_matches('/'));
            url.set_path(&path);
        }
        let mut builder = Client::builder()
            .tls_backend_preconfigured(
                tls(address.encrypted).map_err(|problem| error(problem.to_string()))?,
            )
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            // Messages are rare, and a connection that went stale looks like a failure.
            .pool_max_idle_per_host(0);
        // A proxy of the public net does not know the hosts of a private one.
        if address.loopback || address.service == Service::Alertmanager {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|problem| error(chain(&problem.without_url())))?;
        Ok(Self {
            client,
            url,
            name,
            secrets,
        })
    }

    /// Posts a JSON text with these further headers.
    pub(super) async fn json(
        &self,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<(), Failure> {
        let mut request = self
            .client
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .body(reqwest::Body::wrap(Announced::new(
                body,
                sending::current(),
            )));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.map_err(|error| Failure::Retry {
            reason: self.without_secrets(chain(&error.without_url())),
            after: None,
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let after = retry_after(&answer);
        let name = self.name;
        let reason = match first_line(answer).await {
            word if word.is_empty() => format!("{name} answered {status}"),
            word => {
                let word = self.without_secrets(word);
                format!("{name} answered {status}: {word}")
            }
        };
        let is_temporary = matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY
        );
        if is_temporary || status.is_server_error() {
            Err(Failure::Retry { reason, after })
        } else {
            Err(Failure::Dead { reason })
        }
    }

    /// Pages about errors like to repeat the address.
    fn without_secrets(&self, text: String) -> String {
        let repeats = |secret: &Secret| text.contains(secret.expose());
        if self.secrets.iter().any(repeats) {
            "an answer that repeats the address".to_owned()
        } else {
            text
        }
    }
}

/// The path, its parts and the query.
fn secret_parts(url: &Url) -> Vec<Secret> {
    let path = url.path().trim_matches('/');
    let parts = path.split('/').filter(|&part| part != "services");
    let query = url.query().unwrap_or_default();
    let values = query.split(['&', '=']);
    [path, query]
        .into_iter()
        .chain(parts)
        .chain(values)
        .filter(|part| part.len() >= SECRET_MIN)
        .map(Secret::new)
        .collect()
}

/// TLS with its own provider, so that the process's default stays the program's
/// choice. Without encryption no certificates are loaded: a machine that has
/// none can still post to itself.
fn tls(encrypted: bool) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    Ok(if encrypted {
        builder.with_platform_verifier()?.with_no_client_auth()
    } else {
        builder
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth()
    })
}

/// The wait that goes with 429, and often with 503: seconds or a date.
fn retry_after(answer: &Response) -> Option<Duration> {
    let value = answer.headers().get(header::RETRY_AFTER)?;
    parse_retry_after(value.to_str().ok()?)
}

/// The word that says what was wrong, such as `invalid_payload` or `no_service`.
async fn first_line(mut answer: Response) -> String {
    let mut body = Vec::new();
    while body.len() < ANSWER_MAX {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    body.truncate(ANSWER_MAX);
    let text = String::from_utf8_lossy(&body);
    let line = text.lines().next().unwrap_or_default();
    crate::text::plain(line).chars().take(100).collect()
}

/// An error with its causes, from which the address was removed before.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_could_repeat_is_known() {
        let url = "https://hooks.slack.com/services/T0ABCDEF/B0/k33pm3out?sig=abcdef12&v=1";
        let parts = secret_parts(&Url::parse(url).unwrap());
        let shown: Vec<&str> = parts.iter().map(Secret::expose).collect();
        assert_eq!(
            shown,
            [
                "services/T0ABCDEF/B0/k33pm3out",
                "sig=abcdef12&v=1",
                "T0ABCDEF",
                "k33pm3out",
                "abcdef12"
            ]
        );
    }

    #[test]
    fn a_host_that_two_parsers_read_differently_is_refused() {
        let address = WebhookUrl {
            service: Service::Slack,
            address: Secret::new("https://evil.example/s3cr3t"),
            host: "hooks.slack.com".into(),
            encrypted: true,
            loopback: false,
        };
        let error = Post::new(&address, "Slack", "").map(drop).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("two ways") && !error.contains("s3cr3t"),
            "{error}"
        );
    }

    #[test]
    fn no_provider_is_installed_for_the_process() {
        for url in ["https://hooks.slack.com/services/x", "http://127.0.0.1:1/x"] {
            let address = WebhookUrl::parse(url, Service::Slack, &[]).unwrap();
            assert!(Post::new(&address, "Slack", "").is_ok());
        }
        assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    }

    #[test]
    fn a_path_is_put_below_the_address() {
        for (base, expected) in [
            (
                "http://localhost:9093",
                "http://localhost:9093/api/v2/alerts",
            ),
            (
                "http://localhost:9093/",
                "http://localhost:9093/api/v2/alerts",
            ),
            ("http://localhost/am/", "http://localhost/am/api/v2/alerts"),
        ] {
            let address = WebhookUrl::parse(base, Service::Alertmanager, &[]).unwrap();
            let post = Post::new(&address, "Alertmanager", "/api/v2/alerts").unwrap();
            assert_eq!(post.url.as_str(), expected);
        }
    }
}
