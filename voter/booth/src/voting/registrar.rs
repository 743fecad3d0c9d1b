//! One registrar: session, proof of the card, blind signatures.

use std::time::Duration;

use api::hex::{Hex, HexBytes};
use api::papers::Sitting;
use api::registrar::{
    Asked, AuthAnswer, AuthRequest, ChallengeAnswer, ChallengeRequest, FaceVerdict, Heard, Nonce,
    PURPOSE_CHALLENGE, PURPOSE_STATION, PURPOSE_TOKEN, Refusal, SaltShare, SessionAnswer,
    SessionRequest, TokenAnswer, TokenRequest, challenge_message, station_message, token_message,
};
use ballot::blind::{self, Blinding, PublicKey};
use ballot::card_text::{AuthText, CardText, origin_hash};
use ballot::manifest::{self, Channel};
use ballot::own_card::certificate_hash;
use ballot::own_card::statement::Session;
use ballot::salt;
use ballot::token::{Kind, RSA_BYTES, TokenMessage};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Scalar};
use host::http::HttpError;
use host::tls::SpkiPin;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use reqwest::{Client, Response};
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
    listed: manifest::Registrar,
    /// Its number in the manifest.
    index: u16,
}

/// A session that a registrar opened; no card has been shown yet.
pub struct Opened {
    nonce: Nonce,
    now_ms: u64,
}

