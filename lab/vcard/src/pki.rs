//! Test authorities in the observed JPKI profile: authentication, signature, 券面.

use std::path::Path;

use der::{Decode as _, Encode as _, EncodePem as _};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use rsa::traits::PublicKeyParts as _;
use serde::{Deserialize, Serialize};
use x509_cert::certificate::Certificate;

use crate::error::{self, Error};
use crate::keys::Keys;

pub mod cv;
pub mod x509;

use x509::{Authority, Purpose, Span};

/// Milliseconds in a day.
pub const DAY_MS: u64 = 86_400_000;
/// Serial number the real test authority has in its generation.
const AUTH_CA_SERIAL: [u8; 3] = [0x21, 0x88, 0x87];

/// A revoked certificate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Revoked {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// From when the list names it, ms.
    pub at_ms: u64,
}

#[derive(Serialize, Deserialize)]
struct Index {
    opening_ms: u64,
    revoked: Vec<Revoked>,
}

#[derive(Serialize)]
struct Trust<'a> {
    policy_oid: &'a str,
    auth_anchors: Vec<String>,
    cv_roots: Vec<TrustedRoot>,
}

#[derive(Serialize)]
struct TrustedRoot {
    id: String,
    modulus: String,
    exponent: String,
}

/// All authorities of a test election.
#[derive(Clone, Debug)]
pub struct TestPki {
    /// Issues authentication certificates.
    pub auth: Authority,
    /// An older generation with the same name; issues nothing any more.
    pub auth_old: Authority,
    /// A stranger with the same name.
    pub rogue: Authority,
    /// Issues signature certificates.
    pub sign: Authority,
    /// The one key behind all signature certificates: nothing uses it.
    pub sign_leaf: RsaPrivateKey,
    /// Certifies municipalities.
    pub cv_root: RsaPrivateKey,
    /// Signs what is printed on cards.
    pub cv_municipality: RsaPrivateKey,
    /// Revocations, in the order they were made.
    pub revoked: Vec<Revoked>,
    /// When the vote opens, ms.
    pub opening_ms: u64,
}

/// Names of the keys the authorities need.
const LABELS: [&str; 7] = [
    "auth-ca",
    "auth-ca-old",
    "rogue-ca",
    "sign-ca",
    "sign-leaf",
    "cv-root",
    "cv-municipality",
];

impl TestPki {
    /// Names of the keys [`TestPki::generate`] needs.
    #[must_use]
    pub fn labels() -> Vec<String> {
        LABELS.iter().map(|label| (*label).to_owned()).collect()
    }

    /// Authorities from prepared keys, valid around the opening.
    ///
    /// # Errors
    /// When a key is missing or encoding fails.
    pub fn generate(keys: &Keys, opening_ms: u64) -> Result<Self, Error> {
        let days = |n: u64| n.saturating_mul(DAY_MS);
        let now = Span {
            from: opening_ms.saturating_sub(days(1200)),
            to: opening_ms.saturating_add(days(2450)),
        };
        let old = Span {
            from: opening_ms.saturating_sub(days(4000)),
            to: opening_ms.saturating_sub(days(350)),
        };
        let auth =
            |label, serial, span| Authority::create(keys.get(label)?, Purpose::Auth, serial, span);
        Ok(Self {
            auth: auth("auth-ca", &AUTH_CA_SERIAL, now)?,
            auth_old: auth("auth-ca-old", &[0x06, 0xD1, 0x80], old)?,
            rogue: auth("rogue-ca", &AUTH_CA_SERIAL, now)?,
            sign: Authority::create(
                keys.get("sign-ca")?,
                Purpose::Sign,
                &[0x1E, 0xA8, 0xA8],
                now,
            )?,
            sign_leaf: keys.get("sign-leaf")?.clone(),
            cv_root: keys.get("cv-root")?.clone(),
            cv_municipality: keys.get("cv-municipality")?.clone(),
            revoked: Vec::new(),
            opening_ms,
        })
    }

    /// The current revocation list of the authentication authority: issued now, good for a day.
    ///
    /// # Errors
    /// When encoding fails.
    pub fn issue_crl(&self, now_ms: u64) -> Result<Vec<u8>, Error> {
        self.issue_crl_between(now_ms, now_ms.saturating_add(DAY_MS))
    }

