//! One registrar: session, proof of the card, blind signatures.

use std::time::Duration;

use api::hex::{Hex, HexBytes};
use api::registrar::{
    AuthAnswer, AuthRequest, FaceVerdict, Nonce, PURPOSE_STATION, PURPOSE_TOKEN, Refusal,
    SaltShare, SessionAnswer, SessionRequest, TokenAnswer, TokenRequest, station_message,
    token_message,
};
use ballot::blind::{self, Blinding, PublicKey};
use ballot::card_text::{AuthText, CardText, origin_hash};
use ballot::manifest::{self, Channel};
use ballot::salt;
use ballot::token::{Kind, RSA_BYTES, TokenMessage};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use host::http::HttpError;
use host::tls::SpkiPin;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use reqwest::Client;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::station::Station;
use crate::fault::Fault;
use crate::ports::CardSigner;

const TIMEOUT: Duration = Duration::from_secs(20);
const DAY_MS: u64 = 86_400_000;
/// A booth says whether the face step was passed and never why not.
const NO_REASON: &str = "";

/// A registrar of the manifest, reached over its pinned key.
pub struct Registrar {
    client: Client,
    origin: String,
    keys: [PublicKey; 3],
    /// Its number in the manifest.
    index: u16,
    salt_depth: u8,
    salt_root: [u8; 32],
}

/// A registrar that accepted the card in this session.
pub struct Accepted {
    nonce: Nonce,
    /// u_j.
    pub salt_share: SaltShare,
    /// Whether it gave this card a credential before.
    pub has_first: bool,
}

/// What a registrar is asked with: who asks, and for which election.
pub struct RegistrarRequest<'a> {
    /// The election.
    pub election: &'a Hash,
    /// This booth's channel.
    pub channel: Channel,
    /// The start file's ticket.
    pub ticket: Option<Hex<[u8; 16]>>,
    /// The kiosk's station.
    pub station: Option<&'a Station>,
    /// Session key e.
    pub session_key: &'a SigningKey,
    /// Outcome of the face step.
    pub face: FaceVerdict,
}

impl Registrar {
    /// Prepares to reach registrar number `index` as the manifest describes it.
    ///
    /// # Errors
    /// When the manifest's keys are no keys.
    pub fn new(index: u16, registrar: &manifest::Registrar) -> Result<Self, Fault> {
        let client = host::http::pinned_client(SpkiPin(registrar.spki), TIMEOUT)
            .map_err(|_| Fault::Internal("tls"))?;
        let key = |kind| {
            let modulus = registrar.modulus(kind, 0).ok_or(Fault::StartFile)?;
            PublicKey::from_modulus(modulus).map_err(|_| Fault::StartFile)
        };
        Ok(Self {
            client,
            origin: registrar.origin.clone(),
            keys: [key(Kind::First)?, key(Kind::Again)?, key(Kind::Survey)?],
            index,
            salt_depth: registrar.salt_depth,
            salt_root: registrar.salt_root,
        })
    }

    fn key(&self, kind: Kind) -> &PublicKey {
        let [first, again, survey] = &self.keys;
        match kind {
            Kind::First => first,
            Kind::Again => again,
            Kind::Survey => survey,
        }
    }

