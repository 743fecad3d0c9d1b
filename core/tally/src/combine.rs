//! From t good shares to the votes.

use crate::rules;
use crate::share::{PartialDecryption, Target};
use crate::{DiscreteLog, Votes};
use crypto::Rule;
use crypto::sharing::lagrange_at_zero;
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::traits::VartimeMultiscalarMul as _;

/// Why no result can be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CombineError {
    /// Rule R7.04: fewer than t different trustees.
    TooFew,
    /// Rule R7.05: the combined plaintext is not a number of votes between 0 and counted.
    Plaintext,
}

impl CombineError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::TooFew => rules::TOO_FEW,
            Self::Plaintext => rules::PLAINTEXT,
        }
    }
}

impl core::fmt::Display for CombineError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "no result: {self:?} ({})", self.rule())
    }
}

impl std::error::Error for CombineError {}

/// Combines the first `t` of the given shares, which must have been checked, and finds the votes.
///
/// # Errors
/// [`CombineError`].
pub fn combine(
    target: &Target,
    t: u16,
    shares: &[PartialDecryption],
) -> Result<Votes, CombineError> {
    let used = shares.get(..usize::from(t)).ok_or(CombineError::TooFew)?;
    let ids: Vec<u16> = used.iter().map(|s| s.trustee).collect();
    let weights: Vec<_> = ids
        .iter()
        .map(|i| lagrange_at_zero(*i, &ids))
        .collect::<Option<_>>()
        .ok_or(CombineError::TooFew)?;
    let table = DiscreteLog::new(target.counted);
    let mut flat = Vec::with_capacity(target.aggregate.len());
    for (i, (_, sum)) in target.aggregate.indexed().enumerate() {
        let images: Vec<RistrettoPoint> = used
            .iter()
            .map(|s| s.shares.get(i).and_then(|(e, _)| e.decompress()))
            .collect::<Option<_>>()
            .ok_or(CombineError::TooFew)?;
        let plain = sum.b - RistrettoPoint::vartime_multiscalar_mul(&weights, &images);
        flat.push(table.solve(&plain).ok_or(CombineError::Plaintext)?);
    }
    let mut flat = flat.into_iter();
    Ok(target
        .aggregate
        .contests()
        .iter()
        .map(|c| flat.by_ref().take(c.len()).collect())
        .collect())
}
