//! Who may speak to the booth: one page of one browser on this machine.
//!
//! The printed address carries a launch token behind `#`, which browsers do not send. The page
//! trades it, once, for the token that every later request has to carry in a header. Another
//! site in the same browser fails on the Origin and Host checks and cannot read the token;
//! another program on this machine does not know it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rand::TryRng as _;
use rand::rngs::SysRng;
use subtle::ConstantTimeEq as _;

use super::Web;
use super::answer::refusal;

/// Header with the session's token.
pub const TOKEN_HEADER: &str = "irefuda-token";
/// Header with which the same user's next program asks this one to end.
pub const YIELD_HEADER: &str = "irefuda-yield";
/// Header with the launch token, for `/api/start` alone.
pub const LAUNCH_HEADER: &str = "irefuda-launch";

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; media-src 'self' blob:; form-action 'none'; \
    base-uri 'none'; frame-ancestors 'none'";

/// A secret of 256 bits as 64 hex digits.
#[derive(Clone)]
struct Token(String);

impl Token {
    fn fresh() -> Option<Self> {
        let mut bytes = [0u8; 32];
        SysRng.try_fill_bytes(&mut bytes).ok()?;
        Some(Self(crypto::hash::to_hex(&bytes)))
    }

    fn is(&self, other: &str) -> bool {
        bool::from(self.0.as_bytes().ct_eq(other.as_bytes()))
    }
}

/// Host, origin and tokens of this run.
pub struct Guard {
    host: String,
    origin: String,
    launch: Mutex<Option<Token>>,
    token: Mutex<Option<Token>>,
    next: Token,
}

impl core::fmt::Debug for Guard {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Guard({})", self.origin)
    }
}

fn lock<T>(slot: &Mutex<T>) -> MutexGuard<'_, T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Guard {
    /// For a booth that listens on `port`; none when the system has no randomness.
    #[must_use]
    pub fn new(port: u16) -> Option<Self> {
        Some(Self {
            host: format!("127.0.0.1:{port}"),
            origin: format!("http://127.0.0.1:{port}"),
            launch: Mutex::new(Some(Token::fresh()?)),
            token: Mutex::new(None),
            next: Token::fresh()?,
        })
    }

    /// The address to open, with the launch token. Empty once it was used.
    #[must_use]
    pub fn address(&self) -> String {
        lock(&self.launch)
            .as_ref()
            .map(|launch| format!("{}/#{}", self.origin, launch.0))
            .unwrap_or_default()
    }

    /// Where the same user's next program asks this one to end, and the secret that it shows.
    #[must_use]
    pub fn yield_to(&self) -> (String, String) {
        (format!("{}/api/yield", self.origin), self.next.0.clone())
    }

    /// Whether who asks could read what only this user can.
    pub(super) fn yields(&self, headers: &HeaderMap) -> bool {
        text(headers, YIELD_HEADER).is_some_and(|shown| self.next.is(shown))
    }

    /// Trades the launch token for the session's token, once.
    pub(super) fn start(&self, headers: &HeaderMap) -> Option<String> {
        let shown = text(headers, LAUNCH_HEADER)?;
        let mut launch = lock(&self.launch);
        if !launch.as_ref().is_some_and(|l| l.is(shown)) {
            return None;
        }
        let token = Token::fresh()?;
        *launch = None;
        *lock(&self.token) = Some(token.clone());
        Some(token.0)
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let shown = text(headers, TOKEN_HEADER).unwrap_or_default();
        lock(&self.token).as_ref().is_some_and(|t| t.is(shown))
    }

    /// Rule: the Host is ours to the letter; what changes something carries our Origin; a browser
    /// that says where a request comes from says "same-origin", or "none" for the address bar.
    ///
    /// The first page alone may be come to from anywhere, in a window of its own: from the file that
    /// opens the browser, from a link, and again when it is loaded anew. It is the same for everybody
    /// and holds nothing.
    fn is_ours(&self, request: &Request) -> bool {
        let (method, headers) = (request.method(), request.headers());
        let host = text(headers, header::HOST.as_str()) == Some(self.host.as_str());
        let read = method == Method::GET || method == Method::HEAD;
        let arrives = read
            && request.uri().path() == "/"
            && text(headers, "sec-fetch-mode") == Some("navigate")
            && text(headers, "sec-fetch-dest") == Some("document");
        let origin = match text(headers, header::ORIGIN.as_str()) {
            Some(origin) => origin == self.origin,
            None => read && !headers.contains_key(header::ORIGIN),
        };
        let site = match text(headers, "sec-fetch-site") {
            Some("same-origin") => true,
            Some("none") => read,
            Some(_) => arrives,
            None => true,
        };
        host && origin && site
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let one = all.next()?;
    if all.next().is_some() {
        return None;
    }
    one.to_str().ok()
}

/// Checks Host and Origin, and puts the security headers on every answer.
pub(super) async fn origin(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    let mut response = if web.guard.is_ours(&request) {
        next.run(request).await
    } else {
        refusal(StatusCode::FORBIDDEN, "origin")
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [
        (
            "permissions-policy",
            "camera=(self), microphone=(), geolocation=()",
        ),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Lets nobody pass without the session's token.
pub(super) async fn token(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    if web.guard.knows(request.headers()) {
        let _under_way = web.presence.request();
        next.run(request).await
    } else {
        refusal(StatusCode::UNAUTHORIZED, "token").into_response()
    }
}