    async fn post<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        body: &Q,
    ) -> Result<A, Fault> {
        let url = format!("{}{path}", self.origin.trim_end_matches('/'));
        let sent = self.client.post(url).json(body).send().await;
        let response = sent.map_err(|_| Fault::RegistrarUnreachable)?;
        host::http::json(response).await.map_err(|e| fault_of(&e))
    }

    /// Opens a session, has the card sign its text and shows both to the registrar.
    ///
    /// # Errors
    /// Whatever the registrar or the card says.
    pub async fn authenticate(
        &self,
        request: &RegistrarRequest<'_>,
        card: &mut dyn CardSigner,
        certificate: &[u8],
    ) -> Result<Accepted, Fault> {
        let opening = SessionRequest {
            ticket: request.ticket,
            station: request.station.map(|s| s.id.clone()),
        };
        let session: SessionAnswer = self.post("/v1/sessions", &opening).await?;
        // Another election, another channel: not the registrar of the manifest.
        if session.election.0 != *request.election {
            return Err(Fault::StartFile);
        }
        if session.channel != request.channel.as_str() {
            return Err(Fault::Internal("channel"));
        }
        let nonce = session.nonce.0;
        let text = AuthText {
            election: *request.election,
            origin: origin_hash(&self.origin),
            nonce,
            session_key: request.session_key.public(),
            expiry_day: u32::try_from(session.now_ms / DAY_MS)
                .map_err(|_| Fault::Internal("registrar time"))?,
        };
        let bytes = text.to_bytes();
        let signature = card.sign(&CardText::Auth(text))?;
        let proof = AuthRequest {
            nonce: session.nonce,
            certificate: HexBytes::of(certificate),
            auth_text: HexBytes::of(bytes.clone()),
            card_signature: Hex(*signature),
            face: request.face,
            face_reason: NO_REASON.to_owned(),
            station: request.station.map(|station| {
                let message = station_message(&bytes, &station.id, request.face, NO_REASON);
                let mut rng = UnwrapErr(SysRng);
                Hex(station.key.sign(PURPOSE_STATION, &message, &mut rng))
            }),
        };
        let answer: AuthAnswer = self.post("/v1/auth", &proof).await?;
        let salt_share = answer.salt_share.0;
        let path: Vec<[u8; 32]> = answer.salt_path.into_iter().map(|Hex(node)| node).collect();
        self.check_salt(request.election, certificate, &salt_share.0, &path)?;
        Ok(Accepted {
            nonce,
            salt_share,
            has_first: answer.exists.first,
        })
    }

    /// Rule R4.03: the registrar cannot choose what it tells this person.
    fn check_salt(
        &self,
        election: &Hash,
        certificate: &[u8],
        leaf: &[u8; 64],
        path: &[[u8; 32]],
    ) -> Result<(), Fault> {
        let index = salt::index(election, self.index, certificate, self.salt_depth);
        salt::check(&self.salt_root, self.salt_depth, index, leaf, path).map_err(|_| {
            Fault::FalseAnswer {
                registrar: self.index,
            }
        })
    }

    /// One blind signature; the answer is verified before it is returned.
    ///
    /// # Errors
    /// Whatever the registrar says, or [`Fault::Internal`] when its answer is no signature.
    pub async fn token(
        &self,
        election: &Hash,
        session_key: &SigningKey,
        accepted: &Accepted,
        message: &TokenMessage,
        random: Source<'_>,
    ) -> Result<[u8; RSA_BYTES], Fault> {
        let kind = message.kind();
        let key = self.key(kind);
        let blinding = match random {
            Source::Derived(secret) => Blinding::derive(key, secret, &self.origin, kind),
            Source::Fresh(bytes) => Blinding::fresh(key, bytes, &self.origin, kind),
        }
        .map_err(|_| Fault::Internal("blinding"))?;
        let bytes = message.to_bytes();
        let blinded =
            blind::blind(key, &bytes, &blinding).map_err(|_| Fault::Internal("blinding"))?;
        let origin = origin_hash(&self.origin);
        let signed = token_message(election, &origin, &accepted.nonce, kind.as_str(), &blinded);
        let mut rng = UnwrapErr(SysRng);
        let request = TokenRequest {
            nonce: Hex(accepted.nonce),
            kind,
            blinded: Hex(blinded),
            signature: Hex(session_key.sign(PURPOSE_TOKEN, &signed, &mut rng)),
        };
        let answer: TokenAnswer = self.post("/v1/tokens", &request).await?;
        let Hex(answer) = answer.blind_signature;
        blind::finalize(key, &bytes, &answer, &blinding).map_err(|_| Fault::Internal("token"))
    }
}

/// The source of the blinding.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// From the voting secret, for the one *first* request.
    Derived(&'a [u8; 64]),
    /// From fresh random bytes.
    Fresh(&'a [u8; 64]),
}

/// What a registrar's refusal means for the voter.
pub(super) fn fault_of(error: &HttpError) -> Fault {
    match error {
        HttpError::Refused(refused) => match refused.reason() {
            Some(refusal) => fault_of_refusal(refusal),
            None if refused.status >= 500 => Fault::RegistrarUnreachable,
            None => Fault::Internal("registrar"),
        },
        HttpError::Unreachable { .. } => Fault::RegistrarUnreachable,
        _ => Fault::Internal("registrar answer"),
    }
}

/// Exhaustive, so that a new reason needs a decision here. Many-to-one on purpose: the voter hears
/// what can be done, never which list, file or signature was at fault.
fn fault_of_refusal(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::NotOpen { next_opening_ms } => Fault::NotOpen {
            opens: Some(next_opening_ms),
        },
        Refusal::Closed { closed_ms } => Fault::Closed {
            closed: Some(closed_ms),
        },
        Refusal::ChannelClosed {
            next_opening_ms, ..
        } => Fault::ChannelClosed {
            next: next_opening_ms,
        },
        Refusal::StationUnknown | Refusal::StationProof => Fault::StationUnknown,
        Refusal::CertificateExpired { not_after_ms } => Fault::Expired {
            since: Some(not_after_ms),
        },
        Refusal::CertificateLate => Fault::IssuedAfterOpening,
        Refusal::CertificateProfile | Refusal::CardSignature => Fault::CertificateRefused,
        Refusal::Revoked => Fault::Revoked,
        Refusal::TicketUnchecked
        | Refusal::RevocationUnknown
        | Refusal::AgainPending
        | Refusal::DayOver => Fault::RevocationUnknown,
        Refusal::FaceMismatch | Refusal::FaceExhausted | Refusal::FaceMissing => Fault::FaceRefused,
        Refusal::TicketUnknown | Refusal::OtherElection => Fault::StartFile,
        Refusal::TooManySessions => Fault::RateLimited { until: None },
        Refusal::AgainTooOften { retry_ms } => Fault::RateLimited {
            until: Some(retry_ms),
        },
        Refusal::FirstDiffers => Fault::OtherRequest,
        Refusal::StationOnly => Fault::StationOnly,
        Refusal::SurveyUsed => Fault::Survey,
        // The session ran out: the next try opens a new one.
        Refusal::SessionUnknown
        | Refusal::SessionUsed
        | Refusal::TextExpired
        | Refusal::AgainUsed
        | Refusal::Internal => Fault::RegistrarUnreachable,
        Refusal::Malformed
        | Refusal::OtherOrigin
        | Refusal::OtherNonce
        | Refusal::SessionSignature
        | Refusal::FirstMissing
        | Refusal::Extension => Fault::Internal("registrar"),
    }
}

#[cfg(test)]
mod tests;
