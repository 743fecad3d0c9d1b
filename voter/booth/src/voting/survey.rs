//! The anonymous survey: a token of its own, linkable neither to the person nor to the ballot.

use api::hex::Hex;
use api::portal::{Refusal, SurveyAnswer, SurveyRequest};
use ballot::credential::Secret;
use ballot::token::TokenMessage;
use crypto::Hash;
use host::http::HttpError;
use host::problem::Refused;
use host::site::Site;

use super::login::{RegistrarLogin, Tokens};
use super::nodes::Nodes;
use super::registrar::Registrar;
use crate::election_context::ElectionContext;
use crate::fault::Fault;

/// The right to one answer.
pub(super) struct Right {
    serial: [u8; 32],
    tokens: Tokens,
}

impl Right {
    /// Serial and blinding follow from the voting secret, so that the same card asks for the same
    /// token again after a crash. Whatever goes wrong here costs the survey only.
    pub(super) async fn obtain(
        login: &RegistrarLogin,
        registrars: &[Registrar],
        election: Hash,
        secret: &Secret,
    ) -> Option<Self> {
        let serial = serial(secret.expose(), &election)?;
        let message = TokenMessage::Survey { election, serial };
        let tokens = login.derived_tokens(registrars, &message, secret).await;
        let tokens = tokens.ok()?;
        Some(Self { serial, tokens })
    }
}

/// The number under which one voting secret answers the survey of one election.
fn serial(secret: &[u8; 64], election: &Hash) -> Option<[u8; 32]> {
    let hash = crypto::hash::hash("survey-serial", &[secret, election.as_bytes()]);
    hash.as_bytes().first_chunk::<32>().copied()
}

/// Hands the answers to the portal: through relay and node where there is a relay, otherwise
/// directly.
pub(super) async fn post(
    (nodes, client): (&Nodes, &reqwest::Client),
    place: &ElectionContext,
    right: &Right,
    answers: &[SurveyAnswer],
) -> Result<(), Fault> {
    let body = SurveyRequest {
        election: Hex(place.election),
        serial: Hex(right.serial),
        tokens: right.tokens.iter().copied().map(Hex).collect(),
        answers: answers.to_vec(),
    };
    let bytes = serde_json::to_vec(&body).map_err(|_| Fault::Survey)?;
    if let Some(answer) = nodes.survey(&bytes).await {
        let (status, said) = answer?;
        return match Refused::new(status, said).reason::<Refusal>() {
            _ if (200..300).contains(&status) => Ok(()),
            // Answered before: nothing is lost.
            Some(Refusal::SurveyAnswered) => Ok(()),
            _ => Err(Fault::Survey),
        };
    }
    // Nothing goes out in the open, but to this machine in practice.
    let site = Site::at(&place.portal).filter(|site| place.manifest.practice || !site.is_plain());
    let url = site.ok_or(Fault::Survey)?.url("/v1/survey");
    let sent = client.post(url).body(bytes).send().await;
    match host::http::done(sent.map_err(|_| Fault::Survey)?).await {
        Ok(()) => Ok(()),
        // Answered before: nothing is lost.
        Err(HttpError::Refused(r)) if r.reason() == Some(Refusal::SurveyAnswered) => Ok(()),
        Err(_) => Err(Fault::Survey),
    }
}

#[cfg(test)]
mod tests;
