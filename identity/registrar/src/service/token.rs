//! `POST /v1/tokens`: recorded first, signed afterwards.
//!
//! From the claim on it is a task of its own: a client that hangs up leaves either nothing or a
//! token that the same request gets again, never a claim without an answer.

use std::sync::Arc;

use api::hex::Hex;
use api::registrar::{
    Asked, Heard, Nonce, PURPOSE_TOKEN, TokenAnswer, TokenRequest, token_message,
};
use ballot::manifest::AGAIN_GRACE_MS;
use ballot::manifest::Channel;
use ballot::token::{Kind, RSA_BYTES};
use crypto::schnorr;
use crypto::wire::{Wire as _, Writer};
use sha2::{Digest as _, Sha256};

use super::Registrar;
use super::fault::internal;
use crate::hours::{japan_day, next_japan_day_ms};
use crate::refusal::Refusal;
use crate::sessions::{Accepted, Reserved, Sessions};
use crate::store::{Again, Claim, EvidenceRow, Visit};
use evidence::{Record, seal};

/// A request; its signature is checked before anything is done with it.
struct Checked {
    nonce: Nonce,
    kind: Kind,
    window: u8,
    blinded: [u8; RSA_BYTES],
    heard: Vec<Heard>,
    /// SHA-256 of the blinded message: what "the same request" means.
    request: [u8; 32],
    signature: schnorr::Signature,
}

/// Gives a pending reservation back, whatever ends the claim.
struct Reservation<'a> {
    sessions: &'a Sessions,
    nonce: &'a Nonce,
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.sessions.release_again(self.nonce);
    }
}

