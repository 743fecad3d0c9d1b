//! A record as one uncompressed tar with its files in the fixed order.

use board::record::{ORDER, Source};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// A tar file, read in place.
#[derive(Clone, Debug)]
pub struct Tarball {
    path: PathBuf,
    /// Name → offset and length.
    files: BTreeMap<String, (u64, u64)>,
    names: Vec<String>,
}

impl Tarball {
    /// Lists the files.
    ///
    /// # Errors
    /// It cannot be read or is no tar; a file stands in the wrong order.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut archive = tar::Archive::new(File::open(path)?);
        let (mut files, mut names) = (BTreeMap::new(), Vec::new());
        for entry in archive.entries()? {
            let entry = entry?;
            if entry.header().entry_type().is_dir() {
                continue;
            }
            let name = entry.path()?.to_string_lossy().into_owned();
            files.insert(name.clone(), (entry.raw_file_position(), entry.size()));
            names.push(name);
        }
        if names != ORDER {
            let what = "not the files of a record in their order (R8.01)";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(Self {
            path: path.to_owned(),
            files,
            names,
        })
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
