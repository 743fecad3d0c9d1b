//! Profile and path of an authentication certificate.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode as _};
use x509_cert::Certificate;
use x509_cert::certificate::Version;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints,
    ExtendedKeyUsage, KeyUsage, KeyUsages,
};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::JpkiError;
use crate::key::PublicKey;
use crate::trust::TrustStore;
use crate::validity::{end_ms, start_ms};

const SHA256_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
/// Longest certificate looked at.
const LONGEST: usize = 8192;

/// A certificate whose form is that of an authentication certificate. Nothing is known yet about
/// who issued it.
#[derive(Clone)]
pub struct AuthCertificate {
    der: Vec<u8>,
    issuer: Vec<u8>,
    serial_der: Vec<u8>,
    serial: Vec<u8>,
    signed: Vec<u8>,
    signature: Vec<u8>,
    key: PublicKey,
    from_ms: u64,
    until_ms: u64,
    profile: Profile,
}

impl core::fmt::Debug for AuthCertificate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("AuthCertificate(..)")
    }
}

/// What the extensions say.
#[derive(Clone, Default)]
struct Profile {
    usage: bool,
    client_auth: bool,
    authority: bool,
    policies: Vec<ObjectIdentifier>,
    authority_key: Option<AuthorityKeyIdentifier>,
    crl_points: Option<CrlDistributionPoints>,
}

/// A certificate issued by a pinned authority and valid when it was checked.
#[derive(Clone, Debug)]
pub struct Verified {
    certificate: AuthCertificate,
    anchor: PublicKey,
}

/// Parses `der`, checks profile, path and dates at `now_ms`.
///
/// Dates are looked at last, so that "expired" is only ever said about a genuine certificate.
///
/// # Errors
/// The first rule broken.
pub fn verify(der: &[u8], trust: &TrustStore, now_ms: u64) -> Result<Verified, JpkiError> {
    AuthCertificate::parse(der)?.verify(trust, now_ms)
}

/// Whether the certificate is younger than the vote: such cards go to the counter, because their
/// holder may have had another certificate when the vote opened. Ask this before
/// [`AuthCertificate::verify`] for a message better than "not valid yet".
#[must_use]
pub fn issued_after_opening(certificate: &AuthCertificate, opening_ms: u64) -> bool {
    certificate.from_ms >= opening_ms
}

impl AuthCertificate {
    /// Parses and checks what can be checked without knowing any authority.
    ///
    /// # Errors
    /// The first rule broken.
    pub fn parse(der: &[u8]) -> Result<Self, JpkiError> {
        if der.len() > LONGEST {
            return Err(JpkiError::Encoding);
        }
        let certificate = Certificate::from_der(der).map_err(|_| JpkiError::Encoding)?;
        if certificate.to_der().ok().as_deref() != Some(der) {
            return Err(JpkiError::NotCanonical);
        }
        let tbs = &certificate.tbs_certificate;
        if tbs.version != Version::V3 {
            return Err(JpkiError::Version);
        }
        if !is_sha256_rsa(&tbs.signature) || !is_sha256_rsa(&certificate.signature_algorithm) {
            return Err(JpkiError::Algorithm);
        }
        let encode = |r: der::Result<Vec<u8>>| r.map_err(|_| JpkiError::Encoding);
        Ok(Self {
            der: der.to_vec(),
            issuer: encode(tbs.issuer.to_der())?,
            serial_der: encode(tbs.serial_number.to_der())?,
            serial: tbs.serial_number.as_bytes().to_vec(),
            signed: encode(tbs.to_der())?,
            signature: certificate
                .signature
                .as_bytes()
                .ok_or(JpkiError::Encoding)?
                .to_vec(),
            key: PublicKey::from_spki(&tbs.subject_public_key_info)?,
            from_ms: start_ms(&tbs.validity.not_before),
            until_ms: end_ms(&tbs.validity.not_after),
            profile: Profile::read(tbs.extensions.as_deref().unwrap_or_default())?,
        })
    }

    /// Checks profile, path and dates.
    ///
    /// # Errors
    /// The first rule broken.
    pub fn verify(self, trust: &TrustStore, now_ms: u64) -> Result<Verified, JpkiError> {
        self.profile.check(&trust.policy_oid)?;
        let named = self
            .profile
            .authority_key
            .as_ref()
            .ok_or(JpkiError::AuthorityKeyId)?;
        let key_id = named
            .key_identifier
            .as_ref()
            .ok_or(JpkiError::AuthorityKeyId)?;
        let serial = named.authority_cert_serial_number.as_ref();
        let mut problem = JpkiError::UnknownIssuer;
        let anchor = trust.auth_anchors.iter().find(|anchor| {
            let same = anchor.subject == self.issuer
                && anchor.key_id == key_id.as_bytes()
                && serial.is_none_or(|serial| serial.as_bytes() == anchor.serial);
            if !same {
                return false;
            }
            problem = JpkiError::Signature;
            anchor.key.verifies(&self.signed, &self.signature)
        });
        let anchor = anchor.ok_or(problem)?;
        if now_ms < self.from_ms {
            return Err(JpkiError::NotYetValid {
                from_ms: self.from_ms,
            });
        }
        if now_ms > self.until_ms {
            return Err(JpkiError::Expired {
                until_ms: self.until_ms,
            });
        }
        if now_ms < anchor.from_ms || now_ms > anchor.until_ms {
            return Err(JpkiError::AuthorityDates);
        }
        Ok(Verified {
            anchor: anchor.key.clone(),
            certificate: self,
        })
    }