    /// A revocation list with dates of one's own, for tests of staleness.
    ///
    /// # Errors
    /// When encoding fails.
    pub fn issue_crl_between(&self, this_ms: u64, next_ms: u64) -> Result<Vec<u8>, Error> {
        let mut revoked = Vec::new();
        for one in self.revoked.iter().filter(|one| one.at_ms <= this_ms) {
            let serial = base16ct::lower::decode_vec(&one.serial)
                .map_err(|e| Error::Usage(format!("serial {}: {e}", one.serial)))?;
            revoked.push((serial, one.at_ms));
        }
        self.auth.revocation_list(this_ms, next_ms, &revoked)
    }

    /// EF 0004 of every card.
    ///
    /// # Errors
    /// When signing fails.
    pub fn cv_certificate(&self) -> Result<Vec<u8>, Error> {
        cv::certificate(&self.cv_root, &self.cv_municipality.to_public_key())
    }

    /// `trust.json`: what a verifier of these cards has to trust.
    ///
    /// # Errors
    /// When encoding fails.
    pub fn trust_json(&self) -> Result<String, Error> {
        let mut anchors = Vec::new();
        for authority in [&self.auth_old, &self.auth] {
            anchors.push(authority.certificate.to_pem(der::pem::LineEnding::LF)?);
        }
        let trust = Trust {
            policy_oid: x509::AUTH_POLICY,
            auth_anchors: anchors,
            cv_roots: vec![TrustedRoot {
                id: base16ct::lower::encode_string(&cv::root_id()),
                modulus: base16ct::lower::encode_string(&self.cv_root.n().to_bytes_be()),
                exponent: base16ct::lower::encode_string(&self.cv_root.e().to_bytes_be()),
            }],
        };
        Ok(serde_json::to_string_pretty(&trust)?)
    }

    /// Writes everything to a folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save(&self, dir: &Path) -> Result<(), Error> {
        error::make_dir(dir)?;
        for (name, authority) in self.authorities() {
            let pem = authority.certificate.to_pem(der::pem::LineEnding::LF)?;
            error::write(&dir.join(format!("{name}.pem")), pem.as_bytes())?;
            error::write(
                &dir.join(format!("{name}.der")),
                &authority.certificate.to_der()?,
            )?;
            error::write(
                &dir.join(format!("{name}.p8")),
                authority.key.to_pkcs8_der()?.as_bytes(),
            )?;
        }
        for (name, key) in self.keys() {
            error::write(
                &dir.join(format!("{name}.p8")),
                key.to_pkcs8_der()?.as_bytes(),
            )?;
        }
        error::write(&dir.join("trust.json"), self.trust_json()?.as_bytes())?;
        let index = Index {
            opening_ms: self.opening_ms,
            revoked: self.revoked.clone(),
        };
        error::write(&dir.join("pki.json"), &serde_json::to_vec_pretty(&index)?)
    }

    /// Reads a folder written by [`TestPki::save`].
    ///
    /// # Errors
    /// When a file is missing or damaged.
    pub fn load(dir: &Path) -> Result<Self, Error> {
        let key = |name: &str| -> Result<RsaPrivateKey, Error> {
            let bytes = error::read(&dir.join(format!("{name}.p8")))?;
            Ok(RsaPrivateKey::from_pkcs8_der(&bytes)?)
        };
        let authority = |name: &str| -> Result<Authority, Error> {
            let bytes = error::read(&dir.join(format!("{name}.der")))?;
            Ok(Authority {
                key: key(name)?,
                certificate: Certificate::from_der(&bytes)?,
            })
        };
        let index: Index = serde_json::from_slice(&error::read(&dir.join("pki.json"))?)?;
        Ok(Self {
            auth: authority("auth_ca")?,
            auth_old: authority("auth_ca_old")?,
            rogue: authority("rogue_ca")?,
            sign: authority("sign_ca")?,
            sign_leaf: key("sign_leaf")?,
            cv_root: key("cv_root")?,
            cv_municipality: key("cv_municipality")?,
            revoked: index.revoked,
            opening_ms: index.opening_ms,
        })
    }

    fn authorities(&self) -> [(&'static str, &Authority); 4] {
        [
            ("auth_ca", &self.auth),
            ("auth_ca_old", &self.auth_old),
            ("rogue_ca", &self.rogue),
            ("sign_ca", &self.sign),
        ]
    }

    fn keys(&self) -> [(&'static str, &RsaPrivateKey); 3] {
        [
            ("sign_leaf", &self.sign_leaf),
            ("cv_root", &self.cv_root),
            ("cv_municipality", &self.cv_municipality),
        ]
    }
}
