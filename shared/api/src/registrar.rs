//! Requests and answers of the registrar interface (conventions D9, D10).
//!
//! JSON over pinned TLS; binary values are lower-case hexadecimal. Refusals are
//! `application/problem+json` with `code`, `vote` and a [`Refusal`]. A session is named by its
//! nonce:
//!
//! 1. `POST /v1/sessions` [`SessionRequest`] → [`SessionAnswer`]
//! 2. `POST /v1/auth` [`AuthRequest`] → [`AuthAnswer`] (uses up the nonce, whatever the outcome; a
//!    body of another form names no nonce)
//! 3. `POST /v1/tokens` [`TokenRequest`] → [`TokenAnswer`]
//! 4. `POST /v1/challenges` [`ChallengeRequest`] → [`ChallengeAnswer`], for a further ballot

mod card_step;
mod refusal;

use ballot::own_card::key_proof::KeyProof;
use ballot::token::{Kind, RSA_BYTES};
use crypto::schnorr::Signature;
use crypto::wire::{Wire as _, Writer};
use crypto::{Hash, Point};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::hex::{Hex, HexBytes, HexValue};

pub use card_step::{
    ChallengeAnswer, ChallengeRequest, Heard, PURPOSE_CHALLENGE, challenge_message,
};
pub use refusal::Refusal;

/// Longest certificate of a card, bytes.
pub const MAX_CERTIFICATE: usize = 2048;
/// Longest authentication text, bytes.
pub const MAX_AUTH_TEXT: usize = 1024;
/// Longest entry and longest receipt in an [`ExtendRequest`], bytes.
pub const MAX_EXTENSION: usize = 256 * 1024;

/// A number used once, which names a session.
pub type Nonce = [u8; 32];

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

/// What one token is asked for with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// `first`, `again` or `survey`.
    pub kind: &'a str,
    /// The window of the issuer key; 0 unless it is an *again*.
    pub window: u8,
    /// The blinded message.
    pub blinded: &'a [u8],
    /// What all registrars said in this sitting; nothing for a *survey*.
    pub heard: &'a [Heard],
}

/// What the session key e signs for one token request.
#[must_use]
pub fn token_message(election: &Hash, origin: &Hash, nonce: &Nonce, asked: &Asked<'_>) -> Vec<u8> {
    let mut w = Writer::new();
    election.write(&mut w);
    origin.write(&mut w);
    w.raw(nonce);
    w.text(asked.kind);
    w.u8(asked.window);
    w.bytes(asked.blinded);
    w.list(asked.heard);
    w.finish()
}

/// Opens a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRequest {
    /// The start file's ticket; needed unless a station asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Hex<[u8; 16]>>,
    /// The station that asks; it proves itself in [`AuthRequest::station`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
}

/// An open session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionAnswer {
    /// Single use; names the session from now on.
    pub nonce: Hex<Nonce>,
    /// `home`, `counter` or `venue`.
    pub channel: String,
    /// Whether this channel asks for the face step.
    pub face_required: bool,
    /// The election this registrar serves, to be compared with the manifest.
    pub election: Hex<Hash>,
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
    /// Its word in requests, signatures and evidence.
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
    pub nonce: Hex<Nonce>,
    /// The card's certificate for user authentication, DER.
    pub certificate: HexBytes<MAX_CERTIFICATE>,
    /// Canonical bytes of the authentication text.
    pub auth_text: HexBytes<MAX_AUTH_TEXT>,
    /// The card's signature over them.
    pub card_signature: Hex<[u8; RSA_BYTES]>,
    /// Outcome of the face step.
    pub face: FaceVerdict,
    /// Why, as a short code of `a-z0-9_`; empty for a match.
    #[serde(default)]
    pub face_reason: String,
    /// The station key's signature over [`station_message`]; needed when a station asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<Hex<Signature>>,
}

