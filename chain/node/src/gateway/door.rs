//! `POST /v1/oblivious`: a question that a relay carries and cannot read (spec 11). Inside, only what
//! voters need can be asked, and each question is judged as if it had come directly.

use super::lookups::LongestWait;
use super::{Gateway, noted, post, questions, survey};
use api::node::Declined;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest as _, State};
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post as asked_by_post;
use host::problem::refuse;
use host::rate::{Rate, group};
use oblivious::{ANSWER_TYPE, DoorKey, MAX_SEALED_ANSWER, QUESTION_TYPE};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;
use tower::ServiceExt as _;

/// Longest wait of a question that a relay carries: as long as it waits a connection between relay
/// and node is taken, and these are everybody's.
const LONGEST_WAIT: u64 = 10;

/// The key and the budgets of the door.
pub struct Lock {
    /// Opens questions.
    pub key: DoorKey,
    /// Addresses of relays, behind which there are many people.
    pub relays: Vec<IpAddr>,
    /// Questions of one relay.
    pub relay_rate: Rate,
    /// Questions of any other address.
    pub rate: Rate,
}

/// What the door's handler works with.
struct Door {
    key: DoorKey,
    relays: BTreeSet<IpAddr>,
    relay_rate: Rate,
    rate: Rate,
    inside: Router,
}

/// The door's route.
pub(super) fn router(gateway: &Arc<Gateway>, lock: Lock) -> Router {
    let inside = questions()
        .route("/v1/entries", asked_by_post(post::through_door))
        .route("/v1/survey", asked_by_post(survey::hand_on))
        .fallback(|| async { refuse(Declined::NoSuchQuestion) })
        .method_not_allowed_fallback(|| async { refuse(Declined::NoSuchQuestion) })
        .with_state(Arc::clone(gateway));
    let inside = noted(gateway.notes.as_ref(), inside);
    let door = Door {
        relays: lock.relays.iter().map(|address| group(*address)).collect(),
        key: lock.key,
        relay_rate: lock.relay_rate,
        rate: lock.rate,
        inside,
    };
    let limit = DefaultBodyLimit::max(oblivious::MAX_SEALED_QUESTION);
    Router::new()
        .route("/v1/oblivious", asked_by_post(open).layer(limit))
        .with_state(Arc::new(door))
}

impl Door {
    fn allows(&self, peer: IpAddr) -> bool {
        let rate = if self.relays.contains(&group(peer)) {
            &self.relay_rate
        } else {
            &self.rate
        };
        rate.allow(peer, Instant::now())
    }
}

/// Opens, asks inside, seals. Whatever is said about the question itself is sealed; outside there is
/// only whether it could be opened.
async fn open(
    State(door): State<Arc<Door>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request<Body>,
) -> Response {
    // Before a byte of the body is read.
    if !door.allows(peer.ip()) {
        return refuse(Declined::TooManyPosts);
    }
    let kind = request.headers().get(header::CONTENT_TYPE);
    if kind.is_none_or(|kind| kind != QUESTION_TYPE) {
        return refuse(Declined::NotSealed);
    }
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let Ok((question, answering)) = door.key.open(&body) else {
        return refuse(Declined::NotSealed);
    };
    let Ok(answer) = ask(&door.inside, question).await else {
        return refuse(Declined::Internal);
    };
    match answering.seal(&answer, &mut rand::rng()) {
        Ok(sealed) => {
            let headers = [
                (header::CONTENT_TYPE, ANSWER_TYPE),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (StatusCode::OK, headers, sealed).into_response()
        }
        Err(_) => refuse(Declined::Internal),
    }
}

/// The answer of the routes inside. No address goes with the question: there is none to know.
async fn ask(
    inside: &Router,
    question: oblivious::Request,
) -> Result<oblivious::Response, axum::Error> {
    let request = Request::builder()
        .method(question.method.as_str())
        .uri(question.path)
        .extension(LongestWait(LONGEST_WAIT))
        .body(Body::from(question.body));
    // A path that is none is not there.
    let answered = match request {
        Ok(request) => inside.clone().oneshot(request).await,
        Err(_) => Ok(refuse(Declined::NoSuchQuestion)),
    };
    let (parts, body) = answered.map_err(axum::Error::new)?.into_parts();
    let body = axum::body::to_bytes(body, MAX_SEALED_ANSWER).await?;
    Ok(oblivious::Response {
        status: parts.status.as_u16(),
        body: body.to_vec(),
    })
}
