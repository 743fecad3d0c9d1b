//! One registrar: session, proof of the card, blind signatures.

use std::time::Duration;

use api::registrar::{
    AuthAnswer, AuthRequest, FaceVerdict, PURPOSE_STATION, PURPOSE_TOKEN, SessionAnswer,
    SessionRequest, TokenAnswer, TokenRequest, station_message, token_message,
};
use ballot::blind::{self, Blinding, PublicKey};
use ballot::card_text::{AuthText, CardText, origin_hash};
use ballot::manifest::{self, Channel};
use ballot::token::{Kind, RSA_BYTES, TokenMessage};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::wire::{TopLevel as _, Wire as _, Writer};
use host::Problem;
use host::http::HttpError;
use host::tls::SpkiPin;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use reqwest::Client;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::station::Station;
use crate::fault::Fault;
use crate::ports::{CardPort, FaceReport};

const TIMEOUT: Duration = Duration::from_secs(20);
const DAY_MS: u64 = 86_400_000;

/// A registrar of the manifest, reached over its pinned key.
pub struct Registrar {
    client: Client,
    origin: String,
    keys: [PublicKey; 3],
}

/// A registrar that accepted the card in this session.
pub struct Accepted {
    nonce: [u8; 32],
    /// u_j.
    pub salt_share: Zeroizing<[u8; 64]>,
}

/// Who asks, and for which election.
pub struct Asking<'a> {
    /// The election.
    pub election: &'a Hash,
    /// This booth's channel.
    pub channel: Channel,
    /// The start file's ticket.
    pub ticket: Option<&'a str>,
    /// The kiosk's station.
    pub station: Option<&'a Station>,
    /// Session key e.
    pub session_key: &'a SigningKey,
    /// Outcome of the face step.
    pub face: FaceReport,
}

