//! The trustee's key files: signing key, HPKE key, and after the ceremony the share.

use anyhow::{Context as _, Result, bail};
use ceremony::HpkeSecret;
use ceremony::trustee::KeyShare;
use crypto::Hash;
use crypto::schnorr::SigningKey;
use host::keyfile::{self, Cost};
use host::passphrase::Passphrase;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What others may know of a trustee (`public.json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicPart {
    /// 1…n.
    pub id: u16,
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// Schnorr key, hex.
    pub key: String,
    /// X25519 key, hex.
    pub hpke: String,
}

/// Where the key files are and how they open.
#[derive(Debug)]
pub struct KeyFolder {
    dir: PathBuf,
    passphrase: Passphrase,
    cost: Cost,
}

/// Both long-term keys.
pub struct Keys {
    /// Signs board entries.
    pub signing: SigningKey,
    /// Opens sealed shares.
    pub hpke: HpkeSecret,
}

fn bytes32(v: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    Ok(Zeroizing::new(
        v.try_into()
            .context("the key file does not hold 32 bytes")?,
    ))
}

impl KeyFolder {
    /// Opens the folder.
    ///
    /// # Errors
    /// When the passphrase file cannot be read.
    pub fn new(dir: &Path, passphrase_file: &Path, light: bool) -> Result<Self> {
        let passphrase = Passphrase::from_file(passphrase_file)?;
        let cost = if light { Cost::LIGHT } else { Cost::STANDARD };
        Ok(Self {
            dir: dir.to_owned(),
            passphrase,
            cost,
        })
    }
    /// Makes both keys once; a second call leaves them alone. Returns the public part.
    ///
    /// # Errors
    /// When files cannot be written or opened.
    pub fn init(&self, id: u16, names: (&str, &str)) -> Result<PublicPart> {
        std::fs::create_dir_all(&self.dir)?;
        let mut rng = rand::rng();
        let hpke = self.dir.join("hpke.key");
        if !hpke.exists() {
            let signing = SigningKey::generate(&mut rng);
            let secret = signing.to_secret_bytes();
            let path = self.dir.join("signing.key");
            keyfile::write(
                &path,
                "SCHNORR",
                secret.as_ref(),
                &self.passphrase,
                self.cost,
            )?;
            let (secret, public) = HpkeSecret::generate(&mut rng);
            let both = Zeroizing::new([*secret.expose(), public].concat());
            keyfile::write(&hpke, "HPKE", &both, &self.passphrase, self.cost)?;
        }
        let (keys, public) = self.read()?;
        Ok(PublicPart {
            id,
            name_ja: names.0.to_owned(),
            name_en: names.1.to_owned(),
            key: keys.signing.public().to_hex(),
            hpke: crypto::hash::to_hex(&public),
        })
    }
    /// Both keys and the public half of the HPKE key.
    ///
    /// # Errors
    /// When a file cannot be opened.
    pub fn read(&self) -> Result<(Keys, [u8; 32])> {
        let signing = keyfile::read(&self.dir.join("signing.key"), "SCHNORR", &self.passphrase)?;
        let signing = SigningKey::from_bytes(&*bytes32(&signing)?).context("signing key")?;
        let both = keyfile::read(&self.dir.join("hpke.key"), "HPKE", &self.passphrase)?;
        let (secret, public) = both.split_at_checked(32).context("HPKE key")?;
        let hpke = HpkeSecret::from_bytes(*bytes32(secret)?);
        Ok((Keys { signing, hpke }, *bytes32(public)?))
    }
    /// Writes the share with the ceremony it belongs to, before anything is signed.
    ///
    /// # Errors
    /// When the file exists already or cannot be written.
    pub fn write_share(&self, setup: &Hash, share: &KeyShare) -> Result<()> {
        let mut bytes = Zeroizing::new(setup.as_bytes().to_vec());
        bytes.extend_from_slice(share.expose().as_bytes());
        let path = self.dir.join("share.key");
        keyfile::write(&path, "TRUSTEE SHARE", &bytes, &self.passphrase, self.cost)?;
        Ok(())
    }
    /// The ceremony the share file belongs to, once there is one.
    ///
    /// # Errors
    /// When the file does not open.
    pub fn share_setup(&self) -> Result<Option<Hash>> {
        let path = self.dir.join("share.key");
        if !path.exists() {
            return Ok(None);
        }
        let bytes = keyfile::read(&path, "TRUSTEE SHARE", &self.passphrase)?;
        let (of, _) = bytes.split_at_checked(64).context("share file")?;
        Ok(Some(Hash(of.try_into().context("share file")?)))
    }
    /// The share of the ceremony that began with `setup`.
    ///
    /// # Errors
    /// When there is none, it does not open, or it belongs to another ceremony.
    pub fn read_share(&self, id: u16, setup: &Hash) -> Result<KeyShare> {
        let path = self.dir.join("share.key");
        let bytes = keyfile::read(&path, "TRUSTEE SHARE", &self.passphrase)?;
        let (of, secret) = bytes.split_at_checked(64).context("share file")?;
        if of != setup.as_bytes() {
            bail!("the share file belongs to another key ceremony");
        }
        KeyShare::from_bytes(id, &*bytes32(secret)?).context("share file")
    }
    /// Keeps the partial decryption between commitment and release, sealed.
    ///
    /// # Errors
    /// When it exists already or cannot be written.
    pub fn write_pending(&self, bytes: &[u8]) -> Result<()> {
        let path = self.dir.join("partial.key");
        keyfile::write(
            &path,
            "PARTIAL DECRYPTION",
            bytes,
            &self.passphrase,
            self.cost,
        )?;
        Ok(())
    }
    /// What [`Self::write_pending`] kept, if anything.
    ///
    /// # Errors
    /// When the file does not open.
    pub fn read_pending(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let path = self.dir.join("partial.key");
        if !path.exists() {
            return Ok(None);
        }
        Ok(Some(keyfile::read(
            &path,
            "PARTIAL DECRYPTION",
            &self.passphrase,
        )?))
    }
}
