//! A record as one uncompressed tar (spec 08 §1), here in memory: what a browser has.

use board::record::{ORDER, Source, tar};
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

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

/// Lists an archive of `len` bytes, which is exactly what [`board::record::tar`] writes.
pub(super) fn layout<R: Read + Seek>(archive: &mut R, len: u64) -> Result<Layout, TarError> {
    let (mut files, mut offset) = (Layout::new(), 0);
    for name in ORDER {
        let mut header = [0; tar::BLOCK];
        read(archive, &mut header)?;
        let size = tar::size_of(&header).filter(|s| tar::header(name, *s) == Some(header));
        let Some(size) = size else {
            let what = format!(
                "the next file of the archive is not {name}, or its header is not the one that a record has"
            );
            return Err(TarError::Files(what));
        };
        let start = offset + BLOCK;
        files.insert(name.to_owned(), (start, size));
        let padding = tar::padding(size);
        offset = start + size + u64::try_from(padding).unwrap_or(BLOCK);
        // Nothing that begins behind the end is looked for.
        if offset > len {
            return Err(torn());
        }
        archive
            .seek(SeekFrom::Start(start + size))
            .map_err(TarError::Io)?;
        zeros(archive, padding)?;
    }
    zeros(archive, tar::END)?;
    if len == offset + 2 * BLOCK {
        Ok(files)
    } else {
        let what = "the archive goes on after its end";
        Err(TarError::Files(what.to_owned()))
    }
}

fn torn() -> TarError {
    TarError::Files("the archive ends too early".to_owned())
}

fn read<R: Read>(archive: &mut R, bytes: &mut [u8]) -> Result<(), TarError> {
    archive.read_exact(bytes).map_err(|e| match e.kind() {
        io::ErrorKind::UnexpectedEof => torn(),
        _ => TarError::Io(e),
    })
}

/// The next `n` bytes, which are zeros.
fn zeros<R: Read>(archive: &mut R, n: usize) -> Result<(), TarError> {
    let mut bytes = vec![0; n];
    read(archive, &mut bytes)?;
    if bytes.iter().all(|b| *b == 0) {
        Ok(())
    } else {
        let what = "the archive holds something between or after its files";
        Err(TarError::Files(what.to_owned()))
    }
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
