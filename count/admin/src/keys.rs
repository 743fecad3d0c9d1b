//! The authority's key file. No other key belongs in its folder: officers, auditors and trustees
//! make theirs with their own programs and hand over the public half.

use crate::config::AdminConfig;
use anyhow::{Context as _, Result, bail};
use api::hex::Hex;
use crypto::Point;
use crypto::schnorr::SigningKey;
use host::keyfile::{self, Cost};
use host::passphrase::Passphrase;
use host::private::others_key;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What others may know (`public.json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicPart {
    /// The authority's Schnorr key.
    pub authority: Hex<Point>,
}

/// Somebody else's key file in the authority's folder.
#[derive(Debug, thiserror::Error)]
#[error(
    "選挙管理者のフォルダーに、ほかの人の鍵ファイルがあります：{} / the authority's folder holds a key file of somebody else; everybody's key has a folder of its own",
    path.display()
)]
pub struct OthersKey {
    /// The file.
    pub path: PathBuf,
}

/// The folder with the key file.
#[derive(Debug)]
pub struct KeyFolder<'a> {
    config: &'a AdminConfig,
    path: PathBuf,
}

impl<'a> KeyFolder<'a> {
    /// The folder `data`, whose one key file is the authority's.
    ///
    /// # Errors
    /// [`OthersKey`].
    pub fn open(config: &'a AdminConfig, data: &Path) -> Result<Self> {
        let path = data.join("keys/authority.key");
        match others_key(data, &path)? {
            Some(path) => bail!(OthersKey { path }),
            None => Ok(Self { config, path }),
        }
    }
    /// The authority's key.
    ///
    /// # Errors
    /// When the file does not open.
    pub fn authority(&self) -> Result<SigningKey> {
        let passphrase = Passphrase::from_file(&self.config.passphrase_file)?;
        let secret = keyfile::read(&self.path, "SCHNORR", &passphrase)?;
        let bytes: &[u8; 32] = secret.as_slice().try_into().context("key file")?;
        SigningKey::from_bytes(bytes).context("key file")
    }
    /// Makes the key if it is missing and returns the public part.
    ///
    /// # Errors
    /// When files cannot be written or opened.
    pub fn init(&self) -> Result<PublicPart> {
        if !self.path.exists() {
            let folder = self.path.parent().context("key folder")?;
            std::fs::create_dir_all(folder)?;
            let cost = if self.config.light {
                Cost::LIGHT
            } else {
                Cost::STANDARD
            };
            let passphrase = Passphrase::from_file(&self.config.passphrase_file)?;
            let secret = SigningKey::generate(&mut rand::rng()).to_secret_bytes();
            keyfile::write(&self.path, "SCHNORR", secret.as_ref(), &passphrase, cost)?;
        }
        Ok(PublicPart {
            authority: Hex(self.authority()?.public()),
        })
    }
}

#[cfg(test)]
mod tests;
