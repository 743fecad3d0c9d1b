//! The one route: `POST /v1/nodes/{spki}`, for a node that is named by its pin.

use crate::config::{Limits, Target, Targets};
use api::relay::Refusal;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest as _, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{options, post};
use host::http::HttpError;
use host::problem::refuse;
use host::rate::Rate;
use host::tls::SpkiPin;
use oblivious::{ANSWER_TYPE, MAX_SEALED_ANSWER, MAX_SEALED_QUESTION, QUESTION_TYPE};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long a node may take until it begins to answer: longer than the longest wait at its door.
const BEGIN: Duration = Duration::from_secs(20);
/// How long it may take altogether: a list of voting keys has megabytes, and the voter's line may be
/// slow.
const PATIENCE: Duration = Duration::from_secs(70);
/// Longest refusal of a node that is passed back.
const MAX_REFUSAL: usize = 4096;

/// What the handlers share. Addresses are counted in memory for a while and written nowhere.
struct Relay {
    targets: BTreeMap<[u8; 32], Way>,
    rate: Rate,
    under_way: Arc<Semaphore>,
}

/// The way to one node.
struct Way {
    target: Target,
    client: reqwest::Client,
    /// Places of questions to this node: one that does not answer takes none from the others.
    under_way: Arc<Semaphore>,
}

/// The places of one question, given back when its answer has gone to its end.
type Places = [OwnedSemaphorePermit; 2];

impl Relay {
    /// Whether this question may go on, and where: before a byte of its body is read.
    fn judge(
        &self,
        peer: IpAddr,
        spki: &str,
        headers: &HeaderMap,
    ) -> Result<(&Way, Places), Refusal> {
        let kind = headers.get(header::CONTENT_TYPE);
        if kind.is_none_or(|kind| kind != QUESTION_TYPE) {
            return Err(Refusal::NotSealed);
        }
        let pin: Option<SpkiPin> = spki.parse().ok();
        let way = pin.and_then(|pin| self.targets.get(&pin.0));
        let way = way.ok_or(Refusal::UnknownNode)?;
        if !self.rate.allow(peer, Instant::now()) {
            return Err(Refusal::TooManyQuestions);
        }
        let place = |of: &Arc<Semaphore>| Arc::clone(of).try_acquire_owned();
        let own = place(&way.under_way).map_err(|_| Refusal::Busy)?;
        let all = place(&self.under_way).map_err(|_| Refusal::Busy)?;
        Ok((way, [own, all]))
    }
}

type Shared = State<Arc<Relay>>;

/// The routes of a relay for these nodes.
///
/// # Errors
/// When TLS cannot be set up.
pub fn router(targets: Targets, limits: &Limits) -> Result<Router, HttpError> {
    let way = |(pin, target): ([u8; 32], Target)| {
        let way = Way {
            target,
            client: host::http::pinned_client(SpkiPin(pin), PATIENCE)?,
            under_way: Arc::new(Semaphore::new(limits.per_node)),
        };
        Ok((pin, way))
    };
    let relay = Relay {
        targets: targets
            .into_iter()
            .map(way)
            .collect::<Result<_, HttpError>>()?,
        rate: Rate::new(limits.rate_per_second, limits.burst),
        under_way: Arc::new(Semaphore::new(limits.under_way)),
    };
    Ok(Router::new()
        .route("/v1/nodes/{spki}", post(pass_on))
        .route(
            "/v1/nodes/{spki}",
            options(|| async { StatusCode::NO_CONTENT }),
        )
        .layer(DefaultBodyLimit::max(MAX_SEALED_QUESTION))
        .layer(axum::middleware::map_response(for_pages))
        .with_state(Arc::new(relay)))
}

/// Pages of any site may ask: there is nothing here that belongs to one of them, and no cookie.
async fn for_pages(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}

/// Passes the body on as it is, and the answer back. No other header goes along, in neither
/// direction.
async fn pass_on(
    State(relay): Shared,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(spki): Path<String>,
    request: Request,
) -> Response {
    let (way, places) = match relay.judge(peer.ip(), &spki, request.headers()) {
        Ok(judged) => judged,
        Err(refusal) => return refuse(refusal),
    };
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let request = way
        .client
        .post(format!("{}/v1/oblivious", way.target.origin))
        .header(header::CONTENT_TYPE, QUESTION_TYPE)
        .body(body);
    match timeout(BEGIN, request.send()).await {
        Ok(Ok(answer)) => passed_back(answer, places).await,
        Ok(Err(_)) | Err(_) => refuse(Refusal::NoNode),
    }
}

/// The answer as it comes, piece by piece: a list of voting keys has megabytes.
async fn passed_back(answer: reqwest::Response, places: Places) -> Response {
    let status = answer.status().as_u16();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    if status == StatusCode::OK {
        let rest = (answer, MAX_SEALED_ANSWER, places);
        let pieces = futures::stream::try_unfold(rest, next_piece);
        let kind = [(header::CONTENT_TYPE, ANSWER_TYPE)];
        return (status, kind, Body::from_stream(pieces)).into_response();
    }
    match host::http::limited(answer, MAX_REFUSAL).await {
        Ok(body) => {
            let kind = [(header::CONTENT_TYPE, "application/problem+json")];
            (status, kind, body).into_response()
        }
        Err(_) => refuse(Refusal::NoNode),
    }
}

type Rest = (reqwest::Response, usize, Places);

/// An answer that is too long breaks off: the voter's program opens no half.
async fn next_piece((mut answer, left, places): Rest) -> Result<Option<(Bytes, Rest)>, HttpError> {
    let Some(piece) = answer.chunk().await? else {
        return Ok(None);
    };
    let left = left.checked_sub(piece.len()).ok_or(HttpError::TooLarge)?;
    Ok(Some((piece, (answer, left, places))))
}

#[cfg(test)]
mod tests;
