//! The client half of RFC 9474 blind RSA signatures, variant RSABSSA-SHA384-PSS-Deterministic
//! (SHA-384, MGF1-SHA-384, 48-byte salt, the message is signed as it is). Spec chapter 04.
//!
//! No randomness is drawn here. The blinding of a *first* request follows from the voting secret
//! by [`Blinding::derive`], so that the same card always sends the same request; every other
//! request takes 64 fresh random bytes through [`Blinding::fresh`].
//!
//! Everything that touches r runs on the constant-time operations of `crypto-bigint`.

use core::fmt;

use crypto::wire::Writer;
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use hkdf::Hkdf;
use sha2::{Digest as _, Sha384, Sha512};
use zeroize::{Zeroize, Zeroizing};

use crate::token::{Kind, RSA_BYTES};

/// Bytes of the PSS salt, which is one SHA-384 output.
pub const SALT_BYTES: usize = 48;
/// HKDF salt of a blinding that follows from the voting secret.
pub const DERIVED_DST: &[u8] = b"irefuda/v2/blinding-derived";
/// HKDF salt of a blinding made from fresh random bytes.
pub const FRESH_DST: &[u8] = b"irefuda/v2/blinding-fresh";
/// The public exponent of every issuer key.
pub const EXPONENT: u64 = 65_537;
const EXPONENT_BITS: u32 = 17;
/// 128 bits more than the modulus, so that reduction leaves no bias.
const WIDE_BYTES: usize = RSA_BYTES + 16;

/// An issuer's public key: a 2048-bit modulus; the exponent is always 65,537.
#[derive(Clone)]
pub struct PublicKey {
    modulus: Vec<u8>,
    params: BoxedMontyParams,
}

impl PublicKey {
    /// Takes the modulus, big-endian, exactly as the manifest holds it.
    ///
    /// # Errors
    /// [`BlindError::Modulus`] unless it is odd and exactly 2048 bits long.
    pub fn from_modulus(modulus: &[u8; RSA_BYTES]) -> Result<Self, BlindError> {
        Self::of_any_size(modulus)
    }

    fn of_any_size(modulus: &[u8]) -> Result<Self, BlindError> {
        if modulus.first().is_none_or(|top| *top < 0x80) {
            return Err(BlindError::Modulus);
        }
        let n = number(modulus, modulus.len())?;
        let odd = Option::<Odd<BoxedUint>>::from(Odd::new(n)).ok_or(BlindError::Modulus)?;
        Ok(Self {
            modulus: modulus.to_vec(),
            params: BoxedMontyParams::new_vartime(odd),
        })
    }

    /// The modulus, big-endian.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// Checks a finished signature over `message`.
    ///
    /// # Errors
    /// [`BlindError::Signature`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BlindError> {
        verify_pss(&self.modulus, message, signature)
    }

    fn size(&self) -> usize {
        self.modulus.len()
    }

    /// Bytes to an element of Z/N; refuses numbers that are not below N.
    fn element(&self, bytes: &[u8]) -> Result<BoxedMontyForm, BlindError> {
        let value = number(bytes, self.size())?;
        if bytes.len() != self.size() || value >= *self.params.modulus().as_ref() {
            return Err(BlindError::Range);
        }
        Ok(BoxedMontyForm::new(value, &self.params))
    }

    fn encrypt(&self, value: &BoxedMontyForm) -> BoxedMontyForm {
        value.pow_bounded_exp(&BoxedUint::from(EXPONENT), EXPONENT_BITS)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.modulus.get(..8).unwrap_or_default();
        write!(f, "PublicKey({}…)", crypto::hash::to_hex(start))
    }
}

fn number(bytes: &[u8], size: usize) -> Result<BoxedUint, BlindError> {
    let bits = u32::try_from(size)
        .ok()
        .and_then(|n| n.checked_mul(8))
        .ok_or(BlindError::Range)?;
    BoxedUint::from_be_slice(bytes, bits).map_err(|_| BlindError::Range)
}

/// The factor r, its inverse and the PSS salt of one request. Wiped on drop, never printed.
pub struct Blinding {
    factor: BoxedUint,
    inverse: BoxedUint,
    salt: [u8; SALT_BYTES],
}

impl Blinding {
    /// The one blinding of the *first* request of a voting secret. With
    /// `PRK = HKDF-SHA-512-Extract(DERIVED_DST, secret)`:
    ///
    /// - r is the first `Expand(PRK, info("r", issuer, kind, counter), 272)`, read big-endian and
    ///   reduced modulo N, for counter = 0, 1, …, that is greater than 1 and invertible;
    /// - the salt is `Expand(PRK, info("salt", issuer, kind, 0), 48)`;
    /// - `info` is label, issuer and kind as canonical texts, then the counter as u32.
    ///
    /// # Errors
    /// [`BlindError::Blinding`] when no counter below 256 fits: the modulus is no RSA modulus.
    pub fn derive(
        key: &PublicKey,
        secret: &[u8; 64],
        issuer: &str,
        kind: Kind,
    ) -> Result<Self, BlindError> {
        Self::expand(key, DERIVED_DST, secret, issuer, kind)
    }

