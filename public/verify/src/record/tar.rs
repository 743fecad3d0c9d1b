//! A record as one uncompressed tar (spec 08 §1), here in memory: what a browser has.

use board::record::{ORDER, Source};
use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};

/// Bytes of a tar block.
const BLOCK: u64 = 512;

/// Name → offset and length.
pub(super) type Layout = BTreeMap<String, (u64, u64)>;

/// Why a tar is not a record.
#[derive(Debug)]
pub enum TarError {
    /// It cannot be opened.
    Io(io::Error),
    /// Rule R8.01: not exactly the files of a record in their order, or something besides them.
    Files(String),
}

impl core::fmt::Display for TarError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Io(e) => write!(f, "cannot read the record: {e}"),
            Self::Files(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for TarError {}

/// Lists an archive of `len` bytes.
pub(super) fn layout<R: Read + Seek>(archive: &mut R, len: u64) -> Result<Layout, TarError> {
    let (names, files) =
        list(archive).map_err(|e| TarError::Files(format!("not a tar of a record: {e}")))?;
    if names != ORDER {
        let what = format!("not the files of a record in their order: {names:?}");
        return Err(TarError::Files(what));
    }
    let ends = files
        .values()
        .map(|(offset, size)| offset.saturating_add(size.div_ceil(BLOCK) * BLOCK));
    let end = ends.max().unwrap_or(0);
    let quiet = len >= end.saturating_add(2 * BLOCK) && only_zeros(archive, end);
    if !quiet {
        let what = "the archive does not end with zeros after its last file";
        return Err(TarError::Files(what.to_owned()));
    }
    Ok(files)
}

/// Every header of the archive, extensions too: a record has regular files only.
fn list<R: Read>(archive: &mut R) -> io::Result<(Vec<String>, Layout)> {
    let mut archive = tar::Archive::new(archive);
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
fn only_zeros<R: Read + Seek>(archive: &mut R, from: u64) -> bool {
    let mut look = || -> io::Result<bool> {
        archive.seek(SeekFrom::Start(from))?;
        let mut bytes = BufReader::new(&mut *archive).bytes();
        bytes.try_fold(true, |quiet, b| Ok(quiet && b? == 0))
    };
    look().unwrap_or(false)
}

/// A tar in memory, read in place.
#[derive(Clone, Debug)]
pub struct TarBytes<'a> {
    bytes: &'a [u8],
    files: Layout,
}

impl<'a> TarBytes<'a> {
    /// Lists the files.
    ///
    /// # Errors
    /// [`TarError::Files`].
    pub fn open(bytes: &'a [u8]) -> Result<Self, TarError> {
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let files = layout(&mut Cursor::new(bytes), len)?;
        Ok(Self { bytes, files })
    }
    /// Bytes of one file; 0 when it is not there.
    #[must_use]
    pub fn len(&self, name: &str) -> u64 {
        self.files.get(name).map_or(0, |(_, len)| *len)
    }
    fn file(&self, name: &str) -> Option<&'a [u8]> {
        let (offset, len) = self.files.get(name)?;
        let from = usize::try_from(*offset).ok()?;
        let to = from.checked_add(usize::try_from(*len).ok()?)?;
        self.bytes.get(from..to)
    }
}

impl Source for TarBytes<'_> {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.files.keys().cloned().collect())
    }
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let file = self.file(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(file))
    }
}
