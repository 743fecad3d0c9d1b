//! The card's certificate, signature and revocation, as crate `jpki` decides them.

use std::path::PathBuf;

use jpki::{AuthCertificate, JpkiError, RevocationList, TrustStore, Verified};

use crate::config::{JpkiConfig, Policy};
use crate::refusal::{Refusal, of_card};

/// The authorities trusted.
#[derive(Debug)]
pub struct Cards {
    trust: TrustStore,
}

impl Cards {
    /// Reads the pinned authorities.
    ///
    /// # Errors
    /// [`CardsError`]; also when the file is for test cards and the configuration is not, or the
    /// reverse.
    pub fn read(config: &JpkiConfig) -> Result<Self, CardsError> {
        let path = &config.trust;
        let text = std::fs::read_to_string(path).map_err(|source| CardsError::Read {
            path: path.clone(),
            source,
        })?;
        let trust = TrustStore::from_json(&text)?;
        if trust.is_test() == (config.policy == Policy::Test) {
            Ok(Self { trust })
        } else {
            Err(CardsError::Policy)
        }
    }

    /// Profile, path, policy and dates of a certificate, and that it is older than the vote.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn check(&self, der: &[u8], now_ms: u64, opens_ms: u64) -> Result<Verified, Refusal> {
        let certificate = AuthCertificate::parse(der).map_err(of_card)?;
        let late = jpki::issued_after_opening(&certificate, opens_ms);
        // Whoever issued it is looked at first: "issued late" is only said of genuine cards.
        match certificate.verify(&self.trust, now_ms) {
            Ok(_) | Err(JpkiError::NotYetValid { .. }) if late => Err(Refusal::CertificateLate),
            Ok(verified) => Ok(verified),
            Err(error) => Err(of_card(error)),
        }
    }

    /// Reads a revocation list.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn list(&self, der: &[u8]) -> Result<RevocationList, JpkiError> {
        RevocationList::verify(der, &self.trust)
    }
}

/// Whether a list is valid now and was made after the opening.
#[must_use]
pub fn usable(list: &RevocationList, now_ms: u64, opens_ms: u64) -> bool {
    let made = list.this_update_ms();
    made >= opens_ms && made <= now_ms && list.next_update_ms().is_some_and(|next| now_ms <= next)
}

/// Why the authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CardsError {
    /// The file cannot be read.
    #[error("cannot read the authorities {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file's content.
    #[error(transparent)]
    Content(#[from] JpkiError),
    /// Test authorities in production or the reverse.
    #[error("the authorities are for the other policy than the configuration says")]
    Policy,
}