    /// A blinding from 64 fresh random bytes, by the same rule under [`FRESH_DST`].
    ///
    /// # Errors
    /// As [`Blinding::derive`].
    pub fn fresh(
        key: &PublicKey,
        random: &[u8; 64],
        issuer: &str,
        kind: Kind,
    ) -> Result<Self, BlindError> {
        Self::expand(key, FRESH_DST, random, issuer, kind)
    }

    fn expand(
        key: &PublicKey,
        dst: &[u8],
        ikm: &[u8; 64],
        issuer: &str,
        kind: Kind,
    ) -> Result<Self, BlindError> {
        let hkdf = Hkdf::<Sha512>::new(Some(dst), ikm);
        let mut salt = [0; SALT_BYTES];
        let fill = |label: &str, counter: u32, out: &mut [u8]| {
            let mut info = Writer::new();
            info.text(label);
            info.text(issuer);
            info.text(kind.as_str());
            info.u32(counter);
            hkdf.expand(&info.finish(), out)
                .map_err(|_| BlindError::Blinding)
        };
        fill("salt", 0, &mut salt)?;
        let mut wide = Zeroizing::new([0; WIDE_BYTES]);
        for counter in 0..256 {
            fill("r", counter, wide.as_mut())?;
            let mut value = number(wide.as_ref(), WIDE_BYTES)?;
            let factor = value.rem(&key.params.modulus().as_nz_ref().clone());
            value.zeroize();
            if let Some(blinding) = Self::with(key, factor, salt) {
                return Ok(blinding);
            }
        }
        Err(BlindError::Blinding)
    }

    /// None unless `factor` is greater than 1 and invertible.
    fn with(key: &PublicKey, factor: BoxedUint, salt: [u8; SALT_BYTES]) -> Option<Self> {
        if factor <= BoxedUint::one() {
            return None;
        }
        let inverse = Option::from(factor.invert_odd_mod(key.params.modulus()))?;
        Some(Self {
            factor,
            inverse,
            salt,
        })
    }

    /// The PSS salt, which becomes part of the signature and is no secret after the vote is cast.
    #[must_use]
    pub fn salt(&self) -> &[u8; SALT_BYTES] {
        &self.salt
    }
}

impl Drop for Blinding {
    fn drop(&mut self) {
        self.factor.zeroize();
        self.inverse.zeroize();
        self.salt.zeroize();
    }
}

impl fmt::Debug for Blinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blinding(…)")
    }
}

/// The request: encoded message times r to the power of e.
///
/// # Errors
/// [`BlindError::Message`] when the encoded message shares a factor with N, which would reveal
/// the issuer's key.
pub fn blind(
    key: &PublicKey,
    message: &[u8],
    blinding: &Blinding,
) -> Result<[u8; RSA_BYTES], BlindError> {
    to_array(&blind_any(key, message, blinding)?)
}

fn blind_any(key: &PublicKey, message: &[u8], blinding: &Blinding) -> Result<Vec<u8>, BlindError> {
    let encoded = emsa_pss_encode(message, &blinding.salt, key.size())?;
    let m = key.element(&encoded)?;
    if Option::<BoxedMontyForm>::from(m.invert()).is_none() {
        return Err(BlindError::Message);
    }
    let mut r = BoxedMontyForm::new(blinding.factor.clone(), &key.params);
    let mut power = key.encrypt(&r);
    let blinded = m.mul(&power).retrieve().to_be_bytes().to_vec();
    r.zeroize();
    power.zeroize();
    Ok(blinded)
}

/// Removes the blinding from an answer and verifies the signature before returning it.
///
/// # Errors
/// [`BlindError::Range`] for an answer not below N, [`BlindError::Signature`] for one that is not a
/// signature over `message`.
pub fn finalize(
    key: &PublicKey,
    message: &[u8],
    answer: &[u8],
    blinding: &Blinding,
) -> Result<[u8; RSA_BYTES], BlindError> {
    to_array(&finalize_any(key, message, answer, blinding)?)
}

fn finalize_any(
    key: &PublicKey,
    message: &[u8],
    answer: &[u8],
    blinding: &Blinding,
) -> Result<Vec<u8>, BlindError> {
    let z = key.element(answer)?;
    let mut inverse = BoxedMontyForm::new(blinding.inverse.clone(), &key.params);
    let signature = z.mul(&inverse).retrieve().to_be_bytes().to_vec();
    inverse.zeroize();
    key.verify(message, &signature)?;
    Ok(signature)
}

