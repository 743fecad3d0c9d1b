//! Requests to programs on this machine: the booth's own interface, the portal, the nodes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::TlsConfig;

/// Longest answer read.
const MAX_ANSWER: u64 = 64 << 20;
/// How long a page may take.
const WAIT: Duration = Duration::from_secs(35);

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Errors
    /// It is something else.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        let shown = || format!("status {}: {}", self.status, self.text());
        serde_json::from_slice(&self.body).with_context(shown)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// One connection a request, no proxy, and no opinion about keys: the parties check each other's,
/// the demo only asks whether they answer.
fn agent(wait: Duration) -> Agent {
    let tls = TlsConfig::builder()
        .disable_verification(true)
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .build();
    Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .max_redirects(0)
        .max_idle_connections(0)
        .timeout_global(Some(wait))
        .tls_config(tls)
        .build()
        .into()
}

/// POST.
///
/// # Errors
/// Nobody listens, the answer takes longer than `wait`, or it is not HTTP.
pub fn post(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    wait: Duration,
) -> Result<Answer> {
    let url = format!("http://{address}{path}");
    let request = with(agent(wait).post(&url), headers);
    read(request.send(body)).context(url)
}

/// GET of an address beginning with `http://` or `https://`.
///
/// # Errors
/// As [`post`].
pub fn get(url: &str) -> Result<Answer> {
    get_with(url, &[])
}

/// GET with header fields.
///
/// # Errors
/// As [`post`].
pub fn get_with(url: &str, headers: &[(&str, &str)]) -> Result<Answer> {
    let request = with(agent(WAIT).get(url), headers);
    read(request.call()).with_context(|| url.to_owned())
}

fn with<B>(request: ureq::RequestBuilder<B>, headers: &[(&str, &str)]) -> ureq::RequestBuilder<B> {
    let add = |request: ureq::RequestBuilder<B>, (name, value): &(&str, &str)| {
        request.header(*name, *value)
    };
    headers.iter().fold(request, add)
}

/// Is a server in working order?
pub fn healthy(origin: &str) -> bool {
    get(&format!("{origin}/healthz")).is_ok_and(|answer| answer.status == 200)
}

type Response = ureq::http::Response<ureq::Body>;

fn read(response: Result<Response, ureq::Error>) -> Result<Answer> {
    let mut response = response?;
    let body = response.body_mut().with_config().limit(MAX_ANSWER);
    Ok(Answer {
        body: body.read_to_vec()?,
        status: response.status().as_u16(),
    })
}

#[cfg(test)]
mod tests;
