//! A survey answer that came through the door goes on to the election's portal, which so hears from
//! this node and not from the voter. The portal judges it; nothing of it stays here.

use super::Shared;
use crate::rules;
use api::portal::{Refusal, SurveyRequest};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use host::problem::refuse;
use std::time::Duration;

/// How long the portal may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer of the portal: a refusal.
const MAX_ANSWER: usize = 16 * 1024;

/// Hands a survey answer to the portal that the board names for its election.
pub(super) async fn hand_on(State(gateway): Shared, body: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<SurveyRequest>(&body) else {
        return refuse(Refusal::SurveyMalformed);
    };
    let state = gateway.ledger.tip().state;
    let Some(portal) = rules::portal(&state, &request.election.0) else {
        return refuse(Refusal::SurveyAnswers);
    };
    match post(&portal, body).await {
        Ok((status, body)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            let kind = [(header::CONTENT_TYPE, "application/problem+json")];
            (status, kind, body).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "the portal cannot be reached for a survey answer");
            refuse(Refusal::Internal)
        }
    }
}

async fn post(portal: &str, body: Bytes) -> Result<(u16, Vec<u8>), host::http::HttpError> {
    let client = host::http::plain_client(PATIENCE)?;
    let url = format!("{}/v1/survey", portal.trim_end_matches('/'));
    let response = client.post(url).body(body).send().await?;
    let status = response.status().as_u16();
    Ok((status, host::http::limited(response, MAX_ANSWER).await?))
}
