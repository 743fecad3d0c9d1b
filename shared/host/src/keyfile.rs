//! Key files: armoured text, mode 0600, encrypted under a passphrase.
//!
//! ```text
//! -----BEGIN IREFUDA SCHNORR KEY-----
//! Version: 1
//! Kdf: argon2id m=65536 t=3 p=1
//! Salt: <base64, 16 bytes>
//! Nonce: <base64, 24 bytes>
//!
//! <base64 of XChaCha20-Poly1305(secret), 64 characters a line>
//! -----END IREFUDA SCHNORR KEY-----
//! ```
//! Everything before the empty line is authenticated, the kind included.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::passphrase::{MIN_NEW, Passphrase};
use crate::private::{self, Build, Exposed};

/// A registrar's 255 keys for further ballots stand in one file.
const MAX_FILE: u64 = 512 * 1024;

/// How expensive a guess at the passphrase is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// 64 MiB, three passes: what programs write.
    pub const STANDARD: Self = Self {
        memory_kib: 65_536,
        passes: 3,
        lanes: 1,
    };
    /// 8 MiB, one pass: for tests and for passphrases with 128 random bits.
    pub const LIGHT: Self = Self {
        memory_kib: 8_192,
        passes: 1,
        lanes: 1,
    };

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        if parts.next() != Some("argon2id") {
            return None;
        }
        let mut number = |name: &str| parts.next()?.strip_prefix(name)?.parse::<u32>().ok();
        let cost = Self {
            memory_kib: number("m=")?,
            passes: number("t=")?,
            lanes: number("p=")?,
        };
        let sane = (8..=1_048_576).contains(&cost.memory_kib)
            && (1..=16).contains(&cost.passes)
            && (1..=4).contains(&cost.lanes);
        (parts.next().is_none() && sane).then_some(cost)
    }

    fn derive(
        self,
        passphrase: &Passphrase,
        salt: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, KeyFileError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| KeyFileError::Header)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.bytes(), salt, key.as_mut())
            .map_err(|_| KeyFileError::Header)?;
        Ok(key)
    }
}

/// Encrypts `secret` and returns the file's text. `kind` is upper-case letters,
/// digits and spaces, for example `SCHNORR`.
///
/// # Errors
/// [`KeyFileError::Weak`] for a passphrase under 12 bytes,
/// [`KeyFileError::Kind`] for a kind outside the alphabet.
pub fn seal(
    kind: &str,
    secret: &[u8],
    passphrase: &Passphrase,
    cost: Cost,
) -> Result<String, KeyFileError> {
    if passphrase.bytes().len() < MIN_NEW {
        return Err(KeyFileError::Weak);
    }
    if kind.is_empty()
        || !kind
            .chars()
            .all(|c| matches!(c, 'A'..='Z' | '0'..='9' | ' '))
    {
        return Err(KeyFileError::Kind {
            found: kind.to_owned(),
        });
    }
    let (mut salt, mut nonce) = ([0; 16], [0; 24]);
    let random = SystemRandom::new();
    random.fill(&mut salt).map_err(|_| KeyFileError::Random)?;
    random.fill(&mut nonce).map_err(|_| KeyFileError::Random)?;
    let header = format!(
        "-----BEGIN IREFUDA {kind} KEY-----\nVersion: 1\nKdf: argon2id m={} t={} p={}\nSalt: {}\nNonce: {}\n",
        cost.memory_kib,
        cost.passes,
        cost.lanes,
        BASE64.encode(salt),
        BASE64.encode(nonce),
    );
    let key = cost.derive(passphrase, &salt)?;
    let payload = Payload {
        msg: secret,
        aad: header.as_bytes(),
    };
    let sealed = XChaCha20Poly1305::new(key.as_ref().into())
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| KeyFileError::Opening)?;
    let mut text = header + "\n";
    let body = BASE64.encode(sealed);
    for line in body.as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str(&format!("-----END IREFUDA {kind} KEY-----\n"));
    Ok(text)
}

