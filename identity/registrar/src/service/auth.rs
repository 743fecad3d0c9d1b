//! `POST /v1/auth`: the nonce is used up first, then everything is checked, cheap things first.

use api::hex::Hex;
use api::registrar::{AuthAnswer, AuthRequest, FaceVerdict, Nonce, SaltShare, station_message};
use ballot::card_text::AuthText;
use ballot::own_card::certificate_hash;
use ballot::own_card::key_proof::Owner;
use ballot::own_card::registrar::{Nonce as CardNonce, Sitting};
use ballot::own_card::statement::AuthStatement;
use crypto::wire::TopLevel as _;
use rand::Rng as _;
use zeroize::Zeroizing;

use super::Registrar;
use super::fault::internal;
use super::token::visit;
use crate::hours::utc_day;
use crate::refusal::{Refusal, of_card};
use crate::sessions::{Accepted, CardEvidence, Waiting};

impl Registrar {
    /// Checks the card and answers with salt share and person key; to somebody who may vote again
    /// here and now also with K.
    ///
    /// # Errors
    /// [`Refusal`]; the nonce is used up in any case.
    pub async fn authenticate(&self, request: AuthRequest) -> Result<AuthAnswer, Refusal> {
        let now_ms = self.clock.now_ms();
        let Hex(nonce) = request.nonce;
        let waiting = self.sessions.consume(&nonce, now_ms)?;
        self.hours.check(waiting.channel, now_ms)?;
        let auth_text = request.auth_text.as_bytes();
        let text = AuthText::from_bytes(auth_text).map_err(|_| Refusal::Malformed)?;
        self.check_text(&text, &nonce, now_ms)?;
        self.check_station(&waiting, &request, now_ms)?;
        self.check_face(&waiting, request.face, &request.face_reason)?;

        let certificate = request.certificate.as_bytes();
        let Hex(signature) = request.card_signature;
        let opens_ms = self.hours.opens_ms();
        let checked = self.cards.check(certificate, now_ms, opens_ms)?;
        let card = checked.certificate();
        card.check_signature(auth_text, &signature)
            .map_err(of_card)?;
        self.crl
            .check(&self.cards, &checked, now_ms, opens_ms)
            .await?;

        let person = self.keys.person(&card.issuer_and_serial());
        let der = certificate.to_vec();
        let card = CardEvidence {
            certificate: request.certificate.into_bytes(),
            auth_text: request.auth_text.into_bytes(),
            signature: signature.to_vec(),
            face: request.face.as_str(),
            face_reason: request.face_reason,
        };
        let accepted = Accepted {
            channel: waiting.channel,
            person,
            session_key: text.session_key,
            certificate: certificate_hash(&der),
            card,
        };
        let now_ms = self.clock.now_ms();
        // Nothing leaves after the close, not even a salt share checked a moment before it.
        self.hours.check(waiting.channel, now_ms)?;
        self.accept(&nonce, accepted, &der, now_ms).await
    }

    async fn accept(
        &self,
        nonce: &Nonce,
        accepted: Accepted,
        certificate: &[u8],
        now_ms: u64,
    ) -> Result<AuthAnswer, Refusal> {
        let id = self.keys.session_id(nonce);
        let begun = self
            .store
            .begin_session(&accepted.person, &id, visit(&accepted, now_ms))
            .await
            .map_err(internal)?;
        let (session_key, hash) = (accepted.session_key, accepted.certificate);
        let place = u16::try_from(self.place).map_err(|_| Refusal::Internal)?;
        let salt = self.keys.salt(&self.election, place, certificate);
        let salt = salt.ok_or(Refusal::Internal)?;
        let key = self.keys.person_key(&self.election, &hash);
        let key = key.ok_or(Refusal::Internal)?;
        let drawn = begun.is_current.then(|| {
            let mut random = Zeroizing::new([0; 64]);
            rand::rng().fill_bytes(random.as_mut());
            let sitting = Sitting {
                election: &self.election,
                registrar: place,
                nonce,
                session_key: &session_key,
            };
            CardNonce::hedged(&random, &key, &sitting)
        });
        let (secret, card_nonce) = drawn.unzip();
        let expires_ms = self.sessions.accept(nonce, accepted, secret, now_ms)?;
        let mut rng = rand::rng();
        let owner = Owner {
            election: &self.election,
            registrar: place,
            certificate: &hash,
        };
        let proof = key.prove(&owner, &mut rng).ok_or(Refusal::Internal)?;
        let statement = AuthStatement {
            election: self.election,
            registrar: place,
            nonce: *nonce,
            session_key,
            certificate: hash,
            salt: crypto::merkle::leaf(salt.leaf.as_ref()),
            person_key: key.public(),
            proof,
            exists: begun.exists.first,
            card_nonce,
        };
        let signature = statement.sign(&self.keys.board, &mut rng);
        Ok(AuthAnswer {
            salt_share: Hex(SaltShare(salt.leaf)),
            salt_path: salt.path.into_iter().map(Hex).collect(),
            person_key: Hex(statement.person_key),
            proof: Hex(statement.proof),
            exists: begun.exists,
            card_nonce: card_nonce.map(Hex),
            expires_ms,
            signature: Hex(signature),
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
        request: &AuthRequest,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let Some(station) = &waiting.station else {
            return Ok(());
        };
        let Hex(proof) = request.station.ok_or(Refusal::StationProof)?;
        let text = request.auth_text.as_bytes();
        let message = station_message(text, station, request.face, &request.face_reason);
        self.stations.prove(station, &message, &proof, now_ms)
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
