//! What can go wrong around the virtual card.

use std::path::{Path, PathBuf};

/// A failure of the test card, its authorities or its reader service.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A connection or process failed.
    #[error("{what}: {source}")]
    Io {
        /// What was attempted.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something could not be encoded or decoded as DER.
    #[error("DER: {0}")]
    Der(#[from] der::Error),
    /// An RSA key could not be made or used.
    #[error("RSA: {0}")]
    Rsa(#[from] rsa::Error),
    /// A key file is not PKCS#8.
    #[error("key file: {0}")]
    Key(#[from] rsa::pkcs8::Error),
    /// A JSON file is not what it should be.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The request names something that does not exist or makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The reader service did not start in time.
    #[error("{0}")]
    NotReady(String),
}

impl Error {
    pub(crate) fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { what, source }
    }
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| Error::File {
        path: path.to_owned(),
        source,
    })
}

pub(crate) fn make_dir(path: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(path).map_err(|source| Error::File {
        path: path.to_owned(),
        source,
    })
}

/// Writes next to the file and renames, so that a kill leaves the old or the new content.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let wrap = |source| Error::File {
        path: path.to_owned(),
        source,
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let temporary = path.with_file_name(name);
    std::fs::write(&temporary, bytes).map_err(wrap)?;
    std::fs::rename(&temporary, path).map_err(wrap)
}
