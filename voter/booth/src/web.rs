//! The booth's own pages and `/api` on 127.0.0.1. One browser, one token, no other origin.

mod answer;
mod api;
mod assets;
mod guard;
mod opening;
mod pages;
mod presence;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use tokio::sync::Notify;

use crate::actor::Actor;
use crate::election_context::ElectionContext;

pub use guard::{Guard, YIELD_HEADER};
pub use presence::{Absence, Presence};

/// Largest request: one camera frame.
pub const MAX_BODY: usize = 1024 * 1024;

/// Everything a handler needs.
#[derive(Debug)]
pub struct Web {
    /// The session.
    pub actor: Actor,
    /// What does not change between voters: the election and this booth's place in it.
    pub place: ElectionContext,
    /// Token and origin checks.
    pub guard: Guard,
    /// Whether somebody's page is open.
    pub presence: Presence,
    /// Told when the same user's next program takes over.
    pub taken_over: Notify,
}

impl Web {
    /// A program whose page has not come yet.
    #[must_use]
    pub fn new(actor: Actor, place: ElectionContext, guard: Guard) -> Self {
        Self {
            actor,
            place,
            guard,
            presence: Presence::new(Instant::now()),
            taken_over: Notify::new(),
        }
    }
}

/// All routes. Everything but the shell and its assets needs the token.
pub fn router(web: Arc<Web>) -> Router {
    let guarded = Router::new()
        .route("/page", get(pages::page))
        .route("/api/state", get(api::state))
        .route("/api/receipt", get(api::receipt))
        .route("/api/checkup", post(api::checkup))
        .route("/api/begin", post(api::begin))
        .route("/api/card/read", post(api::read_card))
        .route("/api/pin", post(api::pin))
        .route("/api/consent", post(api::consent))
        .route("/api/surface", post(api::surface))
        .route("/api/face/frame", post(api::frame))
        .route("/api/face/no-camera", post(api::no_camera))
        .route("/api/authorize", post(api::authorize))
        .route("/api/pending", post(api::pending))
        .route("/api/choose", post(api::choose))
        .route("/api/mark", post(api::pictures))
        .route("/api/confirm", post(api::confirm))
        .route("/api/ready", post(api::ready))
        .route("/api/spoil", post(opening::spoil))
        .route("/api/check", post(opening::check))
        .route("/api/checked", post(opening::checked))
        .route("/api/cast", post(api::cast))
        .route("/api/slip", post(opening::slip))
        .route("/api/noted", post(opening::noted))
        .route("/api/side", post(opening::side))
        .route("/api/open", post(opening::open))
        .route("/api/closed", post(opening::closed))
        .route("/api/questions", post(api::questions))
        .route("/api/survey", post(api::survey))
        .route("/api/direct", post(api::direct))
        .route("/api/end", post(api::end))
        .route("/api/extend", post(api::extend))
        .route("/api/leave", post(api::leave))
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(&web),
            guard::token,
        ));
    Router::new()
        .route("/", get(assets::shell))
        .route("/assets/{*name}", get(assets::asset))
        .route("/api/start", post(api::start))
        .route("/api/yield", post(api::make_room))
        .merge(guarded)
        .fallback(assets::nothing)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web),
            guard::origin,
        ))
        .with_state(web)
}

#[cfg(test)]
mod tests;
