//! What a verifier trusts: pinned authorities, pinned 券面 roots, one policy.

use der::asn1::ObjectIdentifier;
use der::{Decode as _, DecodePem as _, Encode as _};
use serde::Deserialize;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use crate::JpkiError;
use crate::key::PublicKey;
use crate::validity::{end_ms, start_ms};

/// Policy of test cards. No production store contains it.
pub const TEST_POLICY: &str = "1.2.392.200149.8.5.1.0.30";
const SKI: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");

/// A pinned authority.
#[derive(Clone, Debug)]
pub(crate) struct Anchor {
    pub(crate) subject: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) key_id: Vec<u8>,
    pub(crate) key: PublicKey,
    pub(crate) from_ms: u64,
    pub(crate) until_ms: u64,
}

/// A pinned key that certifies municipalities.
#[derive(Clone, Debug)]
pub(crate) struct CvRoot {
    pub(crate) id: [u8; 16],
    pub(crate) key: PublicKey,
}

/// Everything trusted. Several generations of an authority share one name, so anchors are chosen
/// by key identifier and signature.
#[derive(Clone, Debug)]
pub struct TrustStore {
    pub(crate) auth_anchors: Vec<Anchor>,
    pub(crate) cv_roots: Vec<CvRoot>,
    pub(crate) policy_oid: ObjectIdentifier,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    policy_oid: String,
    auth_anchors: Vec<String>,
    cv_roots: Vec<FileRoot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRoot {
    id: String,
    modulus: String,
    exponent: String,
}

impl TrustStore {
    /// Reads a trust file: `{"policy_oid", "auth_anchors": [PEM…], "cv_roots": [{"id",
    /// "modulus", "exponent"}…]}`, numbers in lower-case hexadecimal.
    ///
    /// # Errors
    /// [`JpkiError::TrustStore`] if anything in it is not what it should be.
    pub fn from_json(text: &str) -> Result<Self, JpkiError> {
        let wrong = JpkiError::TrustStore;
        let file: File = serde_json::from_str(text).map_err(|_| wrong)?;
        let policy_oid = ObjectIdentifier::new(&file.policy_oid).map_err(|_| wrong)?;
        let mut auth_anchors = Vec::new();
        for pem in &file.auth_anchors {
            let certificate = Certificate::from_pem(pem).map_err(|_| wrong)?;
            auth_anchors.push(Anchor::from_certificate(&certificate).map_err(|_| wrong)?);
        }
        let mut cv_roots = Vec::new();
        for root in &file.cv_roots {
            let bytes = |text: &str| base16ct::lower::decode_vec(text).map_err(|_| wrong);
            let id = bytes(&root.id)?.try_into().map_err(|_| wrong)?;
            let key = PublicKey::from_parts(&bytes(&root.modulus)?, &bytes(&root.exponent)?)
                .map_err(|_| wrong)?;
            cv_roots.push(CvRoot { id, key });
        }
        if auth_anchors.is_empty() {
            return Err(wrong);
        }
        Ok(Self {
            auth_anchors,
            cv_roots,
            policy_oid,
        })
    }

    /// Whether the store accepts test cards, which every page must say.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.policy_oid.to_string() == TEST_POLICY
    }
}

impl Anchor {
    fn from_certificate(certificate: &Certificate) -> Result<Self, JpkiError> {
        let tbs = &certificate.tbs_certificate;
        let identifier = tbs
            .extensions
            .iter()
            .flatten()
            .find(|e| e.extn_id == SKI)
            .and_then(|e| SubjectKeyIdentifier::from_der(e.extn_value.as_bytes()).ok())
            .ok_or(JpkiError::TrustStore)?;
        Ok(Self {
            subject: tbs.subject.to_der().map_err(|_| JpkiError::TrustStore)?,
            serial: tbs.serial_number.as_bytes().to_vec(),
            key_id: identifier.0.as_bytes().to_vec(),
            key: PublicKey::from_spki(&tbs.subject_public_key_info)?,
            from_ms: start_ms(&tbs.validity.not_before),
            until_ms: end_ms(&tbs.validity.not_after),
        })
    }
}
