//! Key files of the authority, the officers and, for demonstrations, the auditors.

use crate::config::AdminConfig;
use anyhow::{Context as _, Result};
use api::hex::Hex;
use ceremony::HpkeSecret;
use crypto::Point;
use crypto::schnorr::SigningKey;
use host::keyfile::{self, Cost};
use host::passphrase::Passphrase;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What others may know (`public.json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicPart {
    /// The authority's Schnorr key.
    pub authority: Hex<Point>,
    /// The officers' Schnorr keys, in the order of the configuration.
    pub officers: Vec<Hex<Point>>,
    /// The auditors' X25519 keys.
    pub auditors: Vec<Hex<[u8; 32]>>,
}

/// The folder with the key files.
#[derive(Debug)]
pub struct KeyFolder<'a> {
    config: &'a AdminConfig,
    dir: PathBuf,
}

impl<'a> KeyFolder<'a> {
    /// The folder `data/keys`.
    #[must_use]
    pub fn new(config: &'a AdminConfig, data: &Path) -> Self {
        Self {
            config,
            dir: data.join("keys"),
        }
    }
    fn cost(&self) -> Cost {
        if self.config.light {
            Cost::LIGHT
        } else {
            Cost::STANDARD
        }
    }
    fn signing(&self, file: &str, passphrase_file: &Path, create: bool) -> Result<SigningKey> {
        let path = self.dir.join(file);
        let passphrase = Passphrase::from_file(passphrase_file)?;
        if create && !path.exists() {
            let key = SigningKey::generate(&mut rand::rng());
            let secret = key.to_secret_bytes();
            keyfile::write(&path, "SCHNORR", secret.as_ref(), &passphrase, self.cost())?;
        }
        let secret = keyfile::read(&path, "SCHNORR", &passphrase)?;
        let bytes: &[u8; 32] = secret.as_slice().try_into().context("key file")?;
        SigningKey::from_bytes(bytes).context("key file")
    }
    /// The authority's key.
    ///
    /// # Errors
    /// When the file does not open.
    pub fn authority(&self) -> Result<SigningKey> {
        self.signing("authority.key", &self.config.passphrase_file, false)
    }
    /// Two officers' keys with their index in the manifest.
    ///
    /// # Errors
    /// When fewer than two are configured or a file does not open.
    pub fn two_officers(&self) -> Result<[(u16, SigningKey); 2]> {
        let (a, b) = (self.officer(0, false)?, self.officer(1, false)?);
        Ok([(0, a), (1, b)])
    }
    fn officer(&self, index: usize, create: bool) -> Result<SigningKey> {
        let officer = self
            .config
            .officers
            .get(index)
            .context("two officers are needed")?;
        self.signing(
            &format!("officer-{index}.key"),
            &officer.passphrase_file,
            create,
        )
    }
    /// Makes all missing keys and returns the public part.
    ///
    /// # Errors
    /// When files cannot be written or opened.
    pub fn init(&self) -> Result<PublicPart> {
        std::fs::create_dir_all(&self.dir)?;
        let authority = self.signing("authority.key", &self.config.passphrase_file, true)?;
        let officers = (0..self.config.officers.len())
            .map(|i| Ok(Hex(self.officer(i, true)?.public())))
            .collect::<Result<_>>()?;
        Ok(PublicPart {
            authority: Hex(authority.public()),
            officers,
            auditors: self.auditors()?,
        })
    }
    fn auditors(&self) -> Result<Vec<Hex<[u8; 32]>>> {
        if !self.config.auditors.is_empty() {
            return Ok(self.config.auditors.clone());
        }
        let passphrase = Passphrase::from_file(&self.config.passphrase_file)?;
        let mut out = Vec::new();
        for i in 1..=3 {
            let path = self.dir.join(format!("auditor-{i}.key"));
            if !path.exists() {
                let (secret, public) = HpkeSecret::generate(&mut rand::rng());
                let both = zeroize::Zeroizing::new([*secret.expose(), public].concat());
                keyfile::write(&path, "HPKE", &both, &passphrase, self.cost())?;
            }
            let both = keyfile::read(&path, "HPKE", &passphrase)?;
            let public = both.last_chunk().context("auditor key file")?;
            out.push(Hex(*public));
        }
        Ok(out)
    }
}
