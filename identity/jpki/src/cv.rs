//! The municipality's card-verifiable certificate, EF 0004.

use crate::JpkiError;
use crate::key::PublicKey;
use crate::tlv::take;
use crate::trust::TrustStore;

/// The municipality's key, if a pinned root certified it.
pub(crate) fn municipality(certificate: &[u8], trust: &TrustStore) -> Result<PublicKey, JpkiError> {
    let (body, signature) = parts(certificate).ok_or(JpkiError::CvEncoding)?;
    let (issuer, rest) = body
        .split_first_chunk::<16>()
        .ok_or(JpkiError::CvEncoding)?;
    let (_subject, rest) = rest
        .split_first_chunk::<16>()
        .ok_or(JpkiError::CvEncoding)?;
    let key = public_key(rest).ok_or(JpkiError::CvEncoding)?;
    let mut roots = trust
        .cv_roots
        .iter()
        .filter(|root| root.id == *issuer)
        .peekable();
    if roots.peek().is_none() {
        return Err(JpkiError::CvUnknownRoot);
    }
    if roots.any(|root| root.key.verifies(body, signature)) {
        Ok(key)
    } else {
        Err(JpkiError::CvSignature)
    }
}

fn parts(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    let outer = take(certificate, &[0x7F, 0x21]).filter(|e| e.rest.is_empty())?;
    let body = take(outer.value, &[0x5F, 0x4E])?;
    let signature = take(body.rest, &[0x5F, 0x37]).filter(|e| e.rest.is_empty())?;
    Some((body.value, signature.value))
}

/// `90` exponent, `91` modulus.
pub(crate) fn public_key(bytes: &[u8]) -> Option<PublicKey> {
    let exponent = take(bytes, &[0x90])?;
    let modulus = take(exponent.rest, &[0x91]).filter(|e| e.rest.is_empty())?;
    PublicKey::from_parts(modulus.value, exponent.value).ok()
}
