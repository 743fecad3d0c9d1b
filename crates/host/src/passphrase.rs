//! Passphrases come from files, never from the command line or environment.

use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// The shortest passphrase a new key file accepts, in bytes.
pub const MIN_NEW: usize = 12;
const MAX: u64 = 1024;

/// A passphrase that is wiped when dropped and never printed.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl Passphrase {
    /// Takes a passphrase a person typed.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the caller's copy is wiped here"
    )]
    #[must_use]
    pub fn new(text: Zeroizing<String>) -> Self {
        Self(Zeroizing::new(text.as_bytes().to_vec()))
    }

    /// Reads the first line of a file.
    ///
    /// # Errors
    /// When the file cannot be read, is empty or longer than 1,024 bytes.
    pub fn from_file(path: &Path) -> Result<Self, PassphraseError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(2048));
        fs::File::open(path)
            .and_then(|file| file.take(MAX + 1).read_to_end(&mut bytes))
            .map_err(|source| PassphraseError::Read {
                path: path.to_owned(),
                source,
            })?;
        let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || bytes.len() > 1024 {
            return Err(PassphraseError::Length {
                path: path.to_owned(),
            });
        }
        Ok(Self(Zeroizing::new(line.to_vec())))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// Why a passphrase file was refused.
#[derive(Debug, thiserror::Error)]
pub enum PassphraseError {
    /// The file could not be read.
    #[error("cannot read the passphrase file {}: {source}", path.display())]
    Read {
        /// The passphrase file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Empty or far too long.
    #[error("the passphrase file {} must hold one line of 1 to 1,024 bytes", path.display())]
    Length {
        /// The passphrase file.
        path: PathBuf,
    },
}
