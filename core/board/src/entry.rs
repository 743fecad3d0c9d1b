//! The kinds of entries that the board can hold: a small sum type (spec 05 §2).
//!
//! Every entry is a top-level value: version, type, body. Administrative entries carry the
//! signatures of those who may post them; a result carries none, because everybody can recompute
//! it and only one value is valid.

mod act;
mod ceremony;
mod evidence;
mod hand_over;
mod hints;
mod keyholders;
mod late;
mod officers;
mod order;
mod result;
mod setup;
mod share;

pub use self::ceremony::CeremonyEntry;
pub use act::{Act, OfficerAct};
pub use evidence::{ChannelCount, Evidence, Leaf, MAX_PARTS, PART_LEAVES};
pub use hand_over::{HAND_OVER_PURPOSE, HandOver};
pub use hints::Hints;
pub use late::{Late, Seen};
pub use officers::OfficerSignatures;
pub use order::{Order, Ordered};
pub use result::ResultEntry;
pub use setup::Setup;
pub use share::{ShareCommit, ShareEntry};

use ballot::{Ballot, CheckBallot, Opening, SealedManifest};
use crypto::Hash;
use crypto::signed::Signed;
use crypto::wire::{Reader, TopLevel, VERSION, Wire as _, WireError, Writer};

/// Type bytes of entries.
pub mod kind {
    /// `Setup`.
    pub const SETUP: u8 = 10;
    /// `Ceremony`.
    pub const CEREMONY: u8 = 11;
    /// `Seal`.
    pub const SEAL: u8 = 12;
    /// `Open`.
    pub const OPEN: u8 = 13;
    /// `Evidence`.
    pub const EVIDENCE: u8 = 14;
    /// `Ballot`.
    pub const BALLOT: u8 = 15;
    /// `CheckBallot`.
    pub const CHECK_BALLOT: u8 = 16;
    /// `Notice`.
    pub const NOTICE: u8 = 17;
    /// `Extend`.
    pub const EXTEND: u8 = 18;
    /// `Resume`.
    pub const RESUME: u8 = 19;
    /// `Drain`.
    pub const DRAIN: u8 = 20;
    /// `ShareCommit`.
    pub const SHARE_COMMIT: u8 = 21;
    /// `Announce`.
    pub const ANNOUNCE: u8 = 22;
    /// `PartialDecryption`.
    pub const SHARE: u8 = 23;
    /// `Result`.
    pub const RESULT: u8 = 24;
    /// `SaltDestroyed`.
    pub const SALT_DESTROYED: u8 = 25;
    /// `Release`.
    pub const RELEASE: u8 = 26;
    /// `HandOver`.
    pub const HAND_OVER: u8 = 27;
    /// `Late`.
    pub const LATE: u8 = 28;
    /// `Withdraw`.
    pub const WITHDRAW: u8 = 29;
    /// `Hints`.
    pub const HINTS: u8 = 33;
    /// `Opening`.
    pub const OPENING: u8 = 32;

    /// Whether entries of this type come last in a block, in the order of their hashes.
    #[must_use]
    pub fn is_sorted(kind: u8) -> bool {
        matches!(kind, BALLOT | CHECK_BALLOT | OPENING)
    }

    /// The name used in views and logs.
    #[must_use]
    pub fn name(kind: u8) -> &'static str {
        match kind {
            9 => "Network",
            SETUP => "Setup",
            CEREMONY => "Ceremony",
            SEAL => "Seal",
            OPEN => "Open",
            EVIDENCE => "Evidence",
            BALLOT => "Ballot",
            CHECK_BALLOT => "SpoiledBallot",
            NOTICE => "Notice",
            EXTEND => "Extend",
            RESUME => "Resume",
            DRAIN => "Drain",
            SHARE_COMMIT => "ShareCommit",
            ANNOUNCE => "Announce",
            SHARE => "PartialDecryption",
            RESULT => "Result",
            SALT_DESTROYED => "SaltDestroyed",
            RELEASE => "Release",
            HAND_OVER => "HandOver",
            LATE => "Late",
            WITHDRAW => "Withdraw",
            HINTS => "Hints",
            OPENING => "Opening",
            _ => "?",
        }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A new election: authority, officers, trustees.
    Setup(Box<Signed<Setup>>),
    /// A trustee's message of the key ceremony.
    Ceremony(Box<Signed<CeremonyEntry>>),
    /// The sealed manifest.
    Seal(Box<SealedManifest>),
    /// Open, Notice, Extend, Resume, Drain, Announce, SaltDestroyed, Release, Withdraw, Hints: two
    /// officers.
    Act(Box<OfficerAct>),
    /// A part of a registrar's daily report.
    Evidence(Box<Signed<Evidence>>),
    /// A cast ballot.
    Ballot(Box<Ballot>),
    /// A check ballot, which is never counted.
    CheckBallot(Box<CheckBallot>),
    /// One number of every check line of a cast ballot.
    Opening(Box<Opening>),
    /// A trustee's commitment to a decryption share.
    ShareCommit(Box<Signed<ShareCommit>>),
    /// A trustee's decryption share.
    Share(Box<Signed<ShareEntry>>),
    /// The result.
    Result(Box<ResultEntry>),
    /// Other validators run the board from the next block on.
    HandOver(Box<HandOver>),
    /// Who promised a ballot of the same block before the close.
    Late(Box<Late>),
}

