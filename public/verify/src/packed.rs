//! A record as one uncompressed tar in memory: what a browser has.

use crate::layout::{Layout, TarError, layout};
use board::record::Source;
use std::io::{self, Cursor, Read};

/// A tar, read in place.
#[derive(Clone, Debug)]
pub struct Packed<'a> {
    bytes: &'a [u8],
    files: Layout,
}

impl<'a> Packed<'a> {
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

impl Source for Packed<'_> {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.files.keys().cloned().collect())
    }
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let file = self.file(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(file))
    }
}