/// Opens the text of a key file that must be of this `kind`.
///
/// # Errors
/// When the text is not a key file of this kind or the passphrase is wrong.
pub fn open(
    kind: &str,
    text: &str,
    passphrase: &Passphrase,
) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let first = text.lines().next().unwrap_or_default();
    let found = first
        .strip_prefix("-----BEGIN IREFUDA ")
        .and_then(|rest| rest.strip_suffix(" KEY-----"))
        .ok_or(KeyFileError::Armour)?;
    if found != kind {
        return Err(KeyFileError::Kind {
            found: found.to_owned(),
        });
    }
    let (header, rest) = text.split_once("\n\n").ok_or(KeyFileError::Armour)?;
    let body = rest
        .strip_suffix(&format!("-----END IREFUDA {kind} KEY-----\n"))
        .ok_or(KeyFileError::Armour)?;
    let mut lines = header.lines().skip(1);
    let mut field = |name: &str| lines.next()?.strip_prefix(name);
    if field("Version: ") != Some("1") {
        return Err(KeyFileError::Version);
    }
    let cost = field("Kdf: ")
        .and_then(Cost::parse)
        .ok_or(KeyFileError::Header)?;
    let salt = field("Salt: ")
        .and_then(|s| BASE64.decode(s).ok())
        .ok_or(KeyFileError::Header)?;
    let nonce = field("Nonce: ")
        .and_then(|s| BASE64.decode(s).ok())
        .ok_or(KeyFileError::Header)?;
    if lines.next().is_some() || salt.len() != 16 || nonce.len() != 24 {
        return Err(KeyFileError::Header);
    }
    let sealed = BASE64
        .decode(body.replace('\n', ""))
        .map_err(|_| KeyFileError::Armour)?;
    let key = cost.derive(passphrase, &salt)?;
    let aad = format!("{header}\n");
    XChaCha20Poly1305::new(key.as_ref().into())
        .decrypt(
            XNonce::from_slice(&nonce),
            Payload {
                msg: &sealed,
                aad: aad.as_bytes(),
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| KeyFileError::Opening)
}

/// Writes a new key file with mode 0600; an existing file is never replaced.
///
/// # Errors
/// As [`seal`], and when the file exists or cannot be written.
pub fn write(
    path: &Path,
    kind: &str,
    secret: &[u8],
    passphrase: &Passphrase,
    cost: Cost,
) -> Result<(), KeyFileError> {
    let text = seal(kind, secret, passphrase, cost)?;
    write_private(path, text.as_bytes()).map_err(|cause| KeyFileError::Io {
        path: path.to_owned(),
        cause,
    })
}

/// Reads and opens a key file that must be of this `kind`.
///
/// # Errors
/// As [`open`], when the file cannot be read, and, in a release build, when others than its owner
/// can read it, too.
pub fn read(
    path: &Path,
    kind: &str,
    passphrase: &Passphrase,
) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    read_in(path, kind, passphrase, Build::this())
}

pub(crate) fn read_in(
    path: &Path,
    kind: &str,
    passphrase: &Passphrase,
    build: Build,
) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    private::check(path, build)?;
    let mut text = String::new();
    fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE).read_to_string(&mut text))
        .map_err(|cause| KeyFileError::Io {
            path: path.to_owned(),
            cause,
        })?;
    open(kind, &text, passphrase)
}

/// Creates a file only its owner can read; fails when it exists.
///
/// # Errors
/// What the system says.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Why a key file was refused.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The passphrase of a new file is shorter than 12 bytes.
    #[error("a passphrase needs at least {MIN_NEW} bytes")]
    Weak,
    /// The file holds another kind of key, or the kind cannot be written.
    #[error("this is a key file of kind {found:?}")]
    Kind {
        /// The kind found.
        found: String,
    },
    /// The armour lines or the base64 text are damaged.
    #[error("this is not an Irefuda key file, or its text is damaged")]
    Armour,
    /// A version this program does not know.
    #[error("this key file has a version this program does not know")]
    Version,
    /// A header field is missing or out of bounds.
    #[error("the header of this key file is damaged or out of bounds")]
    Header,
    /// Wrong passphrase or altered file.
    #[error("the passphrase does not open this key file, or the file was altered")]
    Opening,
    /// The system gave no random bytes.
    #[error("the system's random generator failed")]
    Random,
    /// Others than its owner can read the file.
    #[error(transparent)]
    Exposed(#[from] Exposed),
    /// The file could not be read or written.
    #[error("key file {}: {cause}", path.display())]
    Io {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
}

#[cfg(test)]
mod tests;
