//! Card-verifiable certificate of the municipality that signs what is printed on a card.

use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use sha2_10::{Digest as _, Sha256};

use crate::error::Error;
use crate::tlv::{digest_info, tlv, tlv_long};

/// Identifier of the test root, 16 bytes.
#[must_use]
pub fn root_id() -> [u8; 16] {
    id(*b"6000023", *b"001")
}

/// Identifier of the test municipality's key.
#[must_use]
pub fn municipality_id() -> [u8; 16] {
    id(*b"1399913", *b"000")
}

fn id(number: [u8; 7], group: [u8; 3]) -> [u8; 16] {
    let mut out = [0; 16];
    let parts = number.into_iter().chain([0x08, 0x05]).chain(group);
    for (to, from) in out.iter_mut().zip(parts) {
        *to = from;
    }
    out
}

/// Public key as the card writes it: exponent, modulus.
#[must_use]
pub fn public_key(key: &RsaPublicKey) -> Vec<u8> {
    [
        tlv(&[0x90], &key.e().to_bytes_be()),
        tlv(&[0x91], &key.n().to_bytes_be()),
    ]
    .concat()
}

/// PKCS#1 v1.5 padding around the given bytes, without adding a hash identifier.
///
/// # Errors
/// When the key cannot sign.
pub fn raw_sign(key: &RsaPrivateKey, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(key.sign(Pkcs1v15Sign::new_unprefixed(), bytes)?)
}

/// EF 0004: the municipality's key certified by the root.
///
/// # Errors
/// When the root cannot sign.
pub fn certificate(root: &RsaPrivateKey, municipality: &RsaPublicKey) -> Result<Vec<u8>, Error> {
    let body = [
        &root_id()[..],
        &municipality_id()[..],
        &public_key(municipality),
    ]
    .concat();
    let signature = raw_sign(root, &digest_info(&Sha256::digest(&body)))?;
    let inside = [
        tlv_long(&[0x5F, 0x4E], &body),
        tlv_long(&[0x5F, 0x37], &signature),
    ]
    .concat();
    Ok(tlv_long(&[0x7F, 0x21], &inside))
}
