//! Routes and headers.

mod files;
mod look;
mod pages;
mod site;
mod v1;
mod verifier;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};

pub use site::{Limits, Site};
pub use verifier::{Verifier, router as verifier};

/// Longest body that is read.
pub const BODY_LIMIT: usize = 64 * 1024;

/// All routes.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", get(pages::root))
        .route("/demo", get(pages::demo))
        .route("/demo/clock/next", post(pages::clock_next))
        .route("/start.irefuda", get(files::start))
        .route("/manifest.bin", get(files::manifest))
        .route("/result.csv", get(files::result_csv))
        .route("/result.svg", get(files::result_svg))
        .route("/assets/{name}", get(files::asset))
        .route("/v1/tickets/redeem", post(v1::redeem))
        .route("/v1/survey", post(v1::survey))
        .route("/v1/result", get(v1::result))
        .route("/v1/board", get(v1::board))
        .route("/look/{choice}/{*to}", get(look::choose))
        .route("/{lang}", get(pages::home))
        .route("/{lang}/{*rest}", get(pages::page))
        .fallback(pages::lost)
        .with_state(site)
        .layer(from_fn(|request, next| {
            guard(HeaderValue::from_static(POLICY), request, next)
        }))
}

/// No script at all.
const POLICY: &str = "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// What every page carries besides its policy.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

async fn guard(policy: HeaderValue, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests;
