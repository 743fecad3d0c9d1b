//! What the arithmetic alone costs: decompress every point of a ballot and put it into one large
//! multiscalar multiplication.

use crate::timing::median;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use std::hint::black_box;

/// Seconds per point.
#[derive(Clone, Copy, Debug)]
pub struct Floor {
    /// One decompression.
    pub decompress: f64,
    /// One term of a multiscalar multiplication of a few thousand points.
    pub term: f64,
}

impl Floor {
    /// Measures both.
    #[must_use]
    pub fn measure() -> Self {
        let mut rng = rand::rng();
        let scalars: Vec<Scalar> = (0..2800)
            .map(|_| crypto::group::random_scalar(&mut rng))
            .collect();
        let points: Vec<RistrettoPoint> = scalars.iter().map(RistrettoPoint::mul_base).collect();
        let encoded: Vec<CompressedRistretto> = points.iter().map(|p| p.compress()).collect();
        let all = median(9, 1, || {
            for e in &encoded {
                black_box(e.decompress());
            }
        });
        let msm = median(9, 1, || {
            black_box(RistrettoPoint::vartime_multiscalar_mul(&scalars, &points));
        });
        Self {
            decompress: all / 2800.0,
            term: msm / 2800.0,
        }
    }
    /// Seconds for one ballot of `options` options: 2n ciphertext halves, V, S, A', B'.
    #[must_use]
    pub fn ballot(&self, options: u16) -> f64 {
        (self.decompress + self.term) * f64::from(2 * options + 4)
    }
}
