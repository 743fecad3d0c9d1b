//! One registrar's sealed records as files, found by their leaf hashes.

use board::entry::Leaf;
use board::record::{RecordError, read_item};
use crypto::Hash;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// The longest sealed record: sixteen auditors.
const LONGEST: usize = 8192;

/// Where a sealed record is.
#[derive(Clone, Copy, Debug)]
struct Place {
    day: u32,
    at: u64,
    length: usize,
}

/// The sealed records of one registrar. Only their places are kept in memory.
#[derive(Debug)]
pub struct Vault {
    folder: PathBuf,
    places: BTreeMap<Leaf, Place>,
}

impl Vault {
    /// Reads every `DAY.bin` of a folder once: u32 length and bytes, one after the other.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open(folder: &Path, election: &Hash, registrar: u16) -> Result<Self, VaultError> {
        let failed = |source| VaultError::Io {
            path: folder.to_owned(),
            source,
        };
        let mut places = BTreeMap::new();
        for item in std::fs::read_dir(folder).map_err(failed)? {
            let path = item.map_err(failed)?.path();
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
            let day = name.strip_suffix(".bin").and_then(|d| d.parse().ok());
            let day: u32 = day.ok_or_else(|| VaultError::Name(path.clone()))?;
            let mut file = BufReader::new(File::open(&path).map_err(failed)?);
            let mut at = 0;
            while let Some(sealed) = read_item(&mut file, LONGEST, "evidence")? {
                let leaf = evidence::leaf(election, registrar, day, &sealed);
                let length = sealed.len();
                at += 4;
                places.insert(leaf, Place { day, at, length });
                at += length as u64;
            }
        }
        let folder = folder.to_owned();
        Ok(Self { folder, places })
    }
    /// The leaf hashes.
    pub fn leaves(&self) -> impl Iterator<Item = &Leaf> {
        self.places.keys()
    }
    /// The sealed record with this leaf hash.
    ///
    /// # Errors
    /// [`VaultError`]; none when there is no such record.
    pub fn get(&self, leaf: &Leaf) -> Result<Option<Vec<u8>>, VaultError> {
        let Some(place) = self.places.get(leaf) else {
            return Ok(None);
        };
        let path = self.folder.join(format!("{}.bin", place.day));
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(place.at))?;
            let mut sealed = vec![0; place.length];
            file.read_exact(&mut sealed)?;
            Ok(sealed)
        };
        let sealed = read().map_err(|source| VaultError::Io { path, source })?;
        Ok(Some(sealed))
    }
}

/// Why a registrar's files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The system.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that is not one day's.
    #[error("{0} is not the evidence of a day (DAY.bin)")]
    Name(PathBuf),
    /// A file that ends inside a record.
    #[error("a file of evidence: {0}")]
    Bytes(#[from] RecordError),
}
