//! The officer's one key file.

use crate::Refusal;
use anyhow::{Context as _, Result, bail};
use api::hex::Hex;
use api::officer::PublicPart;
use crypto::schnorr::SigningKey;
use host::keyfile::{self, Cost};
use host::passphrase::Passphrase;
use host::private::others_key;
use std::path::{Path, PathBuf};

/// Kind of the key file: no other program's file opens as an officer's.
const KIND: &str = "OFFICER";

/// Where the key is and how it opens.
#[derive(Debug)]
pub struct KeyFolder {
    data: PathBuf,
    passphrase: Passphrase,
    cost: Cost,
}

impl KeyFolder {
    /// The folder `data` of one officer.
    ///
    /// # Errors
    /// [`Refusal::OtherKeys`] when anybody else's key file lies in it: one folder is one person.
    pub fn open(data: &Path, passphrase: Passphrase, light: bool) -> Result<Self> {
        let folder = Self {
            data: data.to_owned(),
            passphrase,
            cost: if light { Cost::LIGHT } else { Cost::STANDARD },
        };
        match others_key(data, &folder.path())? {
            Some(path) => bail!(Refusal::OtherKeys { path }),
            None => Ok(folder),
        }
    }
    /// Whether there is a key in this folder.
    #[must_use]
    pub fn exists(data: &Path) -> bool {
        data.join("keys/officer.key").exists()
    }
    fn path(&self) -> PathBuf {
        self.data.join("keys/officer.key")
    }
    /// Makes the key once; a second call leaves it alone. Writes and returns the public part.
    ///
    /// # Errors
    /// When files cannot be written or opened.
    pub fn init(&self, name_ja: &str, name_en: &str) -> Result<PublicPart> {
        let path = self.path();
        if !path.exists() {
            std::fs::create_dir_all(self.data.join("keys"))?;
            let key = SigningKey::generate(&mut rand::rng());
            let secret = key.to_secret_bytes();
            keyfile::write(&path, KIND, secret.as_ref(), &self.passphrase, self.cost)?;
        }
        let public = PublicPart {
            name_ja: name_ja.to_owned(),
            name_en: name_en.to_owned(),
            key: Hex(self.key()?.public()),
        };
        let path = self.data.join("public.json");
        let text = serde_json::to_string_pretty(&public)? + "\n";
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        Ok(public)
    }
    /// The key.
    ///
    /// # Errors
    /// When the file is missing or does not open.
    pub fn key(&self) -> Result<SigningKey> {
        let secret = keyfile::read(&self.path(), KIND, &self.passphrase)?;
        let bytes: &[u8; 32] = secret.as_slice().try_into().context("key file")?;
        SigningKey::from_bytes(bytes).context("key file")
    }
}

#[cfg(test)]
mod tests;
