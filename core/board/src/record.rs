//! The public record: a folder (or tar) anyone can check (conventions D3, spec 08).
//!
//! `manifest.bin` the sealed manifest; `blocks.bin` headers from genesis on; `entries.bin` every
//! entry as u32 length + bytes, in chain order; `finality.bin` certificates as u32 length + bytes,
//! by height; `view/*.json` generated from the state. No other file.

pub mod tar;
mod view;

pub use view::{each_view, views};

use crate::finality::{self, FinalityError};
use crate::header::{
    EMPTY_BLOCK_BYTES, Header, MAX_BLOCK_BYTES, MAX_ENTRIES, MAX_ENTRY_BYTES, room_of,
};
use crate::rules;
use crate::state::BlockError;
use ballot::manifest::ManifestError;
use crypto::Rule;
use crypto::wire::TopLevel as _;
use std::collections::BTreeMap;
use std::io::{self, Read, Write};

/// The sealed manifest.
pub const MANIFEST: &str = "manifest.bin";
/// Entries.
pub const ENTRIES: &str = "entries.bin";
/// Headers.
pub const BLOCKS: &str = "blocks.bin";
/// Certificates.
pub const FINALITY: &str = "finality.bin";
/// All files, in their order in a tar.
pub const ORDER: [&str; 7] = [
    MANIFEST,
    ENTRIES,
    BLOCKS,
    FINALITY,
    "view/counted.json",
    "view/election.json",
    "view/result.json",
];

/// Why a record is refused.
#[derive(Debug)]
pub enum RecordError {
    /// A file cannot be read.
    Io(io::Error),
    /// Rule R8.01: a file is missing, or one is there that does not belong.
    Files(String),
    /// Rule R8.02: a file is not a sequence of whole items.
    Bytes(&'static str),
    /// Rule R8.03: the first block is not the genesis of the network it names.
    Genesis,
    /// Rule R8.04: certificates out of order or left over, or the last block is not certified.
    Certificates,
    /// Rules R6.20–R6.25: a certificate.
    Finality {
        /// Height of the header it is about.
        height: u64,
        /// Why.
        error: FinalityError,
    },
    /// Rules of R5, R6 and what they call: a block.
    Block {
        /// Its height.
        height: u64,
        /// Why.
        error: BlockError,
    },
    /// Rules R1.02–R1.09: the manifest itself.
    Manifest(ManifestError),
    /// Rule R8.05: the manifest is not the one sealed on the board.
    Sealed,
    /// Rule R8.06: a view is not what the board gives.
    View(String),
}

impl RecordError {
    /// The rule's number; none when a file cannot be read at all.
    #[must_use]
    pub fn rule(&self) -> Option<Rule> {
        Some(match self {
            Self::Io(_) => return None,
            Self::Files(_) => rules::RECORD_FILES,
            Self::Bytes(_) => rules::RECORD_BYTES,
            Self::Genesis => rules::RECORD_GENESIS,
            Self::Certificates => rules::RECORD_CERTIFICATES,
            Self::Finality { error, .. } => error.rule(),
            Self::Block { error, .. } => error.rule(),
            Self::Manifest(e) => e.rule(),
            Self::Sealed => rules::RECORD_SEALED,
            Self::View(_) => rules::RECORD_VIEW,
        })
    }
}

impl core::fmt::Display for RecordError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Io(e) => write!(f, "cannot read the record: {e}"),
            Self::Files(name) => write!(f, "missing or unknown file {name} (R8.01)"),
            Self::Bytes(name) => write!(f, "{name} is not a sequence of whole items (R8.02)"),
            Self::Genesis => f.write_str("the first block is not a genesis block (R8.03)"),
            Self::Certificates => {
                f.write_str("certificates do not cover the chain in order (R8.04)")
            }
            Self::Finality { height, error } => write!(f, "block {height}: {error}"),
            Self::Block { height, error } => write!(f, "block {height}: {error}"),
            Self::Manifest(e) => write!(f, "{e}"),
            Self::Sealed => f.write_str("manifest.bin is not sealed on the board (R8.05)"),
            Self::View(name) => write!(f, "{name} is not what the board gives (R8.06)"),
        }
    }
}

impl std::error::Error for RecordError {}

impl From<io::Error> for RecordError {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

/// Where the files of a record come from.
pub trait Source {
    /// Names of all files, relative, with `/`.
    ///
    /// # Errors
    /// Whatever the medium says.
    fn names(&self) -> io::Result<Vec<String>>;
    /// Opens one file.
    ///
    /// # Errors
    /// Whatever the medium says.
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>>;
}

/// A record in memory, by file name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory(pub BTreeMap<String, Vec<u8>>);

impl Source for Memory {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        match self.0.get(name) {
            Some(bytes) => Ok(Box::new(bytes.as_slice())),
            None => Err(io::Error::new(io::ErrorKind::NotFound, name.to_owned())),
        }
    }
}

