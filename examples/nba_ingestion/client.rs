//! The statistics API as the pipeline sees it.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// One page of a listing.
#[derive(Debug, Deserialize)]
pub(crate) struct Page<T> {
    pub(crate) pages: usize,
    pub(crate) total: usize,
    pub(crate) rows: Vec<T>,
}

/// Why a request brought no page.
#[derive(Debug, Error)]
pub(crate) enum ApiError {
    #[error("{path}: the API answered {status}{}", wish(*retry_after))]
    Status {
        path: String,
        status: StatusCode,
        retry_after: Option<Duration>,
    },
    #[error("{path}: the API did not answer")]
    Transport {
        path: String,
        #[source]
        source: reqwest::Error,
    },
    #[error("{path}: the answer broke off")]
    Truncated {
        path: String,
        #[source]
        source: reqwest::Error,
    },
    #[error("{path}: the answer is not the JSON that was expected")]
    Invalid {
        path: String,
        #[source]
        source: serde_json::Error,
    },
}

fn wish(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |wait| format!(" and asks to wait {wait:?}"))
}

pub(crate) struct ApiClient {
    http: reqwest::Client,
    base_url: String,
}

impl ApiClient {
    pub(crate) fn new(base_url: String) -> anyhow::Result<Self> {
        // reqwest is built without a TLS provider of its own and wants to be given
        // one, also where only plain HTTP is spoken. No root is trusted: nothing else is.
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            // The API is on this machine: a proxy of the environment must not see it.
            .no_proxy()
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self { http, base_url })
    }

    /// Asks for `path` once: trying again is up to the caller.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ApiError> {
        let url = format!("{}{path}", self.base_url);
        // The address would be the only thing in an error's text that differs
        // between two runs, and the path is in it already.
        let response = self.http.get(url).send().await.map_err(|error| {
            let (path, source) = (path.to_owned(), error.without_url());
            ApiError::Transport { path, source }
        })?;
        if !response.status().is_success() {
            return Err(ApiError::Status {
                path: path.to_owned(),
                status: response.status(),
                retry_after: retry_after(&response),
            });
        }
        let body = response.bytes().await.map_err(|error| {
            let (path, source) = (path.to_owned(), error.without_url());
            ApiError::Truncated { path, source }
        })?;
        serde_json::from_slice(&body).map_err(|source| {
            let path = path.to_owned();
            ApiError::Invalid { path, source }
        })
    }
}

/// The wait in seconds; the header's other form, a date, is not used by this API.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    value.parse().ok().map(Duration::from_secs)
}
