//! The sum of all counted ballots, option by option.

use ballot::manifest::Contest;
use ballot::proof::ContestBallot;
use crypto::elgamal::Ciphertext;
use crypto::wire::{Reader, Wire, WireError, Writer};

/// A ballot does not fit the aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregateError {
    /// Another number of contests or options.
    Shape,
    /// A ciphertext that does not decode.
    Point,
}

impl core::fmt::Display for AggregateError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "ballot does not fit the aggregate: {self:?}")
    }
}

impl std::error::Error for AggregateError {}

/// Sums per contest and option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    contests: Vec<Vec<Ciphertext>>,
}

impl Aggregate {
    /// Nothing added yet: encryptions of zero.
    #[must_use]
    pub fn empty(contests: &[Contest]) -> Self {
        let zeros = |c: &Contest| vec![Ciphertext::zero(); c.shape.options()];
        Self {
            contests: contests.iter().map(zeros).collect(),
        }
    }
    /// From sums computed elsewhere, per contest and option.
    #[must_use]
    pub fn from_sums(contests: Vec<Vec<Ciphertext>>) -> Self {
        Self { contests }
    }
    /// Adds one ballot's contests.
    ///
    /// # Errors
    /// [`AggregateError`]; the aggregate is then unchanged.
    pub fn add(&mut self, ballot: &[ContestBallot]) -> Result<(), AggregateError> {
        if ballot.len() != self.contests.len() {
            return Err(AggregateError::Shape);
        }
        let mut next = self.contests.clone();
        for (sums, contest) in next.iter_mut().zip(ballot) {
            if sums.len() != contest.a.len() || sums.len() != contest.b.len() {
                return Err(AggregateError::Shape);
            }
            for (sum, (a, b)) in sums.iter_mut().zip(contest.a.iter().zip(&contest.b)) {
                *sum += &Ciphertext::decode(a, b).ok_or(AggregateError::Point)?;
            }
        }
        self.contests = next;
        Ok(())
    }
    /// Sums per contest and option.
    #[must_use]
    pub fn contests(&self) -> &[Vec<Ciphertext>] {
        &self.contests
    }
    /// How many options there are over all contests.
    #[must_use]
    pub fn len(&self) -> usize {
        self.contests.iter().map(Vec::len).sum()
    }
    /// Whether there is nothing to decrypt at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// All sums with their (contest, option) index.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = ((u16, u16), &Ciphertext)> {
        (0u16..)
            .zip(&self.contests)
            .flat_map(|(c, sums)| (0u16..).zip(sums).map(move |(o, s)| ((c, o), s)))
    }
}

impl Wire for Aggregate {
    fn write(&self, w: &mut Writer) {
        w.u32(u32::try_from(self.contests.len()).unwrap_or(u32::MAX));
        for c in &self.contests {
            w.list(c);
        }
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let n = r.count(16)?;
        Ok(Self {
            contests: (0..n).map(|_| r.list(100)).collect::<Result<_, _>>()?,
        })
    }
}