/// Rule R8.01: exactly the files of [`ORDER`].
///
/// # Errors
/// [`RecordError::Files`].
pub fn check_names(source: &dyn Source) -> Result<(), RecordError> {
    let mut names = source.names()?;
    names.sort();
    let mut wanted = ORDER.map(str::to_owned).to_vec();
    wanted.sort();
    if names == wanted {
        return Ok(());
    }
    let odd = names.iter().find(|n| !wanted.contains(n));
    let missing = wanted.iter().find(|w| !names.contains(w));
    let name = odd.or(missing).map_or("(twice)", String::as_str);
    Err(RecordError::Files(name.to_owned()))
}

/// Reads exactly `buf`, or nothing at the end of the file.
fn read_whole(r: &mut dyn Read, buf: &mut [u8], file: &'static str) -> Result<bool, RecordError> {
    let mut done = 0;
    while let Some(rest) = buf.get_mut(done..).filter(|r| !r.is_empty()) {
        match r.read(rest) {
            Ok(0) if done == 0 => return Ok(false),
            Ok(0) => return Err(RecordError::Bytes(file)),
            Ok(n) => done += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(RecordError::Io(e)),
        }
    }
    Ok(true)
}

/// The next item of a file of u32 length + bytes.
///
/// # Errors
/// [`RecordError::Bytes`], [`RecordError::Io`].
pub fn read_item(
    r: &mut dyn Read,
    max: usize,
    file: &'static str,
) -> Result<Option<Vec<u8>>, RecordError> {
    let mut len = [0; 4];
    if !read_whole(r, &mut len, file)? {
        return Ok(None);
    }
    let len = usize::try_from(u32::from_le_bytes(len)).unwrap_or(usize::MAX);
    if len > max {
        return Err(RecordError::Bytes(file));
    }
    let mut bytes = vec![0; len];
    if len > 0 && !read_whole(r, &mut bytes, file)? {
        return Err(RecordError::Bytes(file));
    }
    Ok(Some(bytes))
}

/// A header and the bytes of its entries.
pub type HeaderAndEntries = (Header, Vec<Vec<u8>>);

/// Headers, entries and certificates of a record, one after the other.
pub struct RecordReader<'a> {
    blocks: Box<dyn Read + 'a>,
    entries: Box<dyn Read + 'a>,
    finality: Box<dyn Read + 'a>,
}

impl core::fmt::Debug for RecordReader<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RecordReader")
    }
}

impl<'a> RecordReader<'a> {
    /// Opens the three chain files.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn open(source: &'a dyn Source) -> Result<Self, RecordError> {
        Ok(Self {
            blocks: source.open(BLOCKS)?,
            entries: source.open(ENTRIES)?,
            finality: source.open(FINALITY)?,
        })
    }
    /// The next header and its entries; none at the end, when no entry may be left either.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn next_block(&mut self) -> Result<Option<HeaderAndEntries>, RecordError> {
        let mut bytes = [0; Header::LEN];
        if !read_whole(&mut *self.blocks, &mut bytes, BLOCKS)? {
            return match self.entry()? {
                None => Ok(None),
                Some(_) => Err(RecordError::Bytes(ENTRIES)),
            };
        }
        let header = Header::from_bytes(&bytes).map_err(|_| RecordError::Bytes(BLOCKS))?;
        let too_large = RecordError::Block {
            height: header.height,
            error: BlockError::Block(rules::BLOCK_SIZE),
        };
        if usize::try_from(header.count).is_ok_and(|n| n > MAX_ENTRIES) {
            return Err(too_large);
        }
        let (mut entries, mut size) = (Vec::new(), EMPTY_BLOCK_BYTES);
        for _ in 0..header.count {
            let entry = self.entry()?.ok_or(RecordError::Bytes(ENTRIES))?;
            size += room_of(entry.len());
            if size > MAX_BLOCK_BYTES {
                return Err(too_large);
            }
            entries.push(entry);
        }
        Ok(Some((header, entries)))
    }
    fn entry(&mut self) -> Result<Option<Vec<u8>>, RecordError> {
        read_item(&mut *self.entries, MAX_ENTRY_BYTES, ENTRIES)
    }
    /// The next certificate.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn next_certificate(&mut self) -> Result<Option<Vec<u8>>, RecordError> {
        read_item(&mut *self.finality, finality::MAX_BYTES, FINALITY)
    }
}

/// Writes the chain files block by block, genesis first.
#[derive(Debug)]
pub struct RecordWriter<W> {
    /// `blocks.bin`.
    pub blocks: W,
    /// `entries.bin`.
    pub entries: W,
    /// `finality.bin`.
    pub finality: W,
}

impl<W: Write> RecordWriter<W> {
    /// Adds a block and its certificate, if it has one of its own.
    ///
    /// # Errors
    /// Whatever the medium says.
    pub fn push<E: AsRef<[u8]>>(
        &mut self,
        header: &Header,
        entries: &[E],
        certificate: Option<&[u8]>,
    ) -> io::Result<()> {
        self.blocks.write_all(&header.to_bytes())?;
        for e in entries {
            write_item(&mut self.entries, e.as_ref())?;
        }
        certificate.map_or(Ok(()), |c| write_item(&mut self.finality, c))
    }
}

/// Writes u32 length + bytes.
fn write_item<W: Write>(w: &mut W, bytes: &[u8]) -> io::Result<()> {
    let len = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    w.write_all(&len.to_le_bytes())?;
    w.write_all(bytes)
}
