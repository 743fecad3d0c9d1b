//! The HTTP client side: pinned, with time limits, without redirects. Servers use no
//! proxy; a voter's program uses the one of the machine it runs on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::{Client, Response, redirect};
use serde::de::DeserializeOwned;

use crate::problem::Refused;
use crate::tls::{SpkiPin, TlsError, client_config};

/// The largest answer that [`limited`] takes if its caller names no other limit.
pub const MAX_ANSWER: usize = 1024 * 1024;

/// A client for one server, known by its pin. Plain `http://` addresses are
/// refused by this client.
///
/// # Errors
/// [`HttpError::Setup`] when the client cannot be built.
pub fn pinned_client(pin: SpkiPin, timeout: Duration) -> Result<Client, HttpError> {
    base(timeout)
        .use_preconfigured_tls(client_config(pin)?)
        .https_only(true)
        .build()
        .map_err(|_| HttpError::Setup)
}

/// A client for plain HTTP alone (CRL, and what is on this machine).
///
/// # Errors
/// [`HttpError::Setup`] when the client cannot be built.
pub fn plain_client(timeout: Duration) -> Result<Client, HttpError> {
    // A pin nobody has: this client reaches no TLS server at all.
    base(timeout)
        .use_preconfigured_tls(client_config(SpkiPin([0; 32]))?)
        .build()
        .map_err(|_| HttpError::Setup)
}

/// Whether clients made from now on go through the proxy that the system names.
static SYSTEM_PROXY: AtomicBool = AtomicBool::new(false);

/// Makes every client of this process that is built later go through the machine's proxy
/// (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, on Windows the Internet options). Called once, at the start,
/// by a program that runs on somebody's own computer. Pins hold as before: a proxy carries what it
/// cannot read.
pub fn use_system_proxy() {
    SYSTEM_PROXY.store(true, Ordering::SeqCst);
}

/// A client for another program on this machine: never through a proxy.
///
/// # Errors
/// [`HttpError::Setup`] when the client cannot be built.
pub fn local_client(timeout: Duration) -> Result<Client, HttpError> {
    base(timeout)
        .no_proxy()
        .use_preconfigured_tls(client_config(SpkiPin([0; 32]))?)
        .build()
        .map_err(|_| HttpError::Setup)
}

pub(crate) fn base(timeout: Duration) -> reqwest::ClientBuilder {
    let builder = if SYSTEM_PROXY.load(Ordering::SeqCst) {
        Client::builder()
    } else {
        Client::builder().no_proxy()
    };
    builder
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5).min(timeout))
        .timeout(timeout)
        .referer(false)
        .user_agent("irefuda")
}

/// Reads a whole answer of at most `limit` bytes.
///
/// # Errors
/// [`HttpError::Unreachable`] when the connection breaks,
/// [`HttpError::TooLarge`] beyond the limit.
pub async fn limited(mut response: Response, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|e| HttpError::unreachable(&e))?
    {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads a JSON answer; an error status becomes [`HttpError::Refused`].
///
/// # Errors
/// As [`limited`]; [`HttpError::Refused`] for an answer that is not a success;
/// [`HttpError::Answer`] when the answer does not have the shape of `T`.
pub async fn json<T: DeserializeOwned>(response: Response) -> Result<T, HttpError> {
    let status = response.status();
    let body = limited(response, MAX_ANSWER).await?;
    if !status.is_success() {
        return Err(HttpError::Refused(Refused::new(status.as_u16(), body)));
    }
    serde_json::from_slice(&body).map_err(|_| HttpError::Answer)
}

/// Whether it was done, where a success has no body worth reading.
///
/// # Errors
/// As [`limited`]; [`HttpError::Refused`] for an answer that is not a success.
pub async fn done(response: Response) -> Result<(), HttpError> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let body = limited(response, MAX_ANSWER).await?;
    Err(HttpError::Refused(Refused::new(status.as_u16(), body)))
}

/// Why a request gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The client could not be built.
    #[error("the HTTP client could not be set up")]
    Setup,
    /// TLS could not be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// No connection, a wrong pin or no answer in time.
    #[error("no answer: {reason}")]
    Unreachable {
        /// What broke, without the request's content.
        reason: String,
    },
    /// The answer is longer than allowed.
    #[error("the answer is too long")]
    TooLarge,
    /// The answer has the wrong shape.
    #[error("the answer cannot be understood")]
    Answer,
    /// The server refused.
    #[error("refused: {0}")]
    Refused(Refused),
}

impl HttpError {
    /// Describes a transport error without its URL, which may hold a secret.
    #[must_use]
    pub fn unreachable(error: &reqwest::Error) -> Self {
        let reason = if error.is_timeout() {
            "no answer in time"
        } else if error.is_connect() {
            "no connection, or the server has another key than expected"
        } else {
            "the connection broke"
        };
        Self::Unreachable {
            reason: reason.to_owned(),
        }
    }
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        Self::unreachable(&error)
    }
}
