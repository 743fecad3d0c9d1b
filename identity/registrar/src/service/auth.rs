//! `POST /v1/auth`: the nonce is used up first, then everything is checked, cheap things first.

use api::registrar::{AuthAnswer, AuthRequest, FaceVerdict, station_message};
use ballot::card_text::AuthText;
use crypto::hash::{from_hex, to_hex};
use crypto::schnorr::Signature;
use crypto::wire::{Reader, TopLevel as _, Wire as _};

use super::Registrar;
use crate::hours::utc_day;
use crate::refusal::Refusal;
use crate::sessions::{Accepted, CardEvidence, Nonce, Waiting};

const MAX_CERTIFICATE: usize = 2048;

impl Registrar {
    /// Checks the card and answers with the salt share.
    ///
    /// # Errors
    /// [`Refusal`]; the nonce is used up in any case.
    pub async fn authenticate(&self, request: AuthRequest) -> Result<AuthAnswer, Refusal> {
        let now_ms = self.clock.now_ms();
        let nonce: Nonce = array(&request.nonce)?;
        let waiting = self.sessions.consume(&nonce, now_ms)?;
        self.hours.check(waiting.channel, now_ms)?;
        let auth_text = from_hex(&request.auth_text).ok_or(Refusal::Malformed)?;
        let text = AuthText::from_bytes(&auth_text).map_err(|_| Refusal::Malformed)?;
        self.check_text(&text, &nonce, now_ms)?;
        self.check_station(&waiting, &auth_text, &request, now_ms)?;
        self.check_face(&waiting, request.face, &request.face_reason)?;

        let certificate = from_hex(&request.certificate).ok_or(Refusal::Malformed)?;
        if certificate.len() > MAX_CERTIFICATE {
            return Err(Refusal::Malformed);
        }
        let signature: [u8; 256] = array(&request.card_signature)?;
        let opens_ms = self.hours.opens_ms();
        let checked = self.cards.check(&certificate, now_ms, opens_ms)?;
        let card = checked.certificate();
        card.check_signature(&auth_text, &signature)
            .map_err(Refusal::Card)?;
        self.crl
            .check(&self.cards, &checked, now_ms, opens_ms)
            .await?;

        let person = self.keys.person(&card.issuer_and_serial());
        let exists = self.store.exists(&person).await.map_err(internal)?;
        let salt_share = self.keys.salt_share(&self.election, &certificate);
        let salt_share = salt_share.ok_or(Refusal::Internal)?;
        let card = CardEvidence {
            certificate,
            auth_text,
            signature: signature.to_vec(),
            face: request.face.as_str(),
            face_reason: request.face_reason,
        };
        let accepted = Accepted {
            channel: waiting.channel,
            person,
            session_key: text.session_key,
            card,
        };
        let now_ms = self.clock.now_ms();
        // Nothing leaves after the close, not even a salt share checked a moment before it.
        self.hours.check(waiting.channel, now_ms)?;
        let expires_ms = self.sessions.accept(&nonce, accepted, now_ms)?;
        Ok(AuthAnswer {
            salt_share: to_hex(salt_share.as_ref()),
            exists,
            expires_ms,
        })
    }

    fn check_text(&self, text: &AuthText, nonce: &Nonce, now_ms: u64) -> Result<(), Refusal> {
        if text.election != self.election {
            return Err(Refusal::OtherElection);
        }
        if text.origin != self.origin_hash {
            return Err(Refusal::OtherOrigin);
        }
        if text.nonce != *nonce {
            return Err(Refusal::OtherNonce);
        }
        let today = utc_day(now_ms);
        let days = today..=today.saturating_add(1);
        if days.contains(&text.expiry_day) {
            Ok(())
        } else {
            Err(Refusal::TextExpired)
        }
    }

    fn check_station(
        &self,
        waiting: &Waiting,
        auth_text: &[u8],
        request: &AuthRequest,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let Some(station) = &waiting.station else {
            return Ok(());
        };
        let proof = request.station.as_deref().ok_or(Refusal::StationProof)?;
        let message = station_message(auth_text, station, request.face, &request.face_reason);
        self.stations
            .prove(station, &message, &signature(proof)?, now_ms)
    }

    fn check_face(
        &self,
        waiting: &Waiting,
        verdict: FaceVerdict,
        reason: &str,
    ) -> Result<(), Refusal> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if reason.len() > 32 || !reason.chars().all(plain) {
            return Err(Refusal::Malformed);
        }
        if !self.manifest.face_required.contains(&waiting.channel) {
            return Ok(());
        }
        match verdict {
            FaceVerdict::Match => Ok(()),
            FaceVerdict::Staff if waiting.station.is_some() => Ok(()),
            FaceVerdict::Mismatch => Err(Refusal::FaceMismatch),
            FaceVerdict::Exhausted => Err(Refusal::FaceExhausted),
            FaceVerdict::NotDone | FaceVerdict::Staff => Err(Refusal::FaceMissing),
        }
    }
}

/// Hexadecimal of exactly `N` bytes.
pub(super) fn array<const N: usize>(text: &str) -> Result<[u8; N], Refusal> {
    from_hex(text)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(Refusal::Malformed)
}

/// A Schnorr signature in hexadecimal.
pub(super) fn signature(text: &str) -> Result<Signature, Refusal> {
    let bytes: [u8; 64] = array(text)?;
    let mut reader = Reader::new(&bytes);
    Signature::read(&mut reader).map_err(|_| Refusal::Malformed)
}

/// The database failed: said in the log, without anything about the person.
#[expect(clippy::needless_pass_by_value, reason = "used with map_err")]
pub(super) fn internal(error: crate::store::StoreError) -> Refusal {
    tracing::error!("the database gave no answer: {error}");
    Refusal::Internal
}
