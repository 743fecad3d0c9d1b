//! Openings of cast ballots.

use super::Lab;
use ballot::{Ballot, Opening, Selection, Side};

/// What an opening is made from.
#[derive(Clone, Debug)]
pub struct Made {
    /// Selection of each contest.
    pub selections: Vec<Selection>,
    /// The ballot's seed.
    pub seed: [u8; 32],
}

impl Lab {
    /// The opening of a ballot that this lab made.
    #[must_use]
    pub fn opening(&self, ballot: &Ballot, side: Side) -> Opening {
        let hash = ballot.entry_hash();
        let made = self.made.get(&hash).expect("a ballot of this lab");
        let rules = self.rules.as_ref().expect("sealed");
        Opening::make(rules, hash, &made.selections, &made.seed, side)
    }
}
