//! What the arithmetic alone costs: decompress every point of a ballot and put it into one large
//! multiscalar multiplication.

use crate::timing::{Suite, Times};
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use std::hint::black_box;

const POINTS: u32 = 3200;

/// Points to decompress and to multiply.
pub struct Floor {
    scalars: Vec<Scalar>,
    points: Vec<RistrettoPoint>,
    encoded: Vec<CompressedRistretto>,
}

impl Floor {
    /// As many points as 100 ballots of twelve options and one check line have.
    #[must_use]
    pub fn new() -> Self {
        let mut rng = rand::rng();
        let scalars: Vec<Scalar> = (0..POINTS)
            .map(|_| crypto::group::random_scalar(&mut rng))
            .collect();
        let points: Vec<RistrettoPoint> = scalars.iter().map(RistrettoPoint::mul_base).collect();
        let encoded = points.iter().map(|p| p.compress()).collect();
        Self {
            scalars,
            points,
            encoded,
        }
    }
    /// Adds both halves of the floor to what is measured.
    pub fn jobs<'a>(&'a self, suite: &mut Suite<'a>) {
        suite.job("decompress", 1, POINTS, || {
            for e in &self.encoded {
                black_box(e.decompress());
            }
        });
        suite.job("term", 1, POINTS, || {
            let sum = RistrettoPoint::vartime_multiscalar_mul(&self.scalars, &self.points);
            black_box(sum);
        });
    }
}

impl Default for Floor {
    fn default() -> Self {
        Self::new()
    }
}

/// Points of one ballot with one mark: 2n ciphertext halves, four of the check line, V, S, A', B'.
#[must_use]
pub fn points(options: u16) -> f64 {
    f64::from(2 * options + 8)
}

/// Seconds for one ballot of `options` options.
#[must_use]
pub fn ballot(times: &Times, options: u16) -> f64 {
    times.each(&["decompress", "term"], |v| {
        v.iter().sum::<f64>() * points(options)
    })
}

/// How many times the floor of one ballot `name` takes.
#[must_use]
pub fn ratio(times: &Times, name: &str, options: u16) -> f64 {
    times.each(&[name, "decompress", "term"], |v| match v {
        [t, d, m] => t / ((d + m) * points(options)),
        _ => f64::NAN,
    })
}
