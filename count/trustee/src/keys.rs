//! The trustee's key files: one seed for both long-term keys, the ceremony's secret while it runs,
//! the share after it, and the partial decryption between commitment and release.

use crate::Refusal;
use anyhow::{Context as _, Result, bail};
use ceremony::trustee::KeyShare;
use ceremony::{HpkePublic, HpkeSecret};
use crypto::schnorr::SigningKey;
use crypto::{Hash, Scalar};
use host::keyfile::{self, Cost};
use host::passphrase::Passphrase;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
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

/// 32 secret bytes that both long-term keys come from.
pub(crate) type Seed = Zeroizing<[u8; 32]>;

/// Both long-term keys.
#[derive(Debug)]
pub struct Keys {
    seed: Seed,
    /// Signs board entries.
    pub signing: SigningKey,
    /// Opens sealed shares.
    pub hpke: HpkeSecret,
    /// What shares are sealed to.
    pub hpke_public: HpkePublic,
}

impl Keys {
    /// The keys of a seed (spec 02 §5); none for the one seed in 2²⁵² that gives no key.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Option<Self> {
        let wide = Zeroizing::new(crypto::hash::hash("trustee-signing-key", &[seed]).0);
        let signing = SigningKey::from_scalar(Scalar::from_bytes_mod_order_wide(&wide))?;
        let wide = Zeroizing::new(crypto::hash::hash("trustee-hpke-key", &[seed]).0);
        let hpke = HpkeSecret::from_bytes(*wide.first_chunk::<32>()?);
        let hpke_public = hpke.public()?;
        Some(Self {
            seed: Zeroizing::new(*seed),
            signing,
            hpke,
            hpke_public,
        })
    }
    /// The seed, for the backup on paper.
    pub(crate) fn seed(&self) -> &Seed {
        &self.seed
    }
}

/// Where the key files are and how they open.
#[derive(Debug)]
pub struct KeyFolder {
    dir: PathBuf,
    passphrase: Passphrase,
    cost: Cost,
    /// Kinds of key files begin with this: a practice's files do not open as real ones.
    kind: &'static str,
    /// Opened once: the passphrase is made expensive to try.
    keys: OnceLock<Keys>,
}

fn bytes32(v: &[u8]) -> Result<Seed> {
    Ok(Zeroizing::new(
        v.try_into()
            .context("the key file does not hold 32 bytes")?,
    ))
}

fn fresh() -> Seed {
    let mut seed = Zeroizing::new([0; 32]);
    rand::Rng::fill_bytes(&mut rand::rng(), seed.as_mut());
    seed
}

/// What a key file of one setup holds: the whole setup hash, then 32 secret bytes.
fn of_setup(setup: &Hash, secret: &Seed) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(96));
    bytes.extend_from_slice(setup.as_bytes());
    bytes.extend_from_slice(secret.as_ref());
    bytes
}

/// The 32 secret bytes of [`of_setup`]; `None` when the file is about another setup.
fn open_of_setup(setup: &Hash, bytes: &[u8]) -> Result<Option<Seed>> {
    let split = bytes.split_at_checked(64);
    let (of, secret) = split.context("the key file names no setup")?;
    if of != setup.as_bytes() {
        return Ok(None);
    }
    bytes32(secret).map(Some)
}

/// What a ceremony's polynomial is drawn from (spec 02 §5). The setup is hashed in: points of one
/// polynomial under two numberings are together enough to know it.
fn polynomial_seed(secret: &Seed, setup: &Hash) -> Seed {
    let wide = crypto::hash::hash("trustee-polynomial", &[secret.as_ref(), setup.as_bytes()]);
    let wide = Zeroizing::new(wide.0);
    let mut seed = Zeroizing::new([0; 32]);
    seed.iter_mut().zip(wide.iter()).for_each(|(s, w)| *s = *w);
    seed
}

