//! Passphrases come from files or from the terminal, never from the command line or environment.

use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::private::{self, Build, Exposed};

#[cfg(unix)]
mod terminal;

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
    /// When the file cannot be read, is empty or longer than 1,024 bytes, and, in a release build,
    /// when others than its owner can read it, too.
    pub fn from_file(path: &Path) -> Result<Self, PassphraseError> {
        Self::from_file_in(path, Build::this())
    }

    pub(crate) fn from_file_in(path: &Path, build: Build) -> Result<Self, PassphraseError> {
        private::check(path, build)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(2048));
        fs::File::open(path)
            .and_then(|file| file.take(MAX + 1).read_to_end(&mut bytes))
            .map_err(|cause| PassphraseError::Read {
                path: path.to_owned(),
                cause,
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

    /// Asks on the terminal, without echo. With `new` it is asked for twice and must be long enough
    /// for a new key file.
    ///
    /// # Errors
    /// When there is no terminal, the line is empty or too long, or the two lines differ.
    pub fn ask(prompt: &str, new: bool) -> Result<Self, PassphraseError> {
        #[cfg(unix)]
        {
            let mut tty = fs::OpenOptions::new()
                .read(true)
                .write(true)
                .open("/dev/tty")
                .map_err(PassphraseError::Terminal)?;
            terminal::ask(&mut tty, prompt, new)
        }
        #[cfg(not(unix))]
        {
            let _ = (prompt, new);
            Err(PassphraseError::Terminal(
                std::io::ErrorKind::Unsupported.into(),
            ))
        }
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
    #[error("cannot read the passphrase file {}: {cause}", path.display())]
    Read {
        /// The passphrase file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Others than its owner can read the file.
    #[error(transparent)]
    Exposed(#[from] Exposed),
    /// Empty or far too long.
    #[error("the passphrase file {} must hold one line of 1 to 1,024 bytes", path.display())]
    Length {
        /// The passphrase file.
        path: PathBuf,
    },
    /// There is no terminal to ask on.
    #[error(
        "合言葉をたずねる端末がありません。passphrase_file を設定してください / no terminal to ask for the passphrase on, and no passphrase file: {0}"
    )]
    Terminal(std::io::Error),
    /// Nothing usable was typed.
    #[error(
        "合言葉は1〜1,024バイト、新しい鍵には12バイト以上が必要です / a passphrase has 1 to 1,024 bytes, for a new key at least {MIN_NEW}"
    )]
    Typed,
    /// The two lines of a new passphrase differ.
    #[error("2回の入力が違います / the two passphrases differ")]
    Differ,
}
