//! What is believed before a record is read (conventions D5).

use crypto::hash::from_hex;
use serde::Deserialize;

/// The trust file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The authority's key.
    pub authority: [u8; 32],
    /// Id of the validator network.
    pub network: [u8; 32],
    /// Ed25519 keys of the validators, increasing.
    pub validators: Vec<[u8; 32]>,
}

/// `trust.json` as it is written. The minimum booth version is for booths.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    authority: String,
    network: String,
    validators: Vec<String>,
    #[serde(rename = "minimum_booth")]
    _minimum_booth: String,
}

/// A trust file that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadTrust;

impl core::fmt::Display for BadTrust {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the trust file needs authority, network, validators (hex) and minimum_booth")
    }
}

impl std::error::Error for BadTrust {}

impl Trust {
    /// Reads `trust.json`.
    ///
    /// # Errors
    /// [`BadTrust`].
    pub fn parse(bytes: &[u8]) -> Result<Self, BadTrust> {
        let file: File = serde_json::from_slice(bytes).map_err(|_| BadTrust)?;
        let key = |hex: &String| -> Result<[u8; 32], BadTrust> {
            from_hex(hex)
                .and_then(|b| b.try_into().ok())
                .ok_or(BadTrust)
        };
        let mut validators = file
            .validators
            .iter()
            .map(key)
            .collect::<Result<Vec<_>, BadTrust>>()?;
        validators.sort_unstable();
        Ok(Self {
            authority: key(&file.authority)?,
            network: key(&file.network)?,
            validators,
        })
    }
}

#[cfg(test)]
mod tests;
