//! The opening of a cast ballot (spec 03 §6, type 32): one of the two encrypted numbers of every
//! check line. The voter has noted both before choosing which one is shown.

use crate::contest::Selection;
use crate::mask::{Mask, OpenedLine, Side};
use crate::proof::ContestBallot;
use crate::rules;
use crate::validity::BallotRules;
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Hash, Rule};

/// Most check lines of a ballot: 16 contests of 100 options.
pub const MAX_LINES: usize = 1600;

/// An opening as it is on the board. Nobody signs it: only who made the ballot knows r.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The election.
    pub election: Hash,
    /// Entry hash of the ballot.
    pub ballot: Hash,
    /// Which number of every line.
    pub side: Side,
    /// All lines of all contests, in the order of the manifest.
    pub lines: Vec<OpenedLine>,
}

/// Why an opening is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningError {
    /// Rule R3.20: not canonical, not one number a line, or a number not below its modulus.
    Form,
    /// Rule R3.21: these are not the numbers in the ballot.
    Numbers,
}

impl OpeningError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Form => rules::OPENING_FORM,
            Self::Numbers => rules::OPENING_NUMBERS,
        }
    }
}

impl core::fmt::Display for OpeningError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "opening refused: {self:?} ({})", self.rule())
    }
}

impl std::error::Error for OpeningError {}

impl Opening {
    /// Of the ballot that was sealed with these selections and this seed.
    #[must_use]
    pub fn make(
        rules: &BallotRules,
        ballot: Hash,
        selections: &[Selection],
        seed: &[u8; 32],
        side: Side,
    ) -> Self {
        let masks = rules.masks(selections, seed);
        Self {
            election: *rules.election(),
            ballot,
            side,
            lines: masks.iter().map(|m| OpenedLine::of(m, side)).collect(),
        }
    }
}

impl Wire for Opening {
    fn write(&self, w: &mut Writer) {
        self.election.write(w);
        self.ballot.write(w);
        w.u8(self.side.byte());
        w.list(&self.lines);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            election: Hash::read(r)?,
            ballot: Hash::read(r)?,
            side: match r.u8()? {
                0 => Side::Mask,
                1 => Side::Masked,
                t => return Err(WireError::Tag(t)),
            },
            lines: r.list(MAX_LINES)?,
        })
    }
}

impl TopLevel for Opening {
    const TYPE: u8 = 32;
}

/// The encrypted numbers of a ballot's check lines as the board keeps them: all A_j of all contests,
/// then all B_j, 64 bytes each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masks(pub Box<[u8]>);

impl Masks {
    /// Of a ballot with these contests.
    #[must_use]
    pub fn of(contests: &[ContestBallot]) -> Self {
        let masks = contests.iter().flat_map(|c| &c.masks);
        let masked = contests.iter().flat_map(|c| &c.masked);
        Self(masks.chain(masked).flatten().flat_map(|e| e.0).collect())
    }
    /// Rule R3.21: the opened numbers are those in the ballot. `again` are the ciphertexts that
    /// [`BallotRules::encrypt_again`] made from the opening.
    ///
    /// # Errors
    /// [`OpeningError::Numbers`].
    pub fn check(&self, side: Side, again: &[u8]) -> Result<(), OpeningError> {
        let (mask, masked) = self.0.split_at(self.0.len() / 2);
        let noted = match side {
            Side::Mask => mask,
            Side::Masked => masked,
        };
        if noted == again {
            Ok(())
        } else {
            Err(OpeningError::Numbers)
        }
    }
}

impl BallotRules {
    /// The masks of all contests, line by line.
    #[must_use]
    pub fn masks(&self, selections: &[Selection], seed: &[u8; 32]) -> Vec<Mask> {
        let keyed = (0u16..).zip(self.keys().iter().zip(selections));
        keyed
            .flat_map(|(i, (key, s))| Mask::of_contest(key.lines(), s.bits(), seed, i))
            .collect()
    }
    /// Rule R3.20.
    ///
    /// # Errors
    /// [`OpeningError::Form`].
    pub fn check_opening(&self, bytes: &[u8]) -> Result<Opening, OpeningError> {
        let o = Opening::from_bytes(bytes).map_err(|_| OpeningError::Form)?;
        let moduli = self.keys().iter().flat_map(|k| {
            let modulus = k.lines().modulus().number();
            k.lines().rows().iter().map(move |_| modulus)
        });
        let moduli: Vec<u8> = moduli.collect();
        let below = o.lines.iter().zip(&moduli).all(|(l, m)| l.value < *m);
        if o.election == *self.election() && o.lines.len() == moduli.len() && below {
            Ok(o)
        } else {
            Err(OpeningError::Form)
        }
    }
    /// r·G and value·G + r·K of every line, 64 bytes each: what [`Masks::check`] compares. Encodings
    /// are canonical, so equal points have equal bytes, and nothing has to be decoded.
    #[must_use]
    pub fn encrypt_again(&self, opening: &Opening) -> Vec<u8> {
        let mut rest = opening.lines.as_slice();
        let mut again = Vec::with_capacity(64 * rest.len());
        for key in self.keys() {
            let lines = key.lines().rows().len().min(rest.len());
            let (of_contest, others) = rest.split_at(lines);
            rest = others;
            let pairs = key.encrypt_again(of_contest);
            again.extend(pairs.iter().flatten().flat_map(|e| e.0));
        }
        again
    }
}

#[cfg(test)]
mod tests;
