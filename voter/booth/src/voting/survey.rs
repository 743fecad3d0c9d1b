//! The anonymous survey: a token of its own, linkable neither to the person nor to the ballot.

use ballot::credential::Secret;
use ballot::token::{RSA_BYTES, TokenMessage};
use crypto::Hash;
use serde::Serialize;

use super::credential::Credential;
use super::registrar::{Accepted, Asking, Registrar, Source};
use crate::fault::Fault;
use crate::place::Place;
use crate::ports::SurveyAnswer;

/// The right to one answer.
pub(super) struct Right {
    serial: [u8; 32],
    tokens: Vec<[u8; RSA_BYTES]>,
}

#[derive(Serialize)]
struct Body<'a> {
    election: String,
    serial: String,
    tokens: Vec<String>,
    answers: Vec<AnswerBody<'a>>,
}

#[derive(Serialize)]
struct AnswerBody<'a> {
    question: &'a str,
    values: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

impl Right {
    /// Serial and blinding follow from the voting secret, so that the same card asks for the same
    /// token again after a crash. Whatever goes wrong here costs the survey only.
    pub(super) async fn obtain(
        asking: &Asking<'_>,
        registrars: &[Registrar],
        accepted: &[Accepted],
        secret: &Secret,
    ) -> Option<Self> {
        let election = *asking.election;
        let serial = serial(secret.expose(), &election)?;
        let message = TokenMessage::Survey { election, serial };
        let mut tokens = Vec::with_capacity(registrars.len());
        for (registrar, accepted) in registrars.iter().zip(accepted) {
            let source = Source::Derived(secret.expose());
            tokens.push(
                registrar
                    .token(asking, accepted, &message, source)
                    .await
                    .ok()?,
            );
        }
        Some(Self { serial, tokens })
    }
}

/// The number under which one voting secret answers the survey of one election.
fn serial(secret: &[u8; 64], election: &Hash) -> Option<[u8; 32]> {
    let hash = crypto::hash::hash("survey-serial", &[secret, election.as_bytes()]);
    hash.as_bytes().first_chunk::<32>().copied()
}

/// Posts the answers to the portal.
pub(super) async fn post(
    client: &reqwest::Client,
    place: &Place,
    credential: &Credential,
    answers: &[SurveyAnswer],
) -> Result<(), Fault> {
    let right = credential.survey.as_ref().ok_or(Fault::Survey)?;
    let body = Body {
        election: place.election.to_hex(),
        serial: hex::encode(right.serial),
        tokens: right.tokens.iter().map(hex::encode).collect(),
        answers: answers
            .iter()
            .map(|a| AnswerBody {
                question: &a.question,
                values: &a.values,
                text: a.text.as_deref(),
            })
            .collect(),
    };
    let url = format!("{}/v1/survey", place.manifest.portal.trim_end_matches('/'));
    let sent = client.post(url).json(&body).send().await;
    let status = sent.map_err(|_| Fault::Survey)?.status();
    // Answered before: nothing is lost.
    if status.is_success() || status == reqwest::StatusCode::CONFLICT {
        Ok(())
    } else {
        Err(Fault::Survey)
    }
}

#[cfg(test)]
mod tests;
