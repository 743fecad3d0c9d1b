//! Shamir sharing in the exponent: polynomials, Feldman commitments, Lagrange coefficients.

use crate::group::{Point, random_scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity as _;
use rand_core::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A secret polynomial of degree t − 1; wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Polynomial(Vec<Scalar>);

impl core::fmt::Debug for Polynomial {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Polynomial(degree {})", self.0.len().saturating_sub(1))
    }
}

impl Polynomial {
    /// `t` random coefficients, none of them zero.
    pub fn random<R: CryptoRng + ?Sized>(t: usize, rng: &mut R) -> Self {
        let coefficient = |rng: &mut R| loop {
            let s = random_scalar(rng);
            if s != Scalar::ZERO {
                return s;
            }
        };
        Self((0..t).map(|_| coefficient(rng)).collect())
    }
    /// From given coefficients, constant term first (published vectors).
    #[must_use]
    pub fn from_coefficients(coefficients: Vec<Scalar>) -> Self {
        Self(coefficients)
    }
    /// f(x) by Horner.
    #[must_use]
    pub fn evaluate(&self, x: u16) -> Scalar {
        let x = Scalar::from(x);
        self.0.iter().rev().fold(Scalar::ZERO, |acc, c| acc * x + c)
    }
    /// The constant term.
    #[must_use]
    pub fn constant(&self) -> Scalar {
        self.0.first().copied().unwrap_or(Scalar::ZERO)
    }
    /// A_k = a_k·G; none if a coefficient is zero.
    #[must_use]
    pub fn commitments(&self) -> Option<Vec<Point>> {
        self.0.iter().map(Point::mul_base).collect()
    }
}

/// Σ x^k·A_k: what a share at `x` must be the logarithm of.
#[must_use]
pub fn evaluate_commitments(commitments: &[Point], x: u16) -> RistrettoPoint {
    let x = Scalar::from(x);
    commitments
        .iter()
        .rev()
        .fold(RistrettoPoint::identity(), |acc, c| acc * x + c.point())
}

/// λ_i at zero for the set `ids`; none if ids repeat, contain zero, or miss `i`.
#[must_use]
pub fn lagrange_at_zero(i: u16, ids: &[u16]) -> Option<Scalar> {
    let mut seen = false;
    let (mut num, mut den) = (Scalar::ONE, Scalar::ONE);
    let xi = Scalar::from(i);
    for &j in ids {
        if j == 0 || (j == i && seen) {
            return None;
        }
        if j == i {
            seen = true;
            continue;
        }
        let xj = Scalar::from(j);
        num *= xj;
        den *= xj - xi;
    }
    (seen && den != Scalar::ZERO).then(|| num * den.invert())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;

    #[test]
    fn any_t_shares_rebuild_the_secret_and_match_the_commitments() {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let p = Polynomial::random(3, &mut rng);
        let c = p.commitments().unwrap();
        for ids in [[1u16, 2, 3], [5, 1, 4], [2, 3, 5]] {
            let s: Scalar = ids
                .iter()
                .map(|&i| lagrange_at_zero(i, &ids).unwrap() * p.evaluate(i))
                .sum();
            assert_eq!(s, p.constant());
        }
        for i in 1..=5 {
            assert_eq!(
                RistrettoPoint::mul_base(&p.evaluate(i)),
                evaluate_commitments(&c, i)
            );
        }
        assert!(lagrange_at_zero(1, &[1, 1, 2]).is_none());
        assert!(lagrange_at_zero(1, &[0, 1]).is_none());
        assert!(lagrange_at_zero(4, &[1, 2]).is_none());
    }
}
