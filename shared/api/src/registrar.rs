//! Requests and answers of the registrar interface (conventions D9, D10).
//!
//! JSON over pinned TLS; binary values are lower-case hexadecimal. Refusals are
//! `application/problem+json` with `code`, `reason` and `vote`. A session is named by its nonce:
//!
//! 1. `POST /v1/sessions` [`SessionRequest`] → [`SessionAnswer`]
//! 2. `POST /v1/auth` [`AuthRequest`] → [`AuthAnswer`] (uses up the nonce, whatever the outcome)
//! 3. `POST /v1/tokens` [`TokenRequest`] → [`TokenAnswer`]

use crypto::Hash;
use crypto::wire::{Wire as _, Writer};
use serde::{Deserialize, Serialize};

/// Purpose of the station key's signature over [`station_message`].
pub const PURPOSE_STATION: &str = "station-proof";
/// Purpose of the session key's signature over [`token_message`].
pub const PURPOSE_TOKEN: &str = "token-request";

/// What a station signs (D10): the bytes the card signs, its own id and what it says of the face.
/// The card's text names election, registrar, nonce and session key, so that one registrar cannot
/// pass the proof on to another, nor anybody use it with a session key of his own.
#[must_use]
pub fn station_message(
    auth_text: &[u8],
    station: &str,
    face: FaceVerdict,
    face_reason: &str,
) -> Vec<u8> {
    let mut w = Writer::new();
    w.bytes(auth_text);
    w.text(station);
    w.text(face.as_str());
    w.text(face_reason);
    w.finish()
}

/// What the session key e signs for one token request.
#[must_use]
pub fn token_message(
    election: &Hash,
    origin: &Hash,
    nonce: &[u8; 32],
    kind: &str,
    blinded: &[u8],
) -> Vec<u8> {
    let mut w = Writer::new();
    election.write(&mut w);
    origin.write(&mut w);
    w.raw(nonce);
    w.text(kind);
    w.bytes(blinded);
    w.finish()
}

/// Opens a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRequest {
    /// The start file's ticket, 32 hex digits; needed unless a station asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The station that asks; it proves itself in [`AuthRequest::station`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
}

/// An open session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionAnswer {
    /// 32 bytes, single use; names the session from now on.
    pub nonce: String,
    /// `home`, `counter` or `venue`.
    pub channel: String,
    /// Whether this channel asks for the face step.
    pub face_required: bool,
    /// The election this registrar serves, to be compared with the manifest.
    pub election: String,
    /// The registrar's time, ms.
    pub now_ms: u64,
    /// The nonce is worthless from this time on, ms.
    pub expires_ms: u64,
}

/// Outcome of the face step, decided where the camera is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaceVerdict {
    /// The camera's face is the card's face.
    Match,
    /// It is not.
    Mismatch,
    /// It was not after the last attempt.
    Exhausted,
    /// No comparison took place.
    NotDone,
    /// Two members of staff compared face and card; stations only.
    Staff,
}

impl FaceVerdict {
    /// The word that stands for it in requests, signatures and evidence.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
            Self::Exhausted => "exhausted",
            Self::NotDone => "not_done",
            Self::Staff => "staff",
        }
    }
}

/// Proves presence of the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthRequest {
    /// The session's nonce.
    pub nonce: String,
    /// The card's certificate for user authentication, DER.
    pub certificate: String,
    /// Canonical bytes of the authentication text.
    pub auth_text: String,
    /// The card's signature over them, 256 bytes.
    pub card_signature: String,
    /// Outcome of the face step.
    pub face: FaceVerdict,
    /// Why, as a short code of `a-z0-9_`; empty for a match.
    #[serde(default)]
    pub face_reason: String,
    /// The station key's signature over [`station_message`]; needed when a station asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
}

/// What follows from an accepted authentication.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthAnswer {
    /// u_j, 64 bytes: this registrar's share of the salt.
    pub salt_share: String,
    /// Which tokens this person already has.
    pub exists: Exists,
    /// The session may ask for tokens until this time, ms.
    pub expires_ms: u64,
}

impl core::fmt::Debug for AuthAnswer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("AuthAnswer")
            .field("exists", &self.exists)
            .finish_non_exhaustive()
    }
}

/// Which tokens a person already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exists {
    /// The *first* token was issued before; the same request gets the same answer.
    pub first: bool,
    /// The *survey* token was issued before.
    pub survey: bool,
}

/// Asks for one blind signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// The session's nonce.
    pub nonce: String,
    /// `first`, `again` or `survey`.
    pub kind: String,
    /// The blinded message, 256 bytes.
    pub blinded: String,
    /// Schnorr signature of the session key e over [`token_message`], 64 bytes.
    pub signature: String,
}

/// A blind signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenAnswer {
    /// 256 bytes, still blinded.
    pub blind_signature: String,
}

/// The registrar asks the portal to use up a start file's ticket (registrar → portal).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedeemRequest {
    /// The ticket, 32 hex digits.
    pub ticket: String,
    /// Id of the registrar: a ticket is good once at each.
    pub registrar: String,
}

/// The portal's answer; an unknown, expired or used ticket is a problem with status 404 or 409.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedeemAnswer {
    /// The ticket is good until this time, ms.
    pub expires_ms: u64,
}

/// `GET /v1/status`: what everybody may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The election.
    pub election: String,
    /// The registrar's time, ms.
    pub now_ms: u64,
    /// First opening of any channel, ms.
    pub opens_ms: u64,
    /// The effective close, ms.
    pub closes_ms: u64,
    /// Each channel.
    pub channels: Vec<ChannelStatus>,
}

/// One channel in [`Status`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelStatus {
    /// `home`, `counter` or `venue`.
    pub channel: String,
    /// Whether sessions are opened now.
    pub open: bool,
    /// The next opening after now, ms.
    pub next_opening_ms: Option<u64>,
}

/// The public part of a registrar's keys (`registrar-public.json`), for the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicPart {
    /// Short machine name.
    pub id: String,
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// `https://host:port`.
    pub origin: String,
    /// SHA-256 of the TLS public key (SPKI), hex.
    pub spki: String,
    /// Schnorr key for `Evidence` entries, hex.
    pub key: String,
    /// Modulus of the *first* issuer, 256 bytes big-endian, hex.
    pub first: String,
    /// Modulus of the *again* issuer.
    pub again: String,
    /// Modulus of the *survey* issuer.
    pub survey: String,
}
