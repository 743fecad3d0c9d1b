//! A record as one uncompressed tar with its files in the fixed order.

use board::record::{ORDER, Source};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// Bytes of a tar block.
const BLOCK: u64 = 512;

/// A tar file, read in place.
#[derive(Clone, Debug)]
pub struct Tarball {
    path: PathBuf,
    /// Name → offset and length.
    files: BTreeMap<String, (u64, u64)>,
    names: Vec<String>,
}

/// Why a tar is not a record.
#[derive(Debug)]
pub enum TarError {
    /// It cannot be opened.
    Io(io::Error),
    /// Rule R8.01: not exactly the files of a record in their order, or something beside them.
    Files(String),
}

impl Tarball {
    /// Lists the files.
    ///
    /// # Errors
    /// [`TarError`].
    pub fn open(path: &Path) -> Result<Self, TarError> {
        let file = File::open(path).map_err(TarError::Io)?;
        let len = file.metadata().map_err(TarError::Io)?.len();
        let (names, files) = list(&file).map_err(|e| TarError::Files(e.to_string()))?;
        if names != ORDER {
            let what = format!("not the files of a record in their order: {names:?}");
            return Err(TarError::Files(what));
        }
        let ends = files
            .values()
            .map(|(offset, size)| offset.saturating_add(size.div_ceil(BLOCK) * BLOCK));
        let end = ends.max().unwrap_or(0);
        let quiet = len >= end.saturating_add(2 * BLOCK) && only_zeros(&file, end);
        if !quiet {
            let what = "the archive does not end with zeros after its last file";
            return Err(TarError::Files(what.to_owned()));
        }
        Ok(Self {
            path: path.to_owned(),
            files,
            names,
        })
    }
}

/// Names in their order, and where each file lies.
type Listing = (Vec<String>, BTreeMap<String, (u64, u64)>);

/// Every header of the archive, extensions too: a record has regular files only.
fn list(file: &File) -> io::Result<Listing> {
    let mut archive = tar::Archive::new(file);
    let (mut names, mut files) = (Vec::new(), BTreeMap::new());
    for entry in archive.entries()?.raw(true) {
        let entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !entry.header().entry_type().is_file() {
            let what = format!("{name} is not a regular file");
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        files.insert(name.clone(), (entry.raw_file_position(), entry.size()));
        names.push(name);
        if names.len() > ORDER.len() {
            break;
        }
    }
    Ok((names, files))
}

/// Whether there is nothing but zeros from `from` on.
fn only_zeros(mut file: &File, from: u64) -> bool {
    let mut look = || -> io::Result<bool> {
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = BufReader::new(file).bytes();
        bytes.try_fold(true, |quiet, b| Ok(quiet && b? == 0))
    };
    look().unwrap_or(false)
}

impl Tarball {
    /// Length of a file; 0 if it is not there.
    #[must_use]
    pub fn len(&self, name: &str) -> u64 {
        self.files.get(name).map_or(0, |(_, len)| *len)
    }
}

impl Source for Tarball {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.names.clone())
    }
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let (offset, len) = self.files.get(name).ok_or(io::ErrorKind::NotFound)?;
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(*offset))?;
        Ok(Box::new(BufReader::new(file).take(*len)))
    }
}
