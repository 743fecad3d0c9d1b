//! Exponential ElGamal: (a, b) = (r·G, v·G + r·K), additively homomorphic.

use crate::group::Encoded;
use crate::wire::{Reader, Wire, WireError, Writer};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::traits::Identity as _;

/// A decoded ciphertext or a sum of ciphertexts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ciphertext {
    /// r·G.
    pub a: RistrettoPoint,
    /// v·G + r·K.
    pub b: RistrettoPoint,
}

impl Ciphertext {
    /// The encryption of zero with randomness zero: where a sum begins.
    #[must_use]
    pub fn zero() -> Self {
        Self {
            a: RistrettoPoint::identity(),
            b: RistrettoPoint::identity(),
        }
    }
    /// Decodes both halves.
    #[must_use]
    pub fn decode(a: &Encoded, b: &Encoded) -> Option<Self> {
        Some(Self {
            a: a.decompress()?,
            b: b.decompress()?,
        })
    }
    /// The 64 canonical bytes a ‖ b.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 64] {
        let mut out = [0; 64];
        let (a, b) = out.split_at_mut(32);
        a.copy_from_slice(self.a.compress().as_bytes());
        b.copy_from_slice(self.b.compress().as_bytes());
        out
    }
}

impl core::ops::AddAssign<&Self> for Ciphertext {
    fn add_assign(&mut self, other: &Self) {
        self.a += other.a;
        self.b += other.b;
    }
}

impl Wire for Ciphertext {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.to_bytes());
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let (a, b) = (Encoded::read(r)?, Encoded::read(r)?);
        Self::decode(&a, &b).ok_or(WireError::Point)
    }
}
