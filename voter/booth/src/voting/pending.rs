//! The sealed ballot on disk (conventions D23): written before the first send, so that a crash
//! loses nothing, and readable only with the same card.
//!
//! Key and file name follow from the voting secret; at a kiosk, which has to send without the
//! voter, from the station's key. One length for every ballot of an election.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use crypto::Hash;
use hkdf::Hkdf;
use rand::TryRng as _;
use rand::rngs::SysRng;
use sha2::Sha512;
use zeroize::Zeroizing;

const DST: &[u8] = b"irefuda/v2/pending-ballot";
const NONCE: usize = 24;
const MAX_FILE: u64 = 256 * 1024;

/// Where one voter's sealed ballot is, and the key to it.
pub struct Sealer {
    folder: PathBuf,
    name: String,
    key: Zeroizing<[u8; 32]>,
    election: Hash,
}

impl core::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Sealer(..)")
    }
}

/// The file could not be written or read.
#[derive(Debug)]
pub struct StoreError;

impl From<std::io::Error> for StoreError {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

impl Sealer {
    /// `secret` is the voting secret, or the station's key bytes.
    ///
    /// # Errors
    /// Never in practice: the lengths asked of HKDF are short.
    pub fn new(folder: &Path, secret: &[u8], election: Hash) -> Result<Self, StoreError> {
        let hkdf = Hkdf::<Sha512>::new(Some(DST), secret);
        let expand = |label: &[u8], out: &mut [u8]| {
            hkdf.expand_multi_info(&[label, election.as_bytes()], out)
                .map_err(|_| StoreError)
        };
        let mut key = Zeroizing::new([0; 32]);
        expand(b"key", key.as_mut())?;
        let mut name = [0; 16];
        expand(b"name", &mut name)?;
        let name = format!("{}.sealed", crypto::hash::to_hex(&name));
        Ok(Self {
            folder: folder.to_owned(),
            name,
            key,
            election,
        })
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// Writes `entry` sealed, in one step, synchronised to the disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn store(&self, entry: &[u8]) -> Result<(), StoreError> {
        let mut nonce = [0; NONCE];
        SysRng.try_fill_bytes(&mut nonce).map_err(|_| StoreError)?;
        let payload = Payload {
            msg: entry,
            aad: self.election.as_bytes(),
        };
        let cipher = XChaCha20Poly1305::new(self.key.as_ref().into());
        let sealed = cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| StoreError)?;
        fs::create_dir_all(&self.folder)?;
        let temporary = self.path().with_extension("new");
        let mut file = private(&temporary)?;
        file.write_all(&nonce)?;
        file.write_all(&sealed)?;
        file.sync_all()?;
        fs::rename(&temporary, self.path())?;
        Ok(())
    }

    /// The stored entry, if there is one that opens. A damaged file is no entry.
    #[must_use]
    pub fn load(&self) -> Option<Vec<u8>> {
        let path = self.path();
        if fs::metadata(&path).ok()?.len() > MAX_FILE {
            return None;
        }
        let bytes = fs::read(path).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let payload = Payload {
            msg: sealed,
            aad: self.election.as_bytes(),
        };
        let cipher = XChaCha20Poly1305::new(self.key.as_ref().into());
        cipher.decrypt(XNonce::from_slice(nonce), payload).ok()
    }

    /// Removes the file, if it is there.
    pub fn remove(&self) {
        if let Err(error) = fs::remove_file(self.path())
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!("a sealed ballot could not be removed");
        }
    }
}

fn private(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests;