impl Registrar {
    /// Prepares to reach a registrar as the manifest describes it.
    ///
    /// # Errors
    /// When the manifest's keys are no keys.
    pub fn new(registrar: &manifest::Registrar) -> Result<Self, Fault> {
        let client = host::http::pinned_client(SpkiPin(registrar.spki), TIMEOUT)
            .map_err(|_| Fault::Internal("tls"))?;
        let key =
            |kind| PublicKey::from_modulus(registrar.modulus(kind)).map_err(|_| Fault::StartFile);
        Ok(Self {
            client,
            origin: registrar.origin.clone(),
            keys: [key(Kind::First)?, key(Kind::Again)?, key(Kind::Survey)?],
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
        asking: &Asking<'_>,
        card: &mut dyn CardPort,
        certificate: &[u8],
    ) -> Result<Accepted, Fault> {
        let request = SessionRequest {
            ticket: asking.ticket.map(str::to_owned),
            station: asking.station.map(|s| s.id.clone()),
        };
        let session: SessionAnswer = self.post("/v1/sessions", &request).await?;
        // Another election, another channel: not the registrar of the manifest.
        if session.election != asking.election.to_hex() {
            return Err(Fault::StartFile);
        }
        if session.channel != asking.channel.as_str() {
            return Err(Fault::Internal("channel"));
        }
        let nonce: [u8; 32] = array(&session.nonce)?;
        let text = AuthText {
            election: *asking.election,
            origin: origin_hash(&self.origin),
            nonce,
            session_key: asking.session_key.public(),
            expiry_day: u32::try_from(session.now_ms / DAY_MS)
                .map_err(|_| Fault::Internal("registrar time"))?,
        };
        let bytes = text.to_bytes();
        let signature = card.sign(&CardText::Auth(text))?;
        let (face, face_reason) = match asking.face {
            FaceReport::Matched => (FaceVerdict::Match, ""),
            FaceReport::NotRequired => (FaceVerdict::NotDone, ""),
        };
        let request = AuthRequest {
            nonce: session.nonce,
            certificate: hex::encode(certificate),
            auth_text: hex::encode(&bytes),
            card_signature: hex::encode(signature.as_ref()),
            face,
            face_reason: face_reason.to_owned(),
            station: asking.station.map(|station| {
                let message = station_message(&bytes, &station.id, face, face_reason);
                let mut rng = UnwrapErr(SysRng);
                let proof = station.key.sign(PURPOSE_STATION, &message, &mut rng);
                let mut w = Writer::new();
                proof.write(&mut w);
                hex::encode(w.finish())
            }),
        };
        let answer: AuthAnswer = self.post("/v1/auth", &request).await?;
        let share = Zeroizing::new(answer.salt_share);
        let salt_share = Zeroizing::new(array(&share)?);
        Ok(Accepted { nonce, salt_share })
    }

    /// One blind signature; the answer is verified before it is returned.
    ///
    /// # Errors
    /// Whatever the registrar says, or [`Fault::Internal`] when its answer is no signature.
    pub async fn token(
        &self,
        asking: &Asking<'_>,
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
        let signed = token_message(
            asking.election,
            &origin,
            &accepted.nonce,
            kind.as_str(),
            &blinded,
        );
        let mut w = Writer::new();
        asking
            .session_key
            .sign(PURPOSE_TOKEN, &signed, &mut UnwrapErr(SysRng))
            .write(&mut w);
        let request = TokenRequest {
            nonce: hex::encode(accepted.nonce),
            kind: kind.as_str().to_owned(),
            blinded: hex::encode(blinded),
            signature: hex::encode(w.finish()),
        };
        let answer: TokenAnswer = self.post("/v1/tokens", &request).await?;
        let answer: [u8; RSA_BYTES] = array(&answer.blind_signature)?;
        blind::finalize(key, &bytes, &answer, &blinding).map_err(|_| Fault::Internal("token"))
    }
}

/// Where the blinding comes from.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// From the voting secret, for the one *first* request.
    Derived(&'a [u8; 64]),
    /// From fresh random bytes.
    Fresh(&'a [u8; 64]),
}

fn array<const N: usize>(text: &str) -> Result<[u8; N], Fault> {
    let mut out = [0; N];
    hex::decode_to_slice(text, &mut out).map_err(|_| Fault::Internal("registrar answer"))?;
    Ok(out)
}

/// What a registrar's refusal means for the voter.
pub(super) fn fault_of(error: &HttpError) -> Fault {
    match error {
        HttpError::Problem(problem) => fault_of_problem(problem),
        HttpError::Unreachable { .. } => Fault::RegistrarUnreachable,
        _ => Fault::Internal("registrar answer"),
    }
}

fn fault_of_problem(problem: &Problem) -> Fault {
    let time = |name: &str| problem.extra.get(name).and_then(serde_json::Value::as_u64);
    match problem.code.as_str() {
        "E-01" => Fault::NotOpen {
            opens: time("next_opening_ms"),
        },
        "E-02" => Fault::Closed {
            now: time("now_ms"),
        },
        "E-03" => Fault::ChannelClosed {
            next: time("next_opening_ms"),
        },
        "E-03b" => Fault::StationUnknown,
        "E-24b" => Fault::TicketUsed,
        "E-27b" => Fault::OtherRequest,
        "E-08" => Fault::Expired {
            since: time("not_after_ms"),
        },
        "E-08a" => Fault::NoCertificate,
        "E-08b" => Fault::IssuedAfterOpening,
        "E-08c" => Fault::CertificateRefused,
        "E-08d" => Fault::PhoneToken,
        "E-09" => Fault::Revoked,
        "E-10" => Fault::RevocationUnknown,
        "E-17" | "E-18" => Fault::FaceRefused,
        "E-24" => Fault::StartFile,
        // The session ran out: the next try opens a new one.
        "E-26" | "E-26b" => Fault::RegistrarUnreachable,
        "E-27" => Fault::RateLimited {
            until: time("retry_ms"),
        },
        _ if problem.status == 409 => Fault::OtherRequest,
        _ if problem.status >= 500 => Fault::RegistrarUnreachable,
        _ => Fault::Internal("registrar"),
    }
}
