//! A survey answer that came through the door goes on to the election's portal, which so hears from
//! this node and not from the voter. The portal judges it; nothing of it stays here.
//!
//! What a stranger writes makes this node ask nobody: only an answer with good tokens is passed on,
//! only to the portal that the board names, at one path, and no redirect is followed.

use super::{Gateway, Shared};
use crate::rules::{self, Portal};
use api::portal::{Refusal, SurveyRequest};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use host::http::HttpError;
use host::problem::refuse;
use host::rate::Budgets;
use host::site::{Roots, Site, client};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How long the portal may take, a place among the answers under way included.
const PATIENCE: Duration = Duration::from_secs(8);
/// Longest answer of the portal: a refusal.
const MAX_ANSWER: usize = 16 * 1024;
/// Answers that are on their way to portals at the same time.
const UNDER_WAY: usize = 32;
/// How often one right to an answer may be used per second, and at once: a voter whose answer did not
/// arrive sends it again.
const EACH: (u32, u32) = (1, 5);

/// The way to the portals.
#[derive(Debug)]
pub struct Surveys {
    client: reqwest::Client,
    each: Budgets<[u8; 32]>,
    under_way: Semaphore,
}

impl Surveys {
    /// Portals are known by names for which these authorities vouch.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(roots: &Roots) -> Result<Self, HttpError> {
        let (per_second, burst) = EACH;
        Ok(Self {
            client: client(roots, PATIENCE)?,
            each: Budgets::new(per_second, burst),
            under_way: Semaphore::new(UNDER_WAY),
        })
    }

    /// Posts an answer; status and body of what the portal says.
    async fn post(&self, site: &Site, body: Bytes) -> Result<(u16, Vec<u8>), HttpError> {
        let _place = self.under_way.acquire().await;
        let post = self.client.post(site.url("/v1/survey"));
        let post = post.header(header::CONTENT_TYPE, "application/json");
        let answer = post.body(body).send().await?;
        let status = answer.status().as_u16();
        Ok((status, host::http::limited(answer, MAX_ANSWER).await?))
    }
}

/// Hands a survey answer to the portal that the board names for its election.
pub(super) async fn hand_on(State(gateway): Shared, body: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<SurveyRequest>(&body) else {
        return refuse(Refusal::SurveyMalformed);
    };
    let serial = request.serial.0;
    let portal = match portal_for(&gateway, request).await {
        Ok(portal) => portal,
        Err(refusal) => return refuse(refusal),
    };
    if !gateway.surveys.each.take(serial, Instant::now()) {
        return refuse(Refusal::SurveyTooOften);
    }
    let Some(site) = site(&portal) else {
        tracing::warn!("the board names no portal that can be asked");
        return refuse(Refusal::Internal);
    };
    let posted = timeout(PATIENCE, gateway.surveys.post(&site, body)).await;
    match posted {
        Ok(Ok((status, body))) if (200..600).contains(&status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            let kind = [(header::CONTENT_TYPE, "application/problem+json")];
            (status, kind, body).into_response()
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "the portal cannot be reached for a survey answer");
            refuse(Refusal::Internal)
        }
        Ok(Ok(_)) | Err(_) => {
            tracing::warn!("the portal does not answer a survey answer");
            refuse(Refusal::Internal)
        }
    }
}

/// Where an answer with good tokens goes. Checked off the threads that answer requests, and not more
/// at a time than entries are.
async fn portal_for(gateway: &Arc<Gateway>, request: SurveyRequest) -> Result<Portal, Refusal> {
    let Ok(_place) = gateway.queue.try_acquire() else {
        return Err(Refusal::SurveyTooOften);
    };
    let _turn = gateway.checks.acquire().await;
    let state = gateway.ledger.tip().state;
    let check = move || {
        let portal = rules::portal(&state, &request.election.0).ok_or(Refusal::SurveyAnswers)?;
        let tokens = request.tokens.iter().map(|token| &token.0);
        if rules::may_answer(&state, (&request.election.0, &request.serial.0), tokens) {
            Ok(portal)
        } else {
            Err(Refusal::SurveyTokens)
        }
    };
    let checked = tokio::task::spawn_blocking(check).await;
    checked.unwrap_or(Err(Refusal::Internal))
}

/// A portal that may be asked: by name, through TLS; one on this machine in practice only.
fn site(portal: &Portal) -> Option<Site> {
    let site = Site::at(&portal.address)?;
    (portal.practice || !site.is_plain()).then_some(site)
}

#[cfg(test)]
mod tests;