pub use crypto::hash::entry_hash;

impl Entry {
    /// Reads an entry (rule R5.01).
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let (version, found) = match bytes {
            [v, k, ..] => (*v, *k),
            _ => return Err(WireError::Truncated),
        };
        if version != VERSION {
            return Err(WireError::Version(version));
        }
        let inner = || bytes.get(2..).ok_or(WireError::Truncated);
        Ok(match found {
            kind::SETUP => Self::Setup(Box::new(Signed::from_bytes(bytes)?)),
            kind::CEREMONY => Self::Ceremony(Box::new(Signed::from_bytes(bytes)?)),
            kind::SEAL => Self::Seal(Box::new(SealedManifest::from_bytes(inner()?)?)),
            kind::EVIDENCE => Self::Evidence(Box::new(Signed::from_bytes(bytes)?)),
            kind::BALLOT => Self::Ballot(Box::new(Ballot::from_bytes(bytes)?)),
            kind::CHECK_BALLOT => Self::CheckBallot(Box::new(CheckBallot::from_bytes(bytes)?)),
            kind::OPENING => Self::Opening(Box::new(Opening::from_bytes(bytes)?)),
            kind::SHARE_COMMIT => Self::ShareCommit(Box::new(Signed::from_bytes(bytes)?)),
            kind::SHARE => Self::Share(Box::new(Signed::from_bytes(bytes)?)),
            kind::RESULT => Self::Result(Box::new(ResultEntry::from_bytes(bytes)?)),
            kind::HAND_OVER => Self::HandOver(Box::new(HandOver::from_bytes(bytes)?)),
            kind::LATE => Self::Late(Box::new(Late::from_bytes(bytes)?)),
            k => {
                let mut r = Reader::top(bytes, k)?;
                let act = OfficerAct::read_body(k, &mut r)?;
                r.end()?;
                Self::Act(Box::new(act))
            }
        })
    }
    /// The canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Setup(v) => v.to_bytes(),
            Self::Ceremony(v) => v.to_bytes(),
            Self::Seal(v) => nested(kind::SEAL, &v.to_bytes()),
            Self::Act(v) => v.to_bytes(),
            Self::Evidence(v) => v.to_bytes(),
            Self::Ballot(v) => v.to_bytes(),
            Self::CheckBallot(v) => v.to_bytes(),
            Self::Opening(v) => v.to_bytes(),
            Self::ShareCommit(v) => v.to_bytes(),
            Self::Share(v) => v.to_bytes(),
            Self::Result(v) => v.to_bytes(),
            Self::HandOver(v) => v.to_bytes(),
            Self::Late(v) => v.to_bytes(),
        }
    }
    /// The type byte.
    #[must_use]
    pub fn kind(&self) -> u8 {
        match self {
            Self::Setup(_) => kind::SETUP,
            Self::Ceremony(_) => kind::CEREMONY,
            Self::Seal(_) => kind::SEAL,
            Self::Act(a) => a.act.kind(),
            Self::Evidence(_) => kind::EVIDENCE,
            Self::Ballot(_) => kind::BALLOT,
            Self::CheckBallot(_) => kind::CHECK_BALLOT,
            Self::Opening(_) => kind::OPENING,
            Self::ShareCommit(_) => kind::SHARE_COMMIT,
            Self::Share(_) => kind::SHARE,
            Self::Result(_) => kind::RESULT,
            Self::HandOver(_) => kind::HAND_OVER,
            Self::Late(_) => kind::LATE,
        }
    }
    /// The election it belongs to: setup hash for `Ceremony` and `Seal`, none for `Setup`, election
    /// hash for all others.
    #[must_use]
    pub fn election(&self) -> Option<Hash> {
        match self {
            Self::Setup(_) => None,
            Self::Ceremony(v) => Some(v.body.setup),
            Self::Seal(v) => Some(v.manifest.setup),
            Self::Act(v) => Some(v.election),
            Self::Evidence(v) => Some(v.body.election),
            Self::Ballot(v) => Some(v.election),
            Self::CheckBallot(v) => Some(v.ballot.election),
            Self::Opening(v) => Some(v.election),
            Self::ShareCommit(v) => Some(v.body.election),
            Self::Share(v) => Some(v.body.election),
            Self::Result(v) => Some(v.election),
            Self::HandOver(v) => Some(v.election),
            Self::Late(v) => Some(v.election),
        }
    }
}

/// Version and type in front of a value that is a top-level value itself.
fn nested(kind: u8, inner: &[u8]) -> Vec<u8> {
    let mut w = Writer::top(kind);
    w.raw(inner);
    w.finish()
}

/// The election hash or setup hash an entry's bytes begin with, without decoding the rest.
#[must_use]
pub fn peek_election(bytes: &[u8]) -> Option<Hash> {
    let body = match *bytes.get(1)? {
        kind::SETUP | kind::SEAL => return None,
        kind::CHECK_BALLOT => bytes.get(4..)?,
        _ => bytes.get(2..)?,
    };
    Hash::read(&mut Reader::new(body)).ok()
}

#[cfg(test)]
mod tests;