impl Registrar {
    /// Signs one blinded message.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn sign_token(
        self: &Arc<Self>,
        request: TokenRequest,
    ) -> Result<TokenAnswer, Refusal> {
        let now_ms = self.clock.now_ms();
        let checked = Checked::from(request);
        let session = self.sessions.accepted(&checked.nonce, now_ms)?;
        self.hours.check(session.channel, now_ms)?;
        self.check_request(&session, &checked, now_ms)?;
        let own = Arc::clone(self);
        let work = async move { own.claim_and_sign(&session, &checked, now_ms).await };
        tokio::spawn(work).await.map_err(|_| Refusal::Internal)?
    }

    async fn claim_and_sign(
        &self,
        session: &Accepted,
        checked: &Checked,
        now_ms: u64,
    ) -> Result<TokenAnswer, Refusal> {
        let issuer = self.keys.issuers.of(checked.kind, checked.window);
        let issuer = issuer.ok_or(Refusal::WindowOver)?;
        if !issuer.accepts(&checked.blinded) {
            return Err(Refusal::Malformed);
        }
        match checked.kind {
            Kind::First => self.claim_first(session, checked, now_ms).await?,
            Kind::Again => self.claim_again(session, checked, now_ms).await?,
            Kind::Survey => self.claim_survey(session, checked).await?,
        }
        let signed = issuer.sign(&checked.blinded).map_err(|error| {
            tracing::error!("an issuer key failed: {error}");
            Refusal::Internal
        })?;
        // The claim may have waited for the database: no answer after the close.
        self.hours.check(session.channel, self.clock.now_ms())?;
        Ok(TokenAnswer {
            blind_signature: Hex(signed),
        })
    }

    /// The session key signed the request, the window's key still signs, and what it says of the
    /// registrars is what they signed in this sitting.
    fn check_request(
        &self,
        session: &Accepted,
        checked: &Checked,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let asked = Asked {
            kind: checked.kind.as_str(),
            window: checked.window,
            blinded: &checked.blinded,
            heard: &checked.heard,
        };
        let message = token_message(&self.election, &self.origin_hash, &checked.nonce, &asked);
        schnorr::verify(
            &session.session_key,
            PURPOSE_TOKEN,
            &message,
            &checked.signature,
        )
        .map_err(|_| Refusal::SessionSignature)?;
        match checked.kind {
            Kind::First if checked.window != 0 => Err(Refusal::Malformed),
            Kind::First => self.check_heard(session, checked),
            Kind::Again if !self.signs_in(checked.window, now_ms) => Err(Refusal::WindowOver),
            Kind::Again => self.check_heard(session, checked),
            Kind::Survey if checked.window != 0 || !checked.heard.is_empty() => {
                Err(Refusal::Malformed)
            }
            Kind::Survey => Ok(()),
        }
    }

    /// Whether the key of this window signs now: while it is in force, and half of the time after it
    /// in which the board takes its ballots. Registrars' clocks differ, and a sitting may have begun
    /// before the window ended.
    fn signs_in(&self, window: u8, now_ms: u64) -> bool {
        let begun = self.manifest.again_window_at(now_ms);
        begun.is_some_and(|now| window <= now)
            && self
                .manifest
                .takes_again_window(window, now_ms.saturating_add(AGAIN_GRACE_MS / 2))
    }

    /// Rule R4.04 for all registrars of the manifest: they signed this for this session key and this
    /// card, this one for this very session. What is kept as evidence is good evidence.
    fn check_heard(&self, session: &Accepted, checked: &Checked) -> Result<(), Refusal> {
        let registrars = &self.manifest.registrars;
        if checked.heard.len() != registrars.len() {
            return Err(Refusal::HeardUnsigned);
        }
        for ((place, listed), heard) in (0u16..).zip(registrars).zip(&checked.heard) {
            let (key, card) = (&session.session_key, &session.certificate);
            heard
                .statement(&self.election, place, key, card)
                .verify(&listed.key, &heard.signature.0)
                .map_err(|_| Refusal::HeardUnsigned)?;
        }
        let own = checked.heard.get(self.place);
        if own.is_some_and(|heard| heard.nonce.0 == checked.nonce) {
            Ok(())
        } else {
            Err(Refusal::HeardUnsigned)
        }
    }

    async fn claim_first(
        &self,
        session: &Accepted,
        checked: &Checked,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let evidence = self.evidence(session, checked, now_ms)?;
        let claim = self
            .store
            .claim_first(
                &session.person,
                &checked.request,
                &evidence,
                visit(session, now_ms),
            )
            .await;
        match claim.map_err(internal)? {
            Claim::New | Claim::Same => Ok(()),
            Claim::NoFirst => Err(Refusal::Internal),
            Claim::DayOver => Err(Refusal::DayOver),
            Claim::Different => {
                tracing::warn!("incident: another credential request of one person was refused");
                let (kind, day) = ("first_differs", japan_day(now_ms));
                let id = self.keys.incident_id(&session.person, kind, day);
                let counted = self.store.incident(&id, kind, day).await;
                counted.map_err(internal)?;
                Err(Refusal::FirstDiffers)
            }
        }
    }

    async fn claim_again(
        &self,
        session: &Accepted,
        checked: &Checked,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let reserved = self
            .sessions
            .reserve_again(&checked.nonce, &checked.request, now_ms)?;
        if reserved == Reserved::Granted {
            return Ok(());
        }
        let reservation = Reservation {
            sessions: &self.sessions,
            nonce: &checked.nonce,
        };
        self.grant_again(session, checked, now_ms).await?;
        self.sessions.grant_again(&checked.nonce, &checked.request);
        drop(reservation);
        Ok(())
    }

    async fn grant_again(
        &self,
        session: &Accepted,
        checked: &Checked,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        if !self
            .store
            .exists(&session.person)
            .await
            .map_err(internal)?
            .first
        {
            return Err(Refusal::FirstMissing);
        }
        let evidence = self.evidence(session, checked, now_ms)?;
        let limit = self.limits.again_per_day;
        let id = self.keys.session_id(&checked.nonce);
        let who = (&session.person, &id);
        let claim = self
            .store
            .claim_again(who, limit, &evidence, visit(session, now_ms))
            .await;
        match claim.map_err(internal)? {
            Again::Granted => Ok(()),
            Again::NoFirst => Err(Refusal::FirstMissing),
            Again::DayOver => Err(Refusal::DayOver),
            Again::Waits { until_ms } => Err(Refusal::AgainTooOften { retry_ms: until_ms }),
            Again::Replaced => Err(Refusal::SessionReplaced),
            Again::StationOnly => Err(Refusal::StationOnly),
            Again::TooOften => Err(Refusal::AgainTooOften {
                retry_ms: next_japan_day_ms(now_ms),
            }),
        }
    }

    async fn claim_survey(&self, session: &Accepted, checked: &Checked) -> Result<(), Refusal> {
        let claim = self
            .store
            .claim_survey(&session.person, &checked.request)
            .await;
        match claim.map_err(internal)? {
            Claim::New | Claim::Same => Ok(()),
            Claim::Different => Err(Refusal::SurveyUsed),
            Claim::NoFirst => Err(Refusal::FirstMissing),
            Claim::DayOver => Err(Refusal::Internal),
        }
    }

    fn evidence(
        &self,
        session: &Accepted,
        checked: &Checked,
        now_ms: u64,
    ) -> Result<EvidenceRow<'static>, Refusal> {
        let (kind, channel) = (checked.kind.as_str(), session.channel.as_str());
        let day = japan_day(now_ms);
        let mut signature = Writer::new();
        checked.signature.write(&mut signature);
        let mut heard = Writer::new();
        heard.list(&checked.heard);
        let record = Record {
            election: self.election,
            kind: kind.to_owned(),
            channel: channel.to_owned(),
            day,
            certificate: session.card.certificate.clone(),
            auth_text: session.card.auth_text.clone(),
            card_signature: session.card.signature.clone(),
            face: session.card.face.to_owned(),
            face_reason: session.card.face_reason.clone(),
            window: checked.window,
            request: checked.blinded.to_vec(),
            heard: heard.finish(),
            request_signature: signature.finish(),
        };
        let sealed = seal(&record, &self.manifest.auditors, &mut rand::rng());
        let sealed = sealed.map_err(|error| {
            tracing::error!("evidence cannot be sealed: {error}");
            Refusal::Internal
        })?;
        let visit = self.keys.session_id(&checked.nonce);
        let id = self
            .keys
            .evidence_id(&session.person, kind, &checked.request, &visit);
        Ok(EvidenceRow {
            id,
            kind,
            channel,
            day,
            sealed,
        })
    }
}

/// Every channel but home is opened by a station's proof.
pub(super) fn visit(session: &Accepted, now_ms: u64) -> Visit {
    Visit {
        now_ms,
        at_station: session.channel != Channel::Home,
    }
}

impl From<TokenRequest> for Checked {
    fn from(request: TokenRequest) -> Self {
        Self {
            nonce: request.nonce.0,
            kind: request.kind,
            request: Sha256::digest(request.blinded.0).into(),
            blinded: request.blinded.0,
            window: request.window,
            heard: request.heard,
            signature: request.signature.0,
        }
    }
}