    /// The certificate as it was read: the input of H for the salt.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// DER of the issuer's name, then DER of the serial number: what a registrar's HMAC runs over.
    #[must_use]
    pub fn issuer_and_serial(&self) -> Vec<u8> {
        [&self.issuer[..], &self.serial_der].concat()
    }

    /// The certified key.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// First millisecond of validity.
    #[must_use]
    pub fn not_before_ms(&self) -> u64 {
        self.from_ms
    }

    /// Last millisecond of validity.
    #[must_use]
    pub fn not_after_ms(&self) -> u64 {
        self.until_ms
    }

    /// Checks a signature made by the card over `text` (a card text's canonical bytes), strictly.
    ///
    /// # Errors
    /// [`JpkiError::CardSignature`].
    pub fn check_signature(&self, text: &[u8], signature: &[u8]) -> Result<(), JpkiError> {
        if self.key.verifies(text, signature) {
            Ok(())
        } else {
            Err(JpkiError::CardSignature)
        }
    }

    pub(crate) fn serial(&self) -> &[u8] {
        &self.serial
    }

    pub(crate) fn crl_points(&self) -> Option<&CrlDistributionPoints> {
        self.profile.crl_points.as_ref()
    }
}

impl Verified {
    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> &AuthCertificate {
        &self.certificate
    }

    pub(crate) fn anchor(&self) -> &PublicKey {
        &self.anchor
    }
}

impl Profile {
    fn read(extensions: &[Extension]) -> Result<Self, JpkiError> {
        let mut profile = Self::default();
        let mut seen = Vec::new();
        for extension in extensions {
            if seen.contains(&extension.extn_id) {
                return Err(JpkiError::Extension);
            }
            seen.push(extension.extn_id);
            profile.take(extension)?;
        }
        Ok(profile)
    }

    fn take(&mut self, extension: &Extension) -> Result<(), JpkiError> {
        match extension.extn_id.to_string().as_str() {
            "2.5.29.15" => {
                let usage: KeyUsage = value(extension)?;
                self.usage = extension.critical && usage.0 == KeyUsages::DigitalSignature;
            }
            "2.5.29.37" => {
                let usage: ExtendedKeyUsage = value(extension)?;
                self.client_auth = usage.0.contains(&CLIENT_AUTH);
            }
            "2.5.29.32" => {
                let policies: CertificatePolicies = value(extension)?;
                if extension.critical {
                    self.policies = policies.0.iter().map(|p| p.policy_identifier).collect();
                }
            }
            "2.5.29.19" => self.authority = value::<BasicConstraints>(extension)?.ca,
            "2.5.29.35" => self.authority_key = Some(value(extension)?),
            "2.5.29.31" => self.crl_points = Some(value(extension)?),
            // Issuer alternative name, OCSP address, subject key identifier: nothing to decide.
            "2.5.29.18" | "1.3.6.1.5.5.7.1.1" | "2.5.29.14" if !extension.critical => {}
            _ if extension.critical => return Err(JpkiError::CriticalExtension),
            _ => {}
        }
        Ok(())
    }

    fn check(&self, policy: &ObjectIdentifier) -> Result<(), JpkiError> {
        if self.authority {
            return Err(JpkiError::Authority);
        }
        if !self.usage {
            return Err(JpkiError::KeyUsage);
        }
        if self.policies != [*policy] {
            return Err(JpkiError::Policy);
        }
        if !self.client_auth {
            return Err(JpkiError::ExtendedKeyUsage);
        }
        Ok(())
    }
}

fn value<'a, T: Decode<'a>>(extension: &'a Extension) -> Result<T, JpkiError> {
    T::from_der(extension.extn_value.as_bytes()).map_err(|_| JpkiError::Extension)
}

pub(crate) fn is_sha256_rsa(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm.oid == SHA256_RSA
        && algorithm
            .parameters
            .as_ref()
            .is_some_and(|p| AnyRef::from(p) == AnyRef::NULL)
}

#[cfg(test)]
mod tests;
