//! Baby-step giant-step: v in 0…max with M = v·G. Steps are compressed in batches.

use crypto::Scalar;
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::traits::Identity as _;
use std::collections::BTreeMap;

const BATCH: usize = 256;

/// A table for logarithms up to a maximum.
#[derive(Debug)]
pub struct DiscreteLog {
    max: u64,
    steps: u64,
    table: BTreeMap<[u8; 8], u64>,
}

/// The first eight bytes of each point's doubled encoding, in order.
fn keys(points: &[RistrettoPoint]) -> impl Iterator<Item = [u8; 8]> {
    RistrettoPoint::double_and_compress_batch(points)
        .into_iter()
        .map(|c| c.as_bytes().first_chunk::<8>().copied().unwrap_or_default())
}

impl DiscreteLog {
    /// Prepares ⌈√(max + 1)⌉ baby steps.
    #[must_use]
    pub fn new(max: u64) -> Self {
        let steps = max.saturating_add(1).isqrt() + 1;
        let mut table = BTreeMap::new();
        let mut point = RistrettoPoint::identity();
        let mut batch = Vec::with_capacity(BATCH);
        let mut first = 0;
        for i in 0..steps {
            batch.push(point);
            point += G;
            if batch.len() == BATCH || i + 1 == steps {
                table.extend(keys(&batch).zip(first..));
                first = i + 1;
                batch.clear();
            }
        }
        Self { max, steps, table }
    }
    /// v with `point` = v·G and v ≤ max.
    #[must_use]
    pub fn solve(&self, point: &RistrettoPoint) -> Option<u64> {
        let stride = -RistrettoPoint::mul_base(&Scalar::from(self.steps));
        let mut p = *point;
        let mut giant = 0u64;
        while giant.saturating_mul(self.steps) <= self.max {
            let mut batch = Vec::with_capacity(BATCH);
            for _ in 0..BATCH.min(usize::try_from(self.steps).unwrap_or(BATCH)) {
                batch.push(p);
                p += stride;
            }
            for key in keys(&batch) {
                if let Some(baby) = self.table.get(&key) {
                    let v = giant * self.steps + baby;
                    if v <= self.max && RistrettoPoint::mul_base(&Scalar::from(v)) == *point {
                        return Some(v);
                    }
                }
                giant += 1;
            }
        }
        None
    }
}
