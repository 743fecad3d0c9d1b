//! `POST /v1/tokens`: recorded first, signed afterwards.

use api::hex::Hex;
use api::registrar::{Nonce, PURPOSE_TOKEN, TokenAnswer, TokenRequest, token_message};
use ballot::manifest::Channel;
use ballot::token::{Kind, RSA_BYTES};
use crypto::schnorr;
use crypto::wire::{Wire as _, Writer};
use sha2::{Digest as _, Sha256};

use super::Registrar;
use super::auth::internal;
use crate::hours::{japan_day, next_japan_day_ms};
use crate::refusal::Refusal;
use crate::sessions::{Accepted, Reserved, Sessions};
use crate::store::{Again, Claim, EvidenceRow, Visit};
use evidence::{Record, seal};

/// A request; its signature is checked before anything is done with it.
struct Checked {
    nonce: Nonce,
    kind: Kind,
    blinded: [u8; RSA_BYTES],
    /// SHA-256 of the blinded message: what "the same request" means.
    request: [u8; 32],
    signature: schnorr::Signature,
}

/// Gives a pending reservation back, also when the client hangs up and the request is dropped.
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
    pub async fn sign_token(&self, request: TokenRequest) -> Result<TokenAnswer, Refusal> {
        let now_ms = self.clock.now_ms();
        let checked = Checked::from(request);
        let session = self.sessions.accepted(&checked.nonce, now_ms)?;
        self.hours.check(session.channel, now_ms)?;
        let message = token_message(
            &self.election,
            &self.origin_hash,
            &checked.nonce,
            checked.kind.as_str(),
            &checked.blinded,
        );
        schnorr::verify(
            &session.session_key,
            PURPOSE_TOKEN,
            &message,
            &checked.signature,
        )
        .map_err(|_| Refusal::SessionSignature)?;
        let issuer = self.keys.issuers.of(checked.kind);
        if !issuer.accepts(&checked.blinded) {
            return Err(Refusal::Malformed);
        }
        match checked.kind {
            Kind::First => self.claim_first(&session, &checked, now_ms).await?,
            Kind::Again => self.claim_again(&session, &checked, now_ms).await?,
            Kind::Survey => self.claim_survey(&session, &checked).await?,
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
        let claim = self
            .store
            .claim_again(&session.person, limit, &evidence, visit(session, now_ms))
            .await;
        match claim.map_err(internal)? {
            Again::Granted => Ok(()),
            Again::NoFirst => Err(Refusal::FirstMissing),
            Again::DayOver => Err(Refusal::DayOver),
            Again::Waits { until_ms } => Err(Refusal::AgainTooOften { retry_ms: until_ms }),
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
            request: checked.blinded.to_vec(),
            request_signature: signature.finish(),
        };
        let sealed = seal(&record, &self.manifest.auditors, &mut rand::rng());
        let sealed = sealed.map_err(|error| {
            tracing::error!("evidence cannot be sealed: {error}");
            Refusal::Internal
        })?;
        let id = self
            .keys
            .evidence_id(&session.person, kind, &checked.request);
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
fn visit(session: &Accepted, now_ms: u64) -> Visit {
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
            signature: request.signature.0,
        }
    }
}
