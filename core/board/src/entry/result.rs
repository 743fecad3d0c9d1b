//! The result, which anybody may post.

use super::kind;
use crypto::Hash;
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};

/// The result: derivable from the board, so it carries no signature and only one value is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultEntry {
    /// The election.
    pub election: Hash,
    /// Votes per contest and option.
    pub votes: Vec<Vec<u64>>,
    /// Ballots accepted.
    pub received: u64,
    /// Ballots replaced by a later one of the same voting key.
    pub overwritten: u64,
    /// Ballots counted.
    pub counted: u64,
    /// Check ballots opened.
    pub check_ballots: u64,
    /// Credentials issued, per registrar, from its evidence.
    pub issued: Vec<u64>,
}

impl Wire for ResultEntry {
    fn write(&self, w: &mut Writer) {
        self.election.write(w);
        w.u32(u32::try_from(self.votes.len()).unwrap_or(u32::MAX));
        for contest in &self.votes {
            w.list(contest);
        }
        w.u64(self.received);
        w.u64(self.overwritten);
        w.u64(self.counted);
        w.u64(self.check_ballots);
        w.list(&self.issued);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let election = Hash::read(r)?;
        let n = r.count(16)?;
        Ok(Self {
            election,
            votes: (0..n).map(|_| r.list(100)).collect::<Result<_, _>>()?,
            received: r.u64()?,
            overwritten: r.u64()?,
            counted: r.u64()?,
            check_ballots: r.u64()?,
            issued: r.list(8)?,
        })
    }
}

impl TopLevel for ResultEntry {
    const TYPE: u8 = kind::RESULT;
}
