//! A record as one uncompressed tar on disk.

use super::tar::{Layout, TarError, layout};
use board::record::Source;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// A tar on disk, read in place.
#[derive(Clone, Debug)]
pub struct TarFile {
    path: PathBuf,
    files: Layout,
}

impl TarFile {
    /// Lists the files.
    ///
    /// # Errors
    /// [`TarError`].
    pub fn open(path: &Path) -> Result<Self, TarError> {
        let mut file = File::open(path).map_err(TarError::Io)?;
        let len = file.metadata().map_err(TarError::Io)?.len();
        Ok(Self {
            path: path.to_owned(),
            files: layout(&mut file, len)?,
        })
    }
    /// Length of a file; 0 if it is not there.
    #[must_use]
    pub fn len(&self, name: &str) -> u64 {
        self.files.get(name).map_or(0, |(_, len)| *len)
    }
}

impl Source for TarFile {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.files.keys().cloned().collect())
    }
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let (offset, len) = self.files.get(name).ok_or(io::ErrorKind::NotFound)?;
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(*offset))?;
        Ok(Box::new(BufReader::new(file).take(*len)))
    }
}