/// u_j, one registrar's share of a voter's salt. Wiped on drop, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SaltShare(pub Zeroizing<[u8; 64]>);

impl core::fmt::Debug for SaltShare {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SaltShare(..)")
    }
}

impl HexValue for SaltShare {
    const WHAT: &'static str = "a share of 64 bytes";
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let share: &[u8; 64] = bytes.try_into().ok()?;
        Some(Self(Zeroizing::new(*share)))
    }
}

/// What follows from an accepted authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthAnswer {
    /// This registrar's share of the salt: the leaf of its table that the certificate names.
    pub salt_share: Hex<SaltShare>,
    /// From the leaf to the root in the manifest.
    pub salt_path: Vec<Hex<[u8; 32]>>,
    /// W_j, this registrar's key for this person.
    pub person_key: Hex<Point>,
    /// V_j and π_j: the registrar knows the secret half of it and chose it itself.
    pub proof: Hex<KeyProof>,
    /// Which tokens this person already has.
    pub exists: Exists,
    /// K_j, for one answer under the person key; only for somebody who may vote again here and now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_nonce: Option<Hex<Point>>,
    /// The session may ask for tokens until this time, ms.
    pub expires_ms: u64,
    /// The registrar's signature over the [`ballot::own_card::statement::AuthStatement`].
    pub signature: Hex<Signature>,
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
    pub nonce: Hex<Nonce>,
    /// `first`, `again` or `survey`.
    #[serde(with = "kind")]
    pub kind: Kind,
    /// The window whose key signs; 0 unless it is an *again*.
    #[serde(default)]
    pub window: u8,
    /// The blinded message.
    pub blinded: Hex<[u8; RSA_BYTES]>,
    /// What all registrars said in this sitting, in the manifest's order; nothing for a *survey*.
    #[serde(default)]
    pub heard: Vec<Heard>,
    /// Schnorr signature of the session key e over [`token_message`].
    pub signature: Hex<Signature>,
}

/// A blind signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenAnswer {
    /// Still blinded.
    pub blind_signature: Hex<[u8; RSA_BYTES]>,
}

/// An `Extend` or `Resume` entry with the proof that it is final on the board (officers →
/// registrar).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendRequest {
    /// The entry.
    pub entry: HexBytes<MAX_EXTENSION>,
    /// The receipt, with all its headers.
    pub receipt: HexBytes<MAX_EXTENSION>,
}

/// `GET /v1/status`: what everybody may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The election.
    pub election: Hex<Hash>,
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
    /// SHA-256 of the TLS public key (SPKI).
    pub spki: Hex<[u8; 32]>,
    /// Schnorr key for `Evidence` entries.
    pub key: Hex<Point>,
    /// Modulus of the *first* issuer, big-endian.
    pub first: Hex<[u8; RSA_BYTES]>,
    /// Moduli of the *again* issuers, one for each window; a manifest with fewer windows takes the
    /// first ones.
    pub again: Vec<Hex<[u8; RSA_BYTES]>>,
    /// Modulus of the *survey* issuer.
    pub survey: Hex<[u8; RSA_BYTES]>,
    /// The table of salts has 2^`salt_depth` leaves.
    pub salt_depth: u8,
    /// Root of the table of salts.
    pub salt_root: Hex<[u8; 32]>,
    /// H(`card-secret`, card secret), for the registrar's own program: it does not start with another
    /// one. None once the secret has been destroyed. Not in the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Hex<Hash>>,
}

/// The kind of a token by its word.
mod kind {
    use ballot::token::Kind;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    const ALL: [Kind; 3] = [Kind::First, Kind::Again, Kind::Survey];

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
    pub(super) fn serialize<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(kind.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Kind, D::Error> {
        let word = String::deserialize(from)?;
        let found = ALL.into_iter().find(|kind| kind.as_str() == word);
        found.ok_or_else(|| D::Error::custom("not a kind of token"))
    }
}
