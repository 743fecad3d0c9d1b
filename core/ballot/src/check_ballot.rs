//! The check ballot: a ballot its voter opens instead of casting it (spec 05 §2, type 16).
//!
//! It never carries the `ballot` signature, so nobody can cast it; and only the voter can make it,
//! so nobody turns a cast ballot into a check.

use crate::ballot::Ballot;
use crypto::Hash;
use crypto::schnorr::{self, Signature, SigningKey};
use crypto::wire::{Reader, TopLevel, VERSION, Wire, WireError, Writer};
use rand_core::CryptoRng;

/// Purpose of the signature that opens a ballot.
pub const OPEN_PURPOSE: &str = "ballot-open";

/// A check ballot as it is on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckBallot {
    /// The ballot; its `signature` is not on the board and reads as zeros here.
    pub ballot: Ballot,
    /// Entry hash of the complete, signed ballot: what the booth showed before it was opened.
    pub committed: Hash,
    /// By vk, purpose [`OPEN_PURPOSE`], over everything before it.
    pub signature: Signature,
}

impl CheckBallot {
    /// How much longer it is than a ballot: version, type, entry hash.
    pub const EXTRA_BYTES: usize = 2 + 64;

    /// Opens a ballot that was signed and is not cast.
    pub fn open<R: CryptoRng + ?Sized>(ballot: &Ballot, key: &SigningKey, rng: &mut R) -> Self {
        let mut opened = Self {
            ballot: ballot.without_signature(),
            committed: ballot.entry_hash(),
            signature: ballot.without_signature().signature,
        };
        opened.signature = key.sign(OPEN_PURPOSE, &opened.signed_bytes(), rng);
        opened
    }
    /// The bytes the signature covers.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        let mut w = Writer::top(Self::TYPE);
        self.write_unsigned(&mut w);
        w.finish()
    }
    /// Rule R3.18.
    #[must_use]
    pub fn is_opened_by_its_voter(&self) -> bool {
        let message = self.signed_bytes();
        schnorr::verify(&self.ballot.vk, OPEN_PURPOSE, &message, &self.signature).is_ok()
    }
    /// Whether `withheld` is the `ballot` signature behind the committed entry hash: what a
    /// phone checks when the booth shows that signature together with the seed.
    #[must_use]
    pub fn is_committed_with(&self, withheld: &Signature) -> bool {
        let mut complete = self.ballot.clone();
        complete.signature = *withheld;
        complete.entry_hash() == self.committed
    }
    fn write_unsigned(&self, w: &mut Writer) {
        w.u8(VERSION);
        w.u8(Ballot::TYPE);
        self.ballot.write_unsigned(w);
        self.committed.write(w);
    }
}

impl Wire for CheckBallot {
    fn write(&self, w: &mut Writer) {
        self.write_unsigned(w);
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let version = r.u8()?;
        if version != VERSION {
            return Err(WireError::Version(version));
        }
        let found = r.u8()?;
        if found != Ballot::TYPE {
            return Err(WireError::Type(found));
        }
        Ok(Self {
            ballot: Ballot::read_unsigned(r)?,
            committed: Hash::read(r)?,
            signature: Signature::read(r)?,
        })
    }
}

impl TopLevel for CheckBallot {
    const TYPE: u8 = 16;
}
