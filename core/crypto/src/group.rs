//! ristretto255 elements (RFC 9496) and generators hashed from labels.

use crate::wire::{Reader, Wire, WireError, Writer};
use curve25519_dalek::constants::{RISTRETTO_BASEPOINT_COMPRESSED, RISTRETTO_BASEPOINT_POINT};
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoBasepointTable, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity as _;
use rand_core::CryptoRng;

/// 32 bytes that claim to be a group element; checked when they are decompressed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Encoded(pub [u8; 32]);

impl Encoded {
    /// The element, if the bytes are its canonical encoding.
    #[must_use]
    pub fn decompress(&self) -> Option<RistrettoPoint> {
        CompressedRistretto(self.0).decompress()
    }
}

impl From<CompressedRistretto> for Encoded {
    fn from(c: CompressedRistretto) -> Self {
        Self(c.to_bytes())
    }
}

impl Wire for Encoded {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self(r.array()?))
    }
}

/// A group element other than the identity, with its encoding at hand.
#[derive(Clone, Copy)]
pub struct Point {
    point: RistrettoPoint,
    bytes: [u8; 32],
}

impl Point {
    /// The basepoint G.
    #[must_use]
    pub fn base() -> Self {
        Self {
            point: RISTRETTO_BASEPOINT_POINT,
            bytes: RISTRETTO_BASEPOINT_COMPRESSED.to_bytes(),
        }
    }
    /// x·G, in constant time.
    #[must_use]
    pub fn mul_base(x: &Scalar) -> Option<Self> {
        Self::new(RistrettoPoint::mul_base(x))
    }
    /// Any element but the identity.
    #[must_use]
    pub fn new(point: RistrettoPoint) -> Option<Self> {
        (!point.is_identity()).then(|| Self {
            point,
            bytes: point.compress().to_bytes(),
        })
    }
    /// Reads a canonical encoding; refuses the identity.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let point = CompressedRistretto(*bytes).decompress()?;
        (!point.is_identity()).then_some(Self {
            point,
            bytes: *bytes,
        })
    }
    /// The canonical encoding.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
    /// The element.
    #[must_use]
    pub fn point(&self) -> &RistrettoPoint {
        &self.point
    }
    /// A table for many multiplications of this element.
    #[must_use]
    pub fn table(&self) -> RistrettoBasepointTable {
        RistrettoBasepointTable::create(&self.point)
    }
    /// Lower-case hexadecimal of the encoding.
    #[must_use]
    pub fn to_hex(&self) -> String {
        crate::hash::to_hex(&self.bytes)
    }
}

impl PartialEq for Point {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Point {}

impl PartialOrd for Point {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Point {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.bytes.cmp(&other.bytes)
    }
}

impl core::fmt::Debug for Point {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let hex = self.to_hex();
        write!(f, "Point({}…)", hex.get(..16).unwrap_or_default())
    }
}

impl Wire for Point {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.bytes);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Self::from_bytes(&r.array()?).ok_or(WireError::Point)
    }
}

impl Wire for Scalar {
    fn write(&self, w: &mut Writer) {
        w.raw(self.as_bytes());
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Option::from(Self::from_canonical_bytes(r.array()?)).ok_or(WireError::Scalar)
    }
}

/// A generator nobody knows a discrete logarithm of: RFC 9496 map of 64 bytes
/// H(`generator`, label, index).
#[must_use]
pub fn generator(label: &str, index: u32) -> RistrettoPoint {
    hash_to_group("generator", &[label.as_bytes(), &index.to_le_bytes()])
}

/// The RFC 9496 map of H(purpose, fields…): a base that belongs to one statement alone.
#[must_use]
pub fn hash_to_group(purpose: &str, fields: &[&[u8]]) -> RistrettoPoint {
    RistrettoPoint::from_uniform_bytes(&crate::hash::hash(purpose, fields).0)
}

/// A uniformly random scalar.
pub fn random_scalar<R: CryptoRng + ?Sized>(rng: &mut R) -> Scalar {
    let mut wide = zeroize::Zeroizing::new([0u8; 64]);
    rng.fill_bytes(wide.as_mut());
    Scalar::from_bytes_mod_order_wide(&wide)
}

#[cfg(test)]
mod tests;
