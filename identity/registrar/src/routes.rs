//! The HTTP interface (conventions D9). Nothing here logs a request.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router, extract::Request};
use serde::de::DeserializeOwned;

use crate::refusal::{Problem, Refusal};
use crate::service::Registrar;

/// The largest body: a certificate and a signature in hexadecimal fit well.
pub const BODY_LIMIT: usize = 16 * 1024;

/// The largest extension: an entry and a receipt with all its headers.
const EXTEND_LIMIT: usize = 256 * 1024;

type App = State<Arc<Registrar>>;

/// All routes.
pub fn router(registrar: Arc<Registrar>) -> Router {
    Router::new()
        .route("/v1/sessions", post(sessions))
        .route("/v1/auth", post(auth))
        .route("/v1/tokens", post(tokens))
        .route("/v1/challenges", post(challenges))
        .route(
            "/v1/extend",
            post(extend).layer(DefaultBodyLimit::max(EXTEND_LIMIT)),
        )
        .route("/v1/status", get(status))
        .with_state(registrar)
        .merge(host::serve::healthz())
        .layer(middleware::from_fn(no_store))
}

fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    // serde would take a list for an object.
    if body.first() != Some(&b'{') {
        return Err(Refusal::Malformed);
    }
    serde_json::from_slice(body).map_err(|_| Refusal::Malformed)
}

async fn sessions(
    State(app): App,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Result<Response, Problem> {
    let answer = app.open_session(parse(&body)?, peer.ip()).await?;
    Ok(json(answer))
}

async fn auth(State(app): App, body: Bytes) -> Result<Response, Problem> {
    let answer = app.authenticate(parse(&body)?).await?;
    Ok(json(answer))
}

async fn tokens(State(app): App, body: Bytes) -> Result<Response, Problem> {
    let answer = app.sign_token(parse(&body)?).await?;
    Ok(json(answer))
}

async fn challenges(State(app): App, body: Bytes) -> Result<Response, Problem> {
    let answer = app.answer_challenge(parse(&body)?).await?;
    Ok(json(answer))
}

async fn extend(State(app): App, body: Bytes) -> Result<Response, Problem> {
    app.extend(&parse(&body)?).await?;
    Ok(json(app.status()))
}

async fn status(State(app): App) -> Response {
    json(app.status())
}

fn json<T: serde::Serialize>(value: T) -> Response {
    use axum::response::IntoResponse as _;
    Json(value).into_response()
}

async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
