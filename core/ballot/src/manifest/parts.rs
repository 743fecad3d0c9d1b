//! The parts a manifest is made of.

use self::tagged::tagged;
use super::ManifestError;
use crate::contest::Shape;
use crate::text::Text;
use crate::token::{Kind, RSA_BYTES};
use crypto::{Hash, Point};

/// Where a credential is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// The voter's own computer.
    Home,
    /// The counter at city hall.
    Counter,
    /// The venue on the last day.
    Venue,
}

tagged! { Channel:
    Home = 1 "home",
    Counter = 2 "counter",
    Venue = 3 "venue",
}

/// Half-open hours [opens, closes) in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First ms inside.
    pub opens: u64,
    /// First ms outside again.
    pub closes: u64,
}

impl Window {
    /// Whether `now` is inside.
    #[must_use]
    pub fn contains(&self, now: u64) -> bool {
        (self.opens..self.closes).contains(&now)
    }
}

/// One channel's hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelHours {
    /// Which channel.
    pub kind: Channel,
    /// Its name.
    pub name: Text,
    /// Address or room.
    pub place: Text,
    /// Hours, in order, not overlapping.
    pub windows: Vec<Window>,
}

impl ChannelHours {
    /// Whether credentials are issued at `now`.
    #[must_use]
    pub fn open_at(&self, now: u64) -> bool {
        self.windows.iter().any(|w| w.contains(now))
    }
    /// The next opening after `now`.
    #[must_use]
    pub fn next_opening(&self, now: u64) -> Option<u64> {
        self.windows.iter().map(|w| w.opens).find(|o| *o > now)
    }
}

/// One option of a contest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionItem {
    /// Machine name, e.g. `P01`.
    pub id: String,
    /// Printed number.
    pub number: u16,
    /// Title.
    pub title: Text,
    /// Who proposes it.
    pub proposer: Text,
    /// Summary.
    pub summary: Text,
}

/// One question put to the voters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contest {
    /// Machine name.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Number of options and marks.
    pub shape: Shape,
    /// The options, in printed order; as many as the shape says.
    pub options: Vec<OptionItem>,
    /// Index of the blank option, when blank votes are allowed.
    pub blank: Option<u16>,
}

/// A key holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trustee {
    /// 1…n.
    pub id: u16,
    /// Name.
    pub name: Text,
    /// Schnorr key for board entries.
    pub key: Point,
    /// Verification key of the decryption share.
    pub verification: Point,
}

/// The trustees and what their ceremony produced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trustees {
    /// How many must take part.
    pub t: u16,
    /// All of them.
    pub members: Vec<Trustee>,
    /// Joint public key K.
    pub joint: Point,
    /// Root of the ceremony's transcript.
    pub ceremony_root: Hash,
}

impl Trustees {
    /// Rule R1.03.
    pub(super) fn check(&self) -> Result<(), ManifestError> {
        let n = u16::try_from(self.members.len()).map_err(|_| ManifestError::Trustees)?;
        let ids = self.members.iter().zip(1u16..).all(|(m, id)| m.id == id);
        let fits = ids && n <= 15 && self.t >= 1 && self.t <= n && 2 * self.t > n;
        if fits {
            Ok(())
        } else {
            Err(ManifestError::Trustees)
        }
    }
}

/// A body that checks identity and signs tokens blindly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registrar {
    /// Name.
    pub name: Text,
    /// `https://host:port`.
    pub origin: String,
    /// SHA-256 of the TLS public key (SPKI).
    pub spki: [u8; 32],
    /// Schnorr key for `Evidence` entries.
    pub key: Point,
    /// RSA-2048 modulus of the *first* issuer, big-endian; e = 65537.
    pub first: [u8; RSA_BYTES],
    /// Moduli of the *again* issuers, one for each of the manifest's windows.
    pub again: Vec<[u8; RSA_BYTES]>,
    /// Modulus of the *survey* issuer.
    pub survey: [u8; RSA_BYTES],
    /// The table of salts has 2^`salt_depth` leaves.
    pub salt_depth: u8,
    /// Root of the table of salts (RFC 6962).
    pub salt_root: [u8; 32],
}

impl Registrar {
    /// The modulus that signs tokens of this kind; of *again* tokens in this window, if there is
    /// one of this number.
    #[must_use]
    pub fn modulus(&self, kind: Kind, window: u8) -> Option<&[u8; RSA_BYTES]> {
        match kind {
            Kind::First => Some(&self.first),
            Kind::Again => self.again.get(usize::from(window)),
            Kind::Survey => Some(&self.survey),
        }
    }
}

/// A person who can sign for the authority, together with a second one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// Name.
    pub name: Text,
    /// Schnorr key.
    pub key: Point,
}

/// A body that runs a validator of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator {
    /// Name.
    pub name: Text,
    /// Ed25519 key of the engine.
    pub engine_key: [u8; 32],
    /// Schnorr key for `Seen` answers.
    pub node_key: Point,
    /// Gateway, `https://host:port`.
    pub origin: String,
    /// SHA-256 of the gateway's TLS public key (SPKI).
    pub spki: [u8; 32],
    /// X25519 key of the gateway: what relays pass on is sealed to it.
    pub hpke: [u8; 32],
}

/// How a survey question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    /// One option.
    Single,
    /// Any number of options.
    Multi,
    /// Free text.
    Text,
}

tagged! { QuestionKind:
    Single = 1 "single",
    Multi = 2 "multi",
    Text = 3 "text",
}

/// One answer of a survey question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerOption {
    /// Stored value.
    pub value: String,
    /// What is shown.
    pub text: Text,
}

/// One survey question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Machine name.
    pub id: String,
    /// The question.
    pub text: Text,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Whether it must be answered.
    pub required: bool,
    /// The options; empty for free text.
    pub options: Vec<AnswerOption>,
    /// Longest free text, in characters.
    pub max_chars: u16,
}

/// A published rule or notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Key, e.g. `result_policy`.
    pub key: String,
    /// Text.
    pub text: Text,
}

/// A booth program voters may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Version.
    pub version: String,
    /// `linux-x86_64`, `windows-x86_64` …
    pub platform: String,
    /// Bytes of the package.
    pub size: u64,
    /// SHA-256 of the package.
    pub sha256: [u8; 32],
}

impl Release {
    /// Most releases of one election, those of the manifest included.
    pub const MOST: usize = 64;

    /// Version and platform as they tell a release from another (rules R1.13, R5.56): capitals as
    /// small letters, `_` as `-`, because people and file names do not keep them apart.
    #[must_use]
    pub fn name(&self) -> (String, String) {
        let fold = |text: &str| text.to_ascii_lowercase().replace('_', "-");
        (fold(&self.version), fold(&self.platform))
    }
}

mod codec;
mod information;
mod tagged;

pub use information::{Eligibility, Entitled, Help, Place, TieKind, TieRule};
