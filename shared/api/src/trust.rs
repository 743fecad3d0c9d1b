//! The trust file `trust.json` (conventions D5): what a booth and a verifier believe before they
//! have read anything. One reader for all of them: two readings would trust two things.

use crypto::Point;
use serde::{Deserialize, Serialize};

use crate::hex::Hex;

/// `trust.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustFile {
    /// The key of the authority that holds elections.
    pub authority: Hex<Point>,
    /// Id of the validator network.
    pub network: Hex<[u8; 32]>,
    /// Ed25519 keys of the validators.
    pub validators: Vec<Hex<[u8; 32]>>,
    /// Lowest version of the booth that may be used, `MAJOR.MINOR.PATCH`. For booths alone.
    pub minimum_booth: Version,
    /// Whether practice elections are meant; otherwise real ones (rule R1.10).
    pub practice: bool,
}

/// A trust file that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the trust file needs authority, network, validators (lower-case hex, each validator once), \
     minimum_booth and practice, and nothing else"
)]
pub struct BadTrust;

impl TrustFile {
    /// Reads `trust.json`. The validators come out in increasing order.
    ///
    /// # Errors
    /// [`BadTrust`] for an unknown or missing member, an invalid key, no validator, or one that
    /// appears twice.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadTrust> {
        let mut file: Self = serde_json::from_slice(bytes).map_err(|_| BadTrust)?;
        file.validators.sort_unstable_by_key(|key| key.0);
        let increasing = file.validators.is_sorted_by(|a, b| a.0 < b.0);
        if increasing && !file.validators.is_empty() {
            Ok(file)
        } else {
            Err(BadTrust)
        }
    }

    /// The validators' keys, increasing.
    #[must_use]
    pub fn validators(&self) -> Vec<[u8; 32]> {
        self.validators.iter().map(|key| key.0).collect()
    }
}

/// A version of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version([u32; 3]);

impl Version {
    /// 0.1.0.
    pub const FIRST: Self = Self([0, 1, 0]);
}

impl core::str::FromStr for Version {
    type Err = BadTrust;

    fn from_str(text: &str) -> Result<Self, BadTrust> {
        let number = |part: &str| {
            let digits = part.bytes().all(|b| b.is_ascii_digit());
            part.parse::<u32>().ok().filter(|_| digits)
        };
        let parts: Option<Vec<u32>> = text.split('.').map(number).collect();
        let parts = parts.and_then(|parts| parts.try_into().ok());
        parts.map(Self).ok_or(BadTrust)
    }
}

impl core::fmt::Display for Version {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl TryFrom<String> for Version {
    type Error = BadTrust;

    fn try_from(text: String) -> Result<Self, BadTrust> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

#[cfg(test)]
mod tests;
