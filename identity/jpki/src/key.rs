//! RSA public keys and strict PKCS#1 v1.5 verification.

use der::Decode as _;
use der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use rsa::BigUint;
use sha2_10::{Digest as _, Sha256};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::JpkiError;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];
/// Bytes of a modulus and of a signature.
const SIZE: usize = 256;
const EXPONENT: [u8; 3] = [1, 0, 1];

/// An RSA-2048 public key with exponent 65537; nothing else is accepted anywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    modulus: BigUint,
}

impl core::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PublicKey(RSA-2048)")
    }
}

impl PublicKey {
    /// From big-endian modulus and exponent without leading zeros.
    ///
    /// # Errors
    /// [`JpkiError::Key`].
    pub fn from_parts(modulus: &[u8], exponent: &[u8]) -> Result<Self, JpkiError> {
        let odd = modulus.last().is_some_and(|low| low & 1 == 1);
        let full = modulus.first().is_some_and(|high| high & 0x80 != 0);
        if modulus.len() != SIZE || !odd || !full || exponent != EXPONENT {
            return Err(JpkiError::Key);
        }
        Ok(Self {
            modulus: BigUint::from_bytes_be(modulus),
        })
    }

    pub(crate) fn from_spki(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, JpkiError> {
        let null = spki
            .algorithm
            .parameters
            .as_ref()
            .is_some_and(|p| AnyRef::from(p) == AnyRef::NULL);
        if spki.algorithm.oid != RSA || !null {
            return Err(JpkiError::Key);
        }
        let bits = spki.subject_public_key.as_bytes().ok_or(JpkiError::Key)?;
        let parts: RsaParts<'_> = RsaParts::from_der(bits).map_err(|_| JpkiError::Key)?;
        Self::from_parts(parts.modulus.as_bytes(), parts.exponent.as_bytes())
    }

    /// Modulus, 256 bytes big-endian.
    #[must_use]
    pub fn modulus(&self) -> Vec<u8> {
        self.modulus.to_bytes_be()
    }

    /// Verifies `signature` over SHA-256 of `message`. The whole padded block is rebuilt and
    /// compared, so there is exactly one signature for a message.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let info = [&SHA256_PREFIX[..], &Sha256::digest(message)].concat();
        self.verifies_block(&info, signature)
    }

    /// Verifies `signature` over the given bytes between PKCS#1 v1.5 padding and end of block.
    #[must_use]
    pub(crate) fn verifies_block(&self, content: &[u8], signature: &[u8]) -> bool {
        let Some(fill) = (SIZE - 3)
            .checked_sub(content.len())
            .filter(|fill| *fill >= 8)
        else {
            return false;
        };
        let number = BigUint::from_bytes_be(signature);
        if signature.len() != SIZE || number >= self.modulus {
            return false;
        }
        let block = number
            .modpow(&BigUint::from_bytes_be(&EXPONENT), &self.modulus)
            .to_bytes_be();
        // The leading zero byte of the block is not part of the number.
        let expected = [&[1][..], &vec![0xFF; fill], &[0], content].concat();
        block == expected
    }
}

#[derive(der::Sequence)]
struct RsaParts<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

#[cfg(test)]
mod tests;
