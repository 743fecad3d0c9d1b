//! What this program believes before it has read anything: compiled into a released booth, from a
//! file in the demo.

use ballot::Manifest;
use crypto::Point;
use crypto::wire::{Reader, Wire as _};
use serde::Deserialize;

/// Keys a booth starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The authority that holds elections.
    pub authority: Point,
    /// Id of the validator network.
    pub network: [u8; 32],
    /// Engine keys of the validators; empty when the file names none.
    pub validators: Vec<[u8; 32]>,
    /// Lowest version of this program that may be used.
    pub minimum_booth: [u32; 3],
}

/// The file `trust.json`.
#[derive(Deserialize)]
struct File {
    authority: String,
    network: String,
    #[serde(default)]
    validators: Vec<String>,
    minimum_booth: String,
}

/// A trust file that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadTrust;

impl core::fmt::Display for BadTrust {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the trust file needs authority, network (32 bytes hex) and minimum_booth")
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
        let key: [u8; 32] = array(&file.authority).ok_or(BadTrust)?;
        Ok(Self {
            authority: Point::read(&mut Reader::new(&key)).map_err(|_| BadTrust)?,
            network: array(&file.network).ok_or(BadTrust)?,
            validators: file
                .validators
                .iter()
                .map(|key| array(key))
                .collect::<Option<_>>()
                .ok_or(BadTrust)?,
            minimum_booth: version(&file.minimum_booth).ok_or(BadTrust)?,
        })
    }

    /// Whether a manifest belongs to the authority, the network and the validators known here.
    #[must_use]
    pub fn knows(&self, manifest: &Manifest) -> bool {
        let mut pinned = self.validators.clone();
        let mut named: Vec<_> = manifest.validators.iter().map(|v| v.engine_key).collect();
        pinned.sort_unstable();
        named.sort_unstable();
        manifest.authority == self.authority
            && manifest.network == self.network
            && (pinned.is_empty() || pinned == named)
    }

    /// Whether `program` is not older than the minimum.
    #[must_use]
    pub fn allows(&self, program: &str) -> bool {
        version(program).is_some_and(|v| v >= self.minimum_booth)
    }
}

fn array(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    hex::decode_to_slice(text, &mut out).ok()?;
    Some(out)
}

fn version(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.split('.').map(str::parse::<u32>);
    let found = [
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    ];
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests;
