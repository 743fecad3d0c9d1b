//! What trustees post to open the box.

use super::kind;
use crypto::Hash;
use crypto::signed::Statement;
use crypto::wire::{Reader, Wire, WireError, Writer};
use tally::PartialDecryption;

/// A trustee's promise of one decryption share, signed by the trustee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareCommit {
    /// The election.
    pub election: Hash,
    /// Who commits.
    pub trustee: u16,
    /// [`tally::Target::digest`] of what will be decrypted.
    pub target: Hash,
    /// [`PartialDecryption::commitment`].
    pub commitment: Hash,
}

impl Statement for ShareCommit {
    const PURPOSE: &'static str = "board-share-commit";
    const TYPE: u8 = kind::SHARE_COMMIT;
}

impl Wire for ShareCommit {
    fn write(&self, w: &mut Writer) {
        self.election.write(w);
        w.u16(self.trustee);
        self.target.write(w);
        self.commitment.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            election: Hash::read(r)?,
            trustee: r.u16()?,
            target: Hash::read(r)?,
            commitment: Hash::read(r)?,
        })
    }
}

/// A trustee's decryption share on the board, signed by the trustee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareEntry {
    /// The election.
    pub election: Hash,
    /// The share; names its trustee.
    pub share: PartialDecryption,
}

impl Statement for ShareEntry {
    const PURPOSE: &'static str = "board-share";
    const TYPE: u8 = kind::SHARE;
}

impl Wire for ShareEntry {
    fn write(&self, w: &mut Writer) {
        self.election.write(w);
        self.share.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            election: Hash::read(r)?,
            share: PartialDecryption::read(r)?,
        })
    }
}
