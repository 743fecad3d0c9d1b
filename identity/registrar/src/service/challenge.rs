//! `POST /v1/challenges`: one answer under the person key, after the session's *again* token.
//!
//! The record behind it is that of the token: the same session, with the card's signature and
//! that the booth heard of all registrars, stored before. The nonce is taken out of memory first, the
//! challenge is recorded by compare-and-set, and only then is there an answer.

use std::sync::Arc;

use api::hex::Hex;
use api::registrar::{ChallengeAnswer, ChallengeRequest, PURPOSE_CHALLENGE, challenge_message};
use ballot::own_card::registrar::Nonce as CardNonce;
use crypto::{Scalar, schnorr};

use super::Registrar;
use super::fault::internal;
use super::token::visit;
use crate::refusal::Refusal;
use crate::sessions::{Accepted, Taken};
use crate::store::Answering;
use api::registrar::Nonce;

impl Registrar {
    /// Answers the one challenge of a session.
    ///
    /// # Errors
    /// [`Refusal`]; what goes wrong once the nonce is taken out burns it.
    pub async fn answer_challenge(
        self: &Arc<Self>,
        request: ChallengeRequest,
    ) -> Result<ChallengeAnswer, Refusal> {
        let now_ms = self.clock.now_ms();
        let (nonce, challenge) = (request.nonce.0, request.challenge.0);
        let session = self.sessions.accepted(&nonce, now_ms);
        let session = session.map_err(|_| Refusal::NonceGone)?;
        self.hours.check(session.channel, now_ms)?;
        let message = challenge_message(&self.election, &self.origin_hash, &nonce, &challenge);
        schnorr::verify(
            &session.session_key,
            PURPOSE_CHALLENGE,
            &message,
            &request.signature.0,
        )
        .map_err(|_| Refusal::SessionSignature)?;
        let response = match self.sessions.take_nonce(&nonce, &challenge, now_ms)? {
            Taken::Answer(answer) => answer,
            Taken::Nonce(secret) => {
                let own = Arc::clone(self);
                // To the end, also when the client hangs up: a repetition finds the answer.
                let work = async move { own.respond(&nonce, &session, challenge, secret).await };
                tokio::spawn(work).await.map_err(|_| Refusal::Internal)??
            }
        };
        Ok(ChallengeAnswer {
            response: Hex(response),
        })
    }

    async fn respond(
        &self,
        nonce: &Nonce,
        session: &Accepted,
        challenge: Scalar,
        secret: CardNonce,
    ) -> Result<Scalar, Refusal> {
        let recorded = self.record(nonce, session, &challenge).await;
        let key = self.keys.person_key(&self.election, &session.certificate);
        let response = recorded.and_then(|()| {
            let key = key.ok_or(Refusal::Internal)?;
            Ok(secret.answer(&key, &challenge))
        });
        match &response {
            Ok(response) => self.sessions.keep_answer(nonce, &challenge, response),
            Err(_) => self.sessions.burn(nonce),
        }
        // The record may have waited for the database: no answer after the close.
        self.hours.check(session.channel, self.clock.now_ms())?;
        response
    }

    async fn record(
        &self,
        nonce: &Nonce,
        session: &Accepted,
        challenge: &Scalar,
    ) -> Result<(), Refusal> {
        let id = self.keys.session_id(nonce);
        let visit = visit(session, self.clock.now_ms());
        let recorded = self
            .store
            .record_challenge(&session.person, &id, challenge.as_bytes(), visit)
            .await;
        match recorded.map_err(internal)? {
            Answering::Recorded => Ok(()),
            Answering::NoAgain => Err(Refusal::AgainMissing),
            Answering::Answered => Err(Refusal::ChallengeUsed),
            Answering::Replaced => Err(Refusal::SessionReplaced),
            Answering::StationOnly => Err(Refusal::StationOnly),
        }
    }
}
