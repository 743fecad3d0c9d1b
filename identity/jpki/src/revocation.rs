//! Revocation lists, fail closed.

use std::collections::BTreeSet;

use der::{Decode as _, Encode as _};
use x509_cert::crl::{CertificateList, TbsCertList};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::DistributionPointName;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, IssuingDistributionPoint};

use crate::JpkiError;
use crate::certificate::{Verified, is_sha256_rsa};
use crate::key::PublicKey;
use crate::trust::TrustStore;
use crate::validity::{end_ms, start_ms};

/// A revocation list signed by a pinned authority.
#[derive(Clone)]
pub struct RevocationList {
    authority: PublicKey,
    this_update_ms: u64,
    next_update_ms: Option<u64>,
    part: Option<DistributionPointName>,
    serials: BTreeSet<Vec<u8>>,
}

impl core::fmt::Debug for RevocationList {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "RevocationList({} serials)", self.serials.len())
    }
}

impl RevocationList {
    /// Parses a list and checks that a pinned authority signed it. Done once per download.
    ///
    /// # Errors
    /// The first rule broken.
    pub fn verify(der: &[u8], trust: &TrustStore) -> Result<Self, JpkiError> {
        let wrong = JpkiError::CrlEncoding;
        let list = CertificateList::from_der(der).map_err(|_| wrong)?;
        if list.to_der().ok().as_deref() != Some(der) {
            return Err(wrong);
        }
        let tbs = &list.tbs_cert_list;
        if !is_sha256_rsa(&tbs.signature) || !is_sha256_rsa(&list.signature_algorithm) {
            return Err(JpkiError::CrlAlgorithm);
        }
        let issuer = tbs.issuer.to_der().map_err(|_| wrong)?;
        let signed = tbs.to_der().map_err(|_| wrong)?;
        let signature = list.signature.as_bytes().ok_or(wrong)?;
        let extensions = Extensions::read(tbs.crl_extensions.as_deref().unwrap_or_default())?;
        let mut problem = JpkiError::CrlIssuer;
        let anchor = trust.auth_anchors.iter().find(|anchor| {
            let same = anchor.subject == issuer
                && extensions
                    .key_id
                    .as_ref()
                    .is_none_or(|id| *id == anchor.key_id);
            if !same {
                return false;
            }
            problem = JpkiError::CrlSignature;
            anchor.key.verifies(&signed, signature)
        });
        Ok(Self {
            authority: anchor.ok_or(problem)?.key.clone(),
            this_update_ms: start_ms(&tbs.this_update),
            next_update_ms: tbs.next_update.as_ref().map(end_ms),
            part: extensions.part,
            serials: serials(tbs)?,
        })
    }

    /// Says that a certificate is not revoked, or why that cannot be said. `opening_ms` is when
    /// the vote opened: an older list knows nothing of cards replaced just before.
    ///
    /// # Errors
    /// The first rule broken. Anything but [`JpkiError::Revoked`] means "unknown".
    pub fn check(
        &self,
        certificate: &Verified,
        now_ms: u64,
        opening_ms: u64,
    ) -> Result<(), JpkiError> {
        if self.authority != *certificate.anchor() {
            return Err(JpkiError::CrlOtherAuthority);
        }
        if !self.covers(certificate) {
            return Err(JpkiError::CrlScope);
        }
        if now_ms < self.this_update_ms {
            return Err(JpkiError::CrlNotYetValid);
        }
        if self.next_update_ms.is_none_or(|next| now_ms > next) {
            return Err(JpkiError::CrlStale);
        }
        if self.this_update_ms < opening_ms {
            return Err(JpkiError::CrlBeforeOpening);
        }
        if self.serials.contains(certificate.certificate().serial()) {
            return Err(JpkiError::Revoked);
        }
        Ok(())
    }

    /// When the list was made, ms.
    #[must_use]
    pub fn this_update_ms(&self) -> u64 {
        self.this_update_ms
    }

    /// Last millisecond at which the list may be used.
    #[must_use]
    pub fn next_update_ms(&self) -> Option<u64> {
        self.next_update_ms
    }

    /// A list for one distribution point covers the certificates that name that point.
    fn covers(&self, certificate: &Verified) -> bool {
        let Some(part) = &self.part else {
            return true;
        };
        let points = certificate.certificate().crl_points();
        points.is_some_and(|points| {
            points.0.iter().any(|point| {
                point.distribution_point.as_ref() == Some(part)
                    && point.reasons.is_none()
                    && point.crl_issuer.is_none()
            })
        })
    }
}

struct Extensions {
    key_id: Option<Vec<u8>>,
    part: Option<DistributionPointName>,
}

impl Extensions {
    fn read(all: &[Extension]) -> Result<Self, JpkiError> {
        let mut found = Self {
            key_id: None,
            part: None,
        };
        let mut seen = BTreeSet::new();
        for extension in all {
            if !seen.insert(extension.extn_id) {
                return Err(JpkiError::CrlEncoding);
            }
            let bytes = extension.extn_value.as_bytes();
            match extension.extn_id.to_string().as_str() {
                "2.5.29.35" => {
                    let id = AuthorityKeyIdentifier::from_der(bytes)
                        .map_err(|_| JpkiError::CrlEncoding)?;
                    found.key_id = id.key_identifier.map(|id| id.as_bytes().to_vec());
                }
                "2.5.29.28" => {
                    let point = IssuingDistributionPoint::from_der(bytes)
                        .map_err(|_| JpkiError::CrlEncoding)?;
                    if point.indirect_crl
                        || point.only_contains_ca_certs
                        || point.only_contains_attribute_certs
                        || point.only_some_reasons.is_some()
                    {
                        return Err(JpkiError::CrlScope);
                    }
                    found.part = point.distribution_point;
                }
                _ if extension.critical => return Err(JpkiError::CrlScope),
                _ => {}
            }
        }
        Ok(found)
    }
}

fn serials(tbs: &TbsCertList) -> Result<BTreeSet<Vec<u8>>, JpkiError> {
    let mut serials = BTreeSet::new();
    for entry in tbs.revoked_certificates.iter().flatten() {
        if entry
            .crl_entry_extensions
            .iter()
            .flatten()
            .any(|e| e.critical)
        {
            return Err(JpkiError::CrlScope);
        }
        serials.insert(entry.serial_number.as_bytes().to_vec());
    }
    Ok(serials)
}

#[cfg(test)]
mod tests;