/// A registrar that accepted the card in this session.
pub struct Accepted {
    nonce: Nonce,
    /// u_j.
    pub salt_share: SaltShare,
    /// Whether it gave this card a credential before.
    pub has_first: bool,
    /// W_j.
    pub person_key: Point,
    /// K_j, if this card may vote again here and now.
    pub card_nonce: Option<Point>,
    /// All of it but the salt, signed, for the other registrars.
    pub heard: Heard,
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
        let own = Self {
            client,
            listed: registrar.clone(),
            index,
        };
        own.key(Kind::First, 0)?;
        own.key(Kind::Survey, 0)?;
        Ok(own)
    }

    fn key(&self, kind: Kind, window: u8) -> Result<PublicKey, Fault> {
        let modulus = self.listed.modulus(kind, window).ok_or(Fault::StartFile)?;
        PublicKey::from_modulus(modulus).map_err(|_| Fault::StartFile)
    }

    /// The fault that names this registrar as a liar.
    fn lied(&self) -> Fault {
        Fault::FalseAnswer {
            registrar: self.index,
        }
    }

    async fn post<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        body: &Q,
    ) -> Result<A, Fault> {
        let url = format!("{}{path}", self.listed.origin.trim_end_matches('/'));
        let sent = self.client.post(url).json(body).send().await;
        self.read(sent.map_err(|_| Fault::RegistrarUnreachable)?)
            .await
    }

    /// What a registrar answered. A success that does not decode is its own false answer: over its
    /// pinned key nobody else can have written it (R4.04 for the card, R4.01 and R4.05 for the others).
    async fn read<A: DeserializeOwned>(&self, response: Response) -> Result<A, Fault> {
        let read = host::http::json(response).await;
        read.map_err(|error| match error {
            HttpError::Answer | HttpError::TooLarge => self.lied(),
            other => fault_of(&other),
        })
    }

    /// Opens a session.
    ///
    /// # Errors
    /// Whatever the registrar says.
    pub async fn open(&self, request: &RegistrarRequest<'_>) -> Result<Opened, Fault> {
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
        Ok(Opened {
            nonce: session.nonce.0,
            now_ms: session.now_ms,
        })
    }

    /// Has the card sign the text of an open session, shows both to the registrar and checks all
    /// that it says. What it signed goes into `said` before, right or wrong.
    ///
    /// # Errors
    /// Whatever the registrar or the card says; [`Fault::FalseAnswer`].
    pub async fn authenticate(
        &self,
        request: &RegistrarRequest<'_>,
        opened: &Opened,
        card: &mut dyn CardSigner,
        said: &mut Sitting,
    ) -> Result<Accepted, Fault> {
        let certificate = card.certificate()?;
        let certificate = certificate.as_slice();
        let nonce = opened.nonce;
        let text = AuthText {
            election: *request.election,
            origin: origin_hash(&self.listed.origin),
            nonce,
            session_key: request.session_key.public(),
            expiry_day: u32::try_from(opened.now_ms / DAY_MS)
                .map_err(|_| Fault::Internal("registrar time"))?,
        };
        let bytes = text.to_bytes();
        let signature = card.sign(&CardText::Auth(text))?;
        let proof = AuthRequest {
            nonce: Hex(nonce),
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
        said.registrars.push(answer.heard(&nonce));
        self.check_answer(request, &nonce, certificate, answer)
    }

    /// Rules R4.03 and R4.04: the registrar signed all of it for this session and this card, knows
    /// the secret half of the person key, and gave the salt that the certificate names.
    fn check_answer(
        &self,
        request: &RegistrarRequest<'_>,
        nonce: &Nonce,
        certificate: &[u8],
        answer: AuthAnswer,
    ) -> Result<Accepted, Fault> {
        let heard = answer.heard(nonce);
        let session = Session {
            election: request.election,
            registrar: self.index,
            nonce,
            session_key: &request.session_key.public(),
            certificate: &certificate_hash(certificate),
            salt: &answer.salt_share.0.0,
        };
        answer
            .statement(&session)
            .check(&session, &self.listed.key, &answer.signature.0)
            .map_err(|_| self.lied())?;
        let salt_share = answer.salt_share.0;
        let path: Vec<[u8; 32]> = answer.salt_path.into_iter().map(|Hex(node)| node).collect();
        self.check_salt(request.election, certificate, &salt_share.0, &path)?;
        Ok(Accepted {
            nonce: *nonce,
            salt_share,
            has_first: answer.exists.first,
            person_key: answer.person_key.0,
            card_nonce: answer.card_nonce.map(|Hex(point)| point),
            heard,
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
        let (depth, root) = (self.listed.salt_depth, &self.listed.salt_root);
        let index = salt::index(election, self.index, certificate, depth);
        salt::check(root, depth, index, leaf, path).map_err(|_| self.lied())
    }

    /// One blind signature; the answer is verified before it is returned.
    ///
    /// # Errors
    /// Whatever the registrar says; [`Fault::FalseAnswer`] when its answer is no signature (R4.01).
    pub async fn token(
        &self,
        asker: &Asker<'_>,
        accepted: &Accepted,
        message: &TokenMessage,
        window: u8,
        random: Source<'_>,
    ) -> Result<[u8; RSA_BYTES], Fault> {
        let kind = message.kind();
        let key = self.key(kind, window)?;
        let issuer = &self.listed.origin;
        let blinding = match random {
            Source::Derived(secret) => Blinding::derive(&key, secret, issuer, kind),
            Source::Fresh(bytes) => Blinding::fresh(&key, bytes, issuer, kind),
        }
        .map_err(|_| Fault::Internal("blinding"))?;
        let bytes = message.to_bytes();
        let blinded =
            blind::blind(&key, &bytes, &blinding).map_err(|_| Fault::Internal("blinding"))?;
        let heard = match kind {
            Kind::First | Kind::Again => asker.heard,
            Kind::Survey => &[],
        };
        let asked = Asked {
            kind: kind.as_str(),
            window,
            blinded: &blinded,
            heard,
        };
        let signed = token_message(
            asker.election,
            &origin_hash(issuer),
            &accepted.nonce,
            &asked,
        );
        let mut rng = UnwrapErr(SysRng);
        let request = TokenRequest {
            nonce: Hex(accepted.nonce),
            kind,
            window,
            blinded: Hex(blinded),
            heard: heard.to_vec(),
            signature: Hex(asker.key.sign(PURPOSE_TOKEN, &signed, &mut rng)),
        };
        let answer: TokenAnswer = self.post("/v1/tokens", &request).await?;
        self.finish(&key, message, &answer.blind_signature.0, &blinding)
    }

    /// Rule R4.01: the registrar's own key verifies it.
    fn finish(
        &self,
        key: &PublicKey,
        message: &TokenMessage,
        answer: &[u8; RSA_BYTES],
        blinding: &Blinding,
    ) -> Result<[u8; RSA_BYTES], Fault> {
        blind::finalize(key, &message.to_bytes(), answer, blinding).map_err(|_| self.lied())
    }

    /// The answer under the person key to a blinded challenge; not checked yet.
    ///
    /// # Errors
    /// Whatever the registrar says.
    pub async fn respond(
        &self,
        asker: &Asker<'_>,
        accepted: &Accepted,
        challenge: &Scalar,
    ) -> Result<Scalar, Fault> {
        let origin = origin_hash(&self.listed.origin);
        let signed = challenge_message(asker.election, &origin, &accepted.nonce, challenge);
        let mut rng = UnwrapErr(SysRng);
        let request = ChallengeRequest {
            nonce: Hex(accepted.nonce),
            challenge: Hex(*challenge),
            signature: Hex(asker.key.sign(PURPOSE_CHALLENGE, &signed, &mut rng)),
        };
        let answer: ChallengeAnswer = self.post("/v1/challenges", &request).await?;
        Ok(answer.response.0)
    }
}

/// Who asks in a sitting, with what all registrars said in it.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// The election.
    pub election: &'a Hash,
    /// Session key e.
    pub key: &'a SigningKey,
    /// In the manifest's order.
    pub heard: &'a [Heard],
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
            None if refused.status >= 500 => Fault::RegistrarFailed,
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
        Refusal::NonceGone | Refusal::SessionReplaced | Refusal::WindowOver => Fault::CardStepAgain,
        // Asking once more in this session would get the same refusal without end.
        Refusal::SessionUnknown
        | Refusal::SessionUsed
        | Refusal::TextExpired
        | Refusal::AgainUsed
        | Refusal::ChallengeUsed => Fault::SessionOver,
        Refusal::Internal => Fault::RegistrarFailed,
        Refusal::Malformed
        | Refusal::OtherOrigin
        | Refusal::OtherNonce
        | Refusal::SessionSignature
        | Refusal::FirstMissing
        | Refusal::AgainMissing
        | Refusal::HeardUnsigned
        | Refusal::Extension => Fault::Internal("registrar"),
    }
}

#[cfg(test)]
mod tests;
