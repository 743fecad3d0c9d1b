//! Acts of the officers: each needs two different ones.

use super::officers::{OfficerSignatures, read_pair, write_pair};
use super::{Hints, kind};
use ballot::manifest::Release;
use ballot::text::Text;
use crypto::Hash;
use crypto::schnorr::{self, Signature, SigningKey};
use crypto::wire::{Reader, Wire, WireError, Writer};
use rand_core::CryptoRng;

/// What two officers order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Voting opens; the box is shown to be empty.
    Open {
        /// Ballots in the box: 0.
        count: u64,
        /// Height of a recent block both officers saw.
        height: u64,
        /// Digest of that block's header.
        head: [u8; 32],
    },
    /// A public notice.
    Notice {
        /// Key, e.g. `incidents`.
        key: String,
        /// Text.
        text: Text,
    },
    /// The close moves to `until` (ms).
    Extend {
        /// New close.
        until: u64,
    },
    /// A halted election goes on until `until` (ms).
    Resume {
        /// New close.
        until: u64,
    },
    /// A halted election takes the ballots that were promised before its close, and then closes.
    Drain,
    /// The result may be decrypted.
    Announce,
    /// A registrar's salt key was destroyed.
    SaltDestroyed {
        /// Index in the manifest.
        registrar: u16,
    },
    /// Voters may use this booth program, too.
    Release(Release),
    /// The election is not held.
    Withdraw {
        /// Why.
        reason: Text,
    },
    /// Other addresses than those of manifest and start file.
    Hints(Hints),
}

impl Act {
    /// Type byte of the entry.
    #[must_use]
    pub fn kind(&self) -> u8 {
        match self {
            Self::Open { .. } => kind::OPEN,
            Self::Notice { .. } => kind::NOTICE,
            Self::Extend { .. } => kind::EXTEND,
            Self::Resume { .. } => kind::RESUME,
            Self::Drain => kind::DRAIN,
            Self::Announce => kind::ANNOUNCE,
            Self::SaltDestroyed { .. } => kind::SALT_DESTROYED,
            Self::Release(_) => kind::RELEASE,
            Self::Withdraw { .. } => kind::WITHDRAW,
            Self::Hints(_) => kind::HINTS,
        }
    }
    /// Purpose of the officers' signatures.
    #[must_use]
    pub fn purpose(&self) -> &'static str {
        match self {
            Self::Open { .. } => "officer-open",
            Self::Notice { .. } => "officer-notice",
            Self::Extend { .. } => "officer-extend",
            Self::Resume { .. } => "officer-resume",
            Self::Drain => "officer-drain",
            Self::Announce => "officer-announce",
            Self::SaltDestroyed { .. } => "officer-salt-destroyed",
            Self::Release(_) => "officer-release",
            Self::Withdraw { .. } => "officer-withdraw",
            Self::Hints(_) => "officer-hints",
        }
    }
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Open {
                count,
                height,
                head,
            } => {
                w.u64(*count);
                w.u64(*height);
                w.raw(head);
            }
            Self::Notice { key, text } => {
                w.text(key);
                text.write(w);
            }
            Self::Extend { until } | Self::Resume { until } => w.u64(*until),
            Self::Drain | Self::Announce => {}
            Self::SaltDestroyed { registrar } => w.u16(*registrar),
            Self::Release(release) => release.write(w),
            Self::Withdraw { reason } => reason.write(w),
            Self::Hints(hints) => hints.write(w),
        }
    }
    pub(super) fn read(kind: u8, r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(match kind {
            kind::OPEN => Self::Open {
                count: r.u64()?,
                height: r.u64()?,
                head: r.array()?,
            },
            kind::NOTICE => Self::Notice {
                key: r.text(32)?,
                text: Text::read(r)?,
            },
            kind::EXTEND => Self::Extend { until: r.u64()? },
            kind::RESUME => Self::Resume { until: r.u64()? },
            kind::DRAIN => Self::Drain,
            kind::ANNOUNCE => Self::Announce,
            kind::SALT_DESTROYED => Self::SaltDestroyed {
                registrar: r.u16()?,
            },
            kind::RELEASE => Self::Release(Release::read(r)?),
            kind::WITHDRAW => Self::Withdraw {
                reason: Text::read(r)?,
            },
            kind::HINTS => Self::Hints(Hints::read(r)?),
            k => return Err(WireError::Type(k)),
        })
    }
}

/// An act with the signatures of two officers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerAct {
    /// The election.
    pub election: Hash,
    /// What is ordered.
    pub act: Act,
    /// Who ordered it.
    pub signatures: OfficerSignatures,
}

impl OfficerAct {
    /// The bytes both officers sign, with [`Act::purpose`].
    #[must_use]
    pub fn message(election: &Hash, act: &Act) -> Vec<u8> {
        let mut w = Writer::top(act.kind());
        election.write(&mut w);
        act.write(&mut w);
        w.finish()
    }
    /// One officer's signature.
    pub fn sign<R: CryptoRng + ?Sized>(
        election: &Hash,
        act: &Act,
        key: &SigningKey,
        rng: &mut R,
    ) -> Signature {
        key.sign(act.purpose(), &Self::message(election, act), rng)
    }
    /// The act with the signatures of these two officers, given by their index in the manifest.
    pub fn signed<R: CryptoRng + ?Sized>(
        election: Hash,
        act: Act,
        officers: [(u16, &SigningKey); 2],
        rng: &mut R,
    ) -> Self {
        let signatures = officers.map(|(i, key)| (i, Self::sign(&election, &act, key, rng)));
        Self {
            election,
            act,
            signatures,
        }
    }
    /// Whether `signature` is by `key` over this act.
    #[must_use]
    pub fn is_signed_by(&self, key: &crypto::Point, signature: &Signature) -> bool {
        let message = Self::message(&self.election, &self.act);
        schnorr::verify(key, self.act.purpose(), &message, signature).is_ok()
    }
    /// The entry's canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::top(self.act.kind());
        self.election.write(&mut w);
        self.act.write(&mut w);
        write_pair(&mut w, &self.signatures);
        w.finish()
    }
    pub(super) fn read_body(kind: u8, r: &mut Reader<'_>) -> Result<Self, WireError> {
        let election = Hash::read(r)?;
        let act = Act::read(kind, r)?;
        Ok(Self {
            election,
            act,
            signatures: read_pair(r)?,
        })
    }
}
