//! The tally of many ballots whose sum is known: shares, their check, combination, logarithms.

use crypto::elgamal::Ciphertext;
use crypto::group::random_scalar;
use crypto::sharing::Polynomial;
use crypto::{Hash, Point, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use tally::{Aggregate, DiscreteLog, PartialDecryption, Target, combine};

/// An aggregate and the trustees who can open it.
pub struct Counting {
    target: Target,
    secrets: Vec<(u16, Scalar, Point)>,
}

/// A joint key shared among `needed` trustees.
pub struct Shared {
    /// The election key.
    pub joint: Point,
    secrets: Vec<(u16, Scalar, Point)>,
}

impl Shared {
    /// # Panics
    /// Never: random scalars are not zero.
    #[must_use]
    pub fn new(needed: u16) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(11);
        let polynomial = Polynomial::random(usize::from(needed), &mut rng);
        let secrets = (1..=needed).map(|i| {
            let x = polynomial.evaluate(i);
            (i, x, Point::mul_base(&x).expect("not zero"))
        });
        Self {
            joint: Point::mul_base(&polynomial.constant()).expect("not zero"),
            secrets: secrets.collect(),
        }
    }
}

/// `counted` votes over twelve options, unevenly.
#[must_use]
pub fn uneven(counted: u64) -> Vec<u64> {
    let mut votes = vec![0u64; 12];
    let mut left = counted;
    for v in &mut votes {
        *v = left.div_ceil(3);
        left -= *v;
    }
    if let Some(last) = votes.last_mut() {
        *last += left;
    }
    votes
}

impl Counting {
    /// The sums of `counted` ballots.
    #[must_use]
    pub fn new(shared: &Shared, sums: Vec<Ciphertext>, counted: u64) -> Self {
        Self {
            target: Target {
                election: Hash::ZERO,
                close_block: [0; 32],
                counted_root: Hash::ZERO,
                counted,
                aggregate: Aggregate::from_sums(vec![sums]),
            },
            secrets: shared.secrets.clone(),
        }
    }
    /// Fresh encryptions of these votes, as if they were the sums of ballots.
    #[must_use]
    pub fn of(shared: &Shared, votes: &[u64]) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(14);
        let sums = votes.iter().map(|v| {
            let r = random_scalar(&mut rng);
            Ciphertext {
                a: RistrettoPoint::mul_base(&r),
                b: RistrettoPoint::mul_base(&Scalar::from(*v)) + shared.joint.point() * r,
            }
        });
        Self::new(shared, sums.collect(), votes.iter().sum())
    }
    /// Everything from the aggregate to the votes: shares, their check, combination, logarithms.
    ///
    /// # Panics
    /// A share is refused or a sum is not a number of votes.
    #[must_use]
    pub fn count(&self) -> Vec<u64> {
        let mut rng = ChaCha20Rng::seed_from_u64(12);
        let shares: Vec<PartialDecryption> = self
            .secrets
            .iter()
            .map(|(i, x, v)| {
                let share = PartialDecryption::make(&self.target, *i, x, v, &mut rng);
                let commitment = share.commitment(&self.target);
                assert!(share.check(&self.target, v, &commitment).is_ok());
                share
            })
            .collect();
        let needed = u16::try_from(shares.len()).unwrap_or(0);
        let votes = combine(&self.target, needed, &shares).expect("good shares");
        votes.into_iter().flatten().collect()
    }
}

/// The logarithms of these votes alone, table included.
///
/// # Panics
/// One is not found.
pub fn logarithms(votes: &[u64]) {
    let table = DiscreteLog::new(votes.iter().sum());
    for v in votes {
        let point = RistrettoPoint::mul_base(&Scalar::from(*v));
        assert_eq!(table.solve(&point), Some(*v));
    }
}
