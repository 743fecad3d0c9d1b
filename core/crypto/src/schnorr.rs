//! Schnorr signatures over ristretto255 (spec 01): (R, z) with c = H(DST, key, R, message).
//!
//! One key signs messages of several kinds; the purpose is part of the challenge, so a signature
//! for one kind is never one for another. Nonces are hedged: H(secret, message, fresh bytes).

use crate::group::{Encoded, Point, random_scalar};
use crate::hash::Framed;
use crate::wire::{Reader, Wire, WireError, Writer};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use rand_core::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A signature does not verify under the key for this purpose and message (rule R0.08).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSignature;

impl core::fmt::Display for BadSignature {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("signature does not verify (R0.08)")
    }
}

impl std::error::Error for BadSignature {}

/// R and z, 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signature {
    /// Commitment R.
    pub r: Encoded,
    /// Response z.
    pub z: Scalar,
}

impl Wire for Signature {
    fn write(&self, w: &mut Writer) {
        self.r.write(w);
        self.z.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            r: Encoded::read(r)?,
            z: Scalar::read(r)?,
        })
    }
}

/// A secret signing key; wiped on drop, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SigningKey {
    secret: Scalar,
    #[zeroize(skip)]
    public: Point,
}

impl core::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SigningKey({:?})", self.public)
    }
}

impl SigningKey {
    /// A fresh key.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        loop {
            if let Some(key) = Self::from_scalar(random_scalar(rng)) {
                return key;
            }
        }
    }
    /// The key with this secret; none for zero.
    #[must_use]
    pub fn from_scalar(secret: Scalar) -> Option<Self> {
        Point::mul_base(&secret).map(|public| Self { secret, public })
    }
    /// The key from 32 canonical secret bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        Option::from(Scalar::from_canonical_bytes(*bytes)).and_then(Self::from_scalar)
    }
    /// The 32 secret bytes, for a sealed key file.
    #[must_use]
    pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes())
    }
    /// The public key.
    #[must_use]
    pub fn public(&self) -> Point {
        self.public
    }
    /// Signs `message` for `purpose`.
    pub fn sign<R: CryptoRng + ?Sized>(
        &self,
        purpose: &str,
        message: &[u8],
        rng: &mut R,
    ) -> Signature {
        let mut fresh = Zeroizing::new([0u8; 32]);
        rng.fill_bytes(fresh.as_mut());
        let mut f = Framed::new("schnorr-nonce");
        f.add(&[self.secret.as_bytes()]);
        f.add(&[fresh.as_ref()]);
        f.add(&[purpose.as_bytes()]);
        f.add(&[message]);
        let wide = Zeroizing::new(f.finish());
        let k = Zeroizing::new(Scalar::from_bytes_mod_order_wide(&wide));
        let r = Encoded::from(RistrettoPoint::mul_base(&k).compress());
        let c = challenge(purpose, &self.public, &r, message);
        Signature {
            r,
            z: *k + c * self.secret,
        }
    }
}

/// c = H(`schnorr`, purpose, key, R, message) mod ℓ (spec 01 §1).
#[must_use]
pub fn challenge(purpose: &str, key: &Point, r: &Encoded, message: &[u8]) -> Scalar {
    let mut f = Framed::new("schnorr");
    f.add(&[purpose.as_bytes()]);
    f.add(&[key.as_bytes()]);
    f.add(&[&r.0]);
    f.add(&[message]);
    Scalar::from_bytes_mod_order_wide(&f.finish())
}

/// Rule R0.08: z·G = R + c·key with R a canonical encoding.
///
/// # Errors
/// [`BadSignature`].
pub fn verify(
    key: &Point,
    purpose: &str,
    message: &[u8],
    signature: &Signature,
) -> Result<(), BadSignature> {
    let c = challenge(purpose, key, &signature.r, message);
    let r = RistrettoPoint::vartime_double_scalar_mul_basepoint(&-c, key.point(), &signature.z);
    if r.compress().to_bytes() == signature.r.0 {
        Ok(())
    } else {
        Err(BadSignature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;

    #[test]
    fn rejects_r0_08_other_key_purpose_message_or_bytes() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let key = SigningKey::generate(&mut rng);
        let other = SigningKey::generate(&mut rng);
        let s = key.sign("a", b"m", &mut rng);
        assert_eq!(verify(&key.public(), "a", b"m", &s), Ok(()));
        assert_eq!(verify(&other.public(), "a", b"m", &s), Err(BadSignature));
        assert_eq!(verify(&key.public(), "b", b"m", &s), Err(BadSignature));
        assert_eq!(verify(&key.public(), "a", b"n", &s), Err(BadSignature));
        let mut w = Writer::new();
        s.write(&mut w);
        let bytes = w.finish();
        for i in 0..512 {
            let mut b = bytes.clone();
            b[i / 8] ^= 1 << (i % 8);
            if let Ok(t) = Signature::read(&mut Reader::new(&b)) {
                assert_eq!(
                    verify(&key.public(), "a", b"m", &t),
                    Err(BadSignature),
                    "bit {i}"
                );
            }
        }
    }

    #[test]
    fn debug_shows_only_the_public_half() {
        let key = SigningKey::generate(&mut ChaCha20Rng::seed_from_u64(2));
        let secret = crate::hash::to_hex(key.to_secret_bytes().as_ref());
        assert!(!format!("{key:?}").contains(&secret[..8]));
    }
}
