//! The auditor's one key file: X25519, what registrars seal evidence to.

use anyhow::{Context as _, Result, bail};
use api::auditor::PublicPart;
use api::hex::Hex;
use ceremony::HpkeSecret;
use evidence::AuditorKey;
use host::keyfile::{self, Cost};
use host::passphrase::Passphrase;
use host::private::others_key;
use std::path::{Path, PathBuf};

/// Kind of the key file: no other program's file opens as an auditor's.
const KIND: &str = "AUDITOR";

/// Somebody else's key file in an auditor's folder.
#[derive(Debug, thiserror::Error)]
#[error(
    "このフォルダーに、ほかの鍵ファイルがあります：{}。監査する人の鍵は一人に一つのフォルダーです / another key file lies in this folder; an auditor's key has a folder of its own",
    path.display()
)]
pub struct OthersKey {
    /// The file.
    pub path: PathBuf,
}

/// Where the key is and how it opens.
#[derive(Debug)]
pub struct KeyFolder {
    data: PathBuf,
    passphrase: Passphrase,
    cost: Cost,
}

impl KeyFolder {
    /// The folder `data` of one auditor.
    ///
    /// # Errors
    /// [`OthersKey`]: two auditors together open evidence, so one folder is one person.
    pub fn open(data: &Path, passphrase: Passphrase, light: bool) -> Result<Self> {
        let folder = Self {
            data: data.to_owned(),
            passphrase,
            cost: if light { Cost::LIGHT } else { Cost::STANDARD },
        };
        match others_key(data, &folder.path())? {
            Some(path) => bail!(OthersKey { path }),
            None => Ok(folder),
        }
    }
    /// Whether there is a key in this folder.
    #[must_use]
    pub fn exists(data: &Path) -> bool {
        data.join("keys/auditor.key").exists()
    }
    fn path(&self) -> PathBuf {
        self.data.join("keys/auditor.key")
    }
    /// Makes the key once; a second call leaves it alone. Writes and returns the public part.
    ///
    /// # Errors
    /// When files cannot be written or opened.
    pub fn init(&self, name_ja: &str, name_en: &str) -> Result<PublicPart> {
        let path = self.path();
        if !path.exists() {
            std::fs::create_dir_all(self.data.join("keys"))?;
            let (secret, _) = HpkeSecret::generate(&mut rand::rng());
            keyfile::write(&path, KIND, secret.expose(), &self.passphrase, self.cost)?;
        }
        let public = PublicPart {
            name_ja: name_ja.to_owned(),
            name_en: name_en.to_owned(),
            key: Hex(self.secret()?.public().context("key file")?),
        };
        let path = self.data.join("public.json");
        let text = serde_json::to_string_pretty(&public)? + "\n";
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        Ok(public)
    }
    /// The key, as it opens evidence.
    ///
    /// # Errors
    /// When the file is missing or does not open.
    pub fn auditor(&self) -> Result<AuditorKey> {
        Ok(AuditorKey::from_bytes(self.secret()?.expose())?)
    }
    /// The key.
    ///
    /// # Errors
    /// When the file is missing or does not open.
    pub fn secret(&self) -> Result<HpkeSecret> {
        let secret = keyfile::read(&self.path(), KIND, &self.passphrase)?;
        let bytes: &[u8; 32] = secret.as_slice().try_into().context("key file")?;
        Ok(HpkeSecret::from_bytes(*bytes))
    }
}

#[cfg(test)]
mod tests;
