//! What is believed before a record is read (conventions D5).

pub use api::trust::BadTrust;
use api::trust::TrustFile;

/// The trust file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The authority's key.
    pub authority: [u8; 32],
    /// Id of the validator network.
    pub network: [u8; 32],
    /// Ed25519 keys of the validators, increasing.
    pub validators: Vec<[u8; 32]>,
    /// Whether a practice election is meant; otherwise a real one.
    pub practice: bool,
}

impl Trust {
    /// Reads `trust.json`. The minimum booth version is for booths.
    ///
    /// # Errors
    /// [`BadTrust`].
    pub fn parse(bytes: &[u8]) -> Result<Self, BadTrust> {
        let file = TrustFile::parse(bytes)?;
        Ok(Self {
            authority: *file.authority.0.as_bytes(),
            network: file.network.0,
            validators: file.validators(),
            practice: file.practice,
        })
    }
}

#[cfg(test)]
mod tests;