fn to_array(bytes: &[u8]) -> Result<[u8; RSA_BYTES], BlindError> {
    bytes.try_into().map_err(|_| BlindError::Range)
}

/// EMSA-PSS-ENCODE (RFC 8017 §9.1.1) for a modulus of `size` bytes with its top bit set.
///
/// # Errors
/// [`BlindError::Message`] when the modulus is too short for hash and salt.
pub fn emsa_pss_encode(
    message: &[u8],
    salt: &[u8; SALT_BYTES],
    size: usize,
) -> Result<Vec<u8>, BlindError> {
    let mut hash = Sha384::new();
    hash.update([0; 8]);
    hash.update(Sha384::digest(message));
    hash.update(salt);
    let hash = hash.finalize();
    let masked = size
        .checked_sub(hash.len() + 1)
        .ok_or(BlindError::Message)?;
    let padding = masked
        .checked_sub(SALT_BYTES + 1)
        .ok_or(BlindError::Message)?;
    let mut out = vec![0; padding];
    out.push(1);
    out.extend_from_slice(salt);
    for (byte, mask) in out.iter_mut().zip(mgf1(&hash)) {
        *byte ^= mask;
    }
    if let Some(top) = out.first_mut() {
        *top &= 0x7f;
    }
    out.extend_from_slice(&hash);
    out.push(0xbc);
    Ok(out)
}

/// MGF1 with SHA-384 (RFC 8017 §B.2.1), as long as it is read.
fn mgf1(seed: &[u8]) -> impl Iterator<Item = u8> + '_ {
    (0u32..).flat_map(move |counter| {
        let mut hash = Sha384::new();
        hash.update(seed);
        hash.update(counter.to_be_bytes());
        hash.finalize()
    })
}

/// Checks a finished signature without what blinding needs to know of the key: the same answer as
/// [`PublicKey::from_modulus`] and [`PublicKey::verify`], much faster for one signature.
///
/// # Errors
/// [`BlindError::Modulus`], [`BlindError::Signature`].
pub fn verify(
    modulus: &[u8; RSA_BYTES],
    message: &[u8],
    signature: &[u8],
) -> Result<(), BlindError> {
    if modulus[0] < 0x80 || modulus[RSA_BYTES - 1] & 1 == 0 {
        return Err(BlindError::Modulus);
    }
    verify_pss(modulus, message, signature)
}

#[cfg(not(target_arch = "wasm32"))]
fn verify_pss(modulus: &[u8], message: &[u8], signature: &[u8]) -> Result<(), BlindError> {
    let key = ring::signature::RsaPublicKeyComponents {
        n: modulus,
        e: &[1, 0, 1],
    };
    key.verify(
        &ring::signature::RSA_PSS_2048_8192_SHA384,
        message,
        signature,
    )
    .map_err(|_| BlindError::Signature)
}

#[cfg(target_arch = "wasm32")]
use verify_pss_portable as verify_pss;

/// Where `ring` does not build: the same check through the `rsa` crate.
#[cfg(any(target_arch = "wasm32", test))]
fn verify_pss_portable(modulus: &[u8], message: &[u8], signature: &[u8]) -> Result<(), BlindError> {
    use rsa::pss::{Signature, VerifyingKey};
    use rsa::signature::Verifier as _;
    use rsa::{BigUint, RsaPublicKey};
    let (n, e) = (BigUint::from_bytes_be(modulus), BigUint::from(EXPONENT));
    let key = RsaPublicKey::new(n, e).map_err(|_| BlindError::Modulus)?;
    let signature = Signature::try_from(signature).map_err(|_| BlindError::Signature)?;
    VerifyingKey::<sha2_10::Sha384>::new_with_salt_len(key, SALT_BYTES)
        .verify(message, &signature)
        .map_err(|_| BlindError::Signature)
}

/// Why a blind-signature step failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlindError {
    /// The modulus is even or not 2048 bits long.
    Modulus,
    /// A number is not below the modulus or has the wrong length.
    Range,
    /// No blinding factor fits this modulus.
    Blinding,
    /// The message cannot be encoded for this modulus.
    Message,
    /// The signature does not verify.
    Signature,
}

impl fmt::Display for BlindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Modulus => "the issuer's modulus is not an odd 2048-bit number",
            Self::Range => "a number is not below the modulus",
            Self::Blinding => "no blinding factor fits this modulus",
            Self::Message => "the message cannot be encoded for this modulus",
            Self::Signature => "the token does not verify",
        })
    }
}

impl std::error::Error for BlindError {}

#[cfg(test)]
mod tests;
