//! Strict verification of the card's own signatures, before anybody else sees them.

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use crate::error::CardError;

/// The public key in the card's certificate.
#[derive(Clone)]
pub(crate) struct CardKey(Vec<u8>);

impl CardKey {
    /// Takes the key out of a certificate. Whether to trust it is for others to decide.
    pub(crate) fn from_certificate(der: &[u8]) -> Result<Self, CardError> {
        let certificate = Certificate::from_der(der).map_err(|_| CardError::Certificate)?;
        let spki = certificate.tbs_certificate.subject_public_key_info;
        let bits = spki
            .subject_public_key
            .as_bytes()
            .ok_or(CardError::Certificate)?;
        Ok(Self(bits.to_vec()))
    }

    /// Whole padding compared, signature as long as the modulus and smaller than it.
    pub(crate) fn check(&self, message: &[u8], signature: &[u8]) -> Result<(), CardError> {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0)
            .verify(message, signature)
            .map_err(|_| CardError::BadSignature)
    }
}
