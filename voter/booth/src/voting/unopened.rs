//! What one opening can be made from, and the one opening.

use ballot::check::{Revealed, to_code};
use ballot::{Ballot, BallotRules, CheckBallot, Opening, Selection, Side};
use board::entry::Entry;
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::sums::{SecondCode, Sums};

/// Seed and selections of a ballot that was made here. In memory only: after a crash there is no
/// opening, and the vote stays. Wiped on drop, never printed.
pub(super) struct Unopened {
    ballot: Hash,
    selections: Vec<Selection>,
    seed: Zeroizing<[u8; 32]>,
}

impl core::fmt::Debug for Unopened {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Unopened(..)")
    }
}

impl Unopened {
    /// Of the ballot with this entry hash, sealed with these selections and this seed.
    pub(super) fn new(ballot: Hash, selections: Vec<Selection>, seed: Zeroizing<[u8; 32]>) -> Self {
        Self {
            ballot,
            selections,
            seed,
        }
    }

    /// Both numbers of every line.
    pub(super) fn sums(&self, rules: &BallotRules) -> Sums {
        let masks = rules.masks(&self.selections, &self.seed);
        Sums::new(masks.iter().map(|m| Side::BOTH.map(|side| m.value(side))))
    }

    /// The opening's entry. Takes the seed with it, so there is one opening and no other.
    pub(super) fn open(self, rules: &BallotRules, side: Side) -> Vec<u8> {
        Opening::make(rules, self.ballot, &self.selections, &self.seed, side).to_bytes()
    }

    /// The check ballot's entry and its second code, of the ballot with these bytes. Takes the seed
    /// with it: what is checked has no opening.
    pub(super) fn reveal(
        self,
        rules: &BallotRules,
        ballot: &[u8],
        key: &SigningKey,
    ) -> Result<(Vec<u8>, SecondCode), Fault> {
        let ballot = Ballot::from_bytes(ballot).map_err(|_| Fault::Internal("check ballot"))?;
        let second = Zeroizing::new(to_code(&Revealed::of(&ballot, &self.seed)));
        let check = CheckBallot::open(&ballot, key, &mut UnwrapErr(SysRng));
        let entry = Entry::CheckBallot(Box::new(check)).encode();
        rules
            .check_opened_form(&entry)
            .map_err(|_| Fault::Internal("check ballot"))?;
        Ok((entry, SecondCode(second)))
    }
}

#[cfg(test)]
mod tests;