impl KeyFolder {
    /// The folder of a real trustee.
    #[must_use]
    pub fn new(dir: &Path, passphrase: Passphrase, light: bool) -> Self {
        let cost = if light { Cost::LIGHT } else { Cost::STANDARD };
        Self {
            dir: dir.to_owned(),
            passphrase,
            cost,
            kind: "TRUSTEE",
            keys: OnceLock::new(),
        }
    }
    /// The folder of a practice.
    pub(crate) fn practice(dir: &Path, passphrase: Passphrase) -> Self {
        Self {
            kind: "PRACTICE TRUSTEE",
            ..Self::new(dir, passphrase, true)
        }
    }
    pub(crate) fn is_practice(&self) -> bool {
        self.kind != "TRUSTEE"
    }
    fn path(&self, name: &str, setup: Option<&Hash>) -> PathBuf {
        let of = setup.map_or(String::new(), |s| format!("-{s}"));
        self.dir.join(format!("{name}{of}.key"))
    }
    fn write(&self, path: &Path, kind: &str, secret: &[u8]) -> Result<()> {
        std::fs::create_dir_all(&self.dir)?;
        let kind = format!("{} {kind}", self.kind);
        keyfile::write(path, &kind, secret, &self.passphrase, self.cost)?;
        Ok(())
    }
    fn read(&self, path: &Path, kind: &str) -> Result<Zeroizing<Vec<u8>>> {
        let kind = format!("{} {kind}", self.kind);
        Ok(keyfile::read(path, &kind, &self.passphrase)?)
    }
    /// Makes the seed once; a second call leaves it alone. Returns the public part.
    ///
    /// # Errors
    /// When files cannot be written or opened.
    pub fn init(&self, id: u16, names: (&str, &str)) -> Result<PublicPart> {
        if !self.path("seed", None).exists() {
            self.write(&self.path("seed", None), "SEED", fresh().as_ref())?;
        }
        let keys = self.keys()?;
        Ok(PublicPart {
            id,
            name_ja: names.0.to_owned(),
            name_en: names.1.to_owned(),
            key: keys.signing.public().to_hex(),
            hpke: crypto::hash::to_hex(&keys.hpke_public),
        })
    }
    /// Whether there are keys.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.path("seed", None).exists()
    }
    /// Both keys.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn keys(&self) -> Result<&Keys> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let seed = self.read(&self.path("seed", None), "SEED")?;
        let keys = Keys::from_seed(&*bytes32(&seed)?).context("the seed gives no key")?;
        Ok(self.keys.get_or_init(|| keys))
    }
    /// The seed of this ceremony's polynomial, its secret made when `begin`; the same after the
    /// program was started anew, and another one for every other setup.
    ///
    /// # Errors
    /// [`Refusal::SecretLost`] when the file is missing and the ceremony has begun,
    /// [`Refusal::OtherCeremony`] when the file is about another setup.
    pub(crate) fn polynomial_seed(&self, setup: &Hash, begin: bool) -> Result<Seed> {
        let path = self.path("ceremony", Some(setup));
        if !path.exists() {
            if !begin {
                bail!(Refusal::SecretLost);
            }
            self.write(&path, "CEREMONY", &of_setup(setup, &fresh()))?;
        }
        let bytes = self.read(&path, "CEREMONY")?;
        let secret = open_of_setup(setup, &bytes)?.ok_or(Refusal::OtherCeremony)?;
        Ok(polynomial_seed(&secret, setup))
    }
    /// Removes the ceremony's secret: after the last round the share is all that is needed.
    pub(crate) fn forget_ceremony(&self, setup: &Hash) -> Result<()> {
        erase(&self.path("ceremony", Some(setup)))
    }
    /// Whether there is a share of this ceremony.
    #[must_use]
    pub fn has_share(&self, setup: &Hash) -> bool {
        self.path("share", Some(setup)).exists()
    }
    /// Writes the share with the ceremony it belongs to, before anything is signed. The same share
    /// may be written again.
    ///
    /// # Errors
    /// When another share is there or the file cannot be written.
    pub fn write_share(&self, setup: &Hash, share: &KeyShare) -> Result<()> {
        if self.has_share(setup) {
            let kept = self.read_share(share.id, setup)?;
            if kept.verification != share.verification {
                bail!(Refusal::Share);
            }
            return Ok(());
        }
        let secret = Zeroizing::new(share.expose().to_bytes());
        let bytes = of_setup(setup, &secret);
        self.write(&self.path("share", Some(setup)), "SHARE", &bytes)
    }
    /// The share of the ceremony that began with `setup`.
    ///
    /// # Errors
    /// When the file is missing, does not open or belongs to another ceremony.
    pub fn read_share(&self, id: u16, setup: &Hash) -> Result<KeyShare> {
        let bytes = self.read(&self.path("share", Some(setup)), "SHARE")?;
        let secret = open_of_setup(setup, &bytes)?.ok_or(Refusal::Share)?;
        KeyShare::from_bytes(id, &secret).context("share file")
    }
    /// Puts keys and share from a backup into an empty folder.
    pub(crate) fn restore(&self, seed: &Seed, setup: &Hash, share: &KeyShare) -> Result<()> {
        if self.exists() {
            bail!(Refusal::KeysExist);
        }
        self.write(&self.path("seed", None), "SEED", seed.as_ref())?;
        self.write_share(setup, share)
    }
    /// Keeps the partial decryption between commitment and release, sealed.
    ///
    /// # Errors
    /// When it exists already or cannot be written.
    pub fn write_pending(&self, setup: &Hash, bytes: &[u8]) -> Result<()> {
        self.write(&self.path("partial", Some(setup)), "PARTIAL", bytes)
    }
    /// What [`Self::write_pending`] kept, if anything.
    ///
    /// # Errors
    /// When the file does not open.
    pub fn read_pending(&self, setup: &Hash) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let path = self.path("partial", Some(setup));
        if !path.exists() {
            return Ok(None);
        }
        Ok(Some(self.read(&path, "PARTIAL")?))
    }
    /// Overwrites and removes every key file. How many there were.
    pub(crate) fn destroy(&self) -> Result<usize> {
        let mut count = 0;
        for entry in std::fs::read_dir(&self.dir)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "key") {
                erase(&path)?;
                count += 1;
            }
        }
        Ok(count)
    }
}

/// Overwrites a file once and removes it. What a disk keeps of the old blocks is sealed under the
/// passphrase and worth nothing without it.
pub(crate) fn erase(path: &Path) -> Result<()> {
    let Ok(meta) = std::fs::metadata(path) else {
        return Ok(());
    };
    let zeros = vec![0; usize::try_from(meta.len()).unwrap_or(0)];
    let file = std::fs::OpenOptions::new().write(true).open(path);
    let mut file = file.with_context(|| path.display().to_string())?;
    std::io::Write::write_all(&mut file, &zeros)?;
    file.sync_all()?;
    std::fs::remove_file(path).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests;
