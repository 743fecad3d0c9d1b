//! One sorted file of keys and values, written once, deleted with its handle.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Longest key.
pub const MAX_KEY: usize = 112;
/// A line of the index: length of the key, the key with zeros behind it, offset.
const LINE: usize = 2 + MAX_KEY + 8;
/// Bytes after which the index gets a new line.
const BLOCK: u64 = 4096;
/// Length of a key and of a value in front of both.
const HEAD: usize = 6;

/// A key and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

fn odd(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("temporary file: {what}"),
    )
}

fn temporary(folder: Option<&Path>) -> io::Result<File> {
    folder.map_or_else(tempfile::tempfile, tempfile::tempfile_in)
}

/// A finished file.
pub struct SortedFile {
    data: File,
    index: File,
    end: u64,
    lines: u64,
    /// 0 as it came from memory; one more with each merge.
    pub level: u32,
}

/// A file that is being written.
pub struct Writer {
    data: BufWriter<File>,
    index: BufWriter<File>,
    end: u64,
    block: Option<u64>,
    lines: u64,
}

impl Writer {
    /// Begins a file in this folder, or in the system's folder for such files.
    pub fn new(folder: Option<&Path>) -> io::Result<Self> {
        Ok(Self {
            data: BufWriter::with_capacity(64 * 1024, temporary(folder)?),
            index: BufWriter::new(temporary(folder)?),
            end: 0,
            block: None,
            lines: 0,
        })
    }
    /// Adds a pair; keys come in increasing order.
    pub fn push(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        if self.block.is_none_or(|start| self.end - start >= BLOCK) {
            self.block = Some(self.end);
            self.lines += 1;
            let mut line = [0; LINE];
            let (len, rest) = line.split_at_mut(2);
            let (name, offset) = rest.split_at_mut(MAX_KEY);
            len.copy_from_slice(&short(key)?.to_le_bytes());
            name.get_mut(..key.len())
                .ok_or_else(|| odd("a long key"))?
                .copy_from_slice(key);
            offset.copy_from_slice(&self.end.to_le_bytes());
            self.index.write_all(&line)?;
        }
        let long = u32::try_from(value.len()).map_err(|_| odd("a long value"))?;
        self.data.write_all(&short(key)?.to_le_bytes())?;
        self.data.write_all(&long.to_le_bytes())?;
        self.data.write_all(key)?;
        self.data.write_all(value)?;
        self.end += (HEAD + key.len()) as u64 + u64::from(long);
        Ok(())
    }
    /// The file, ready to be read.
    pub fn finish(self, level: u32) -> io::Result<SortedFile> {
        let file = |w: BufWriter<File>| w.into_inner().map_err(io::IntoInnerError::into_error);
        Ok(SortedFile {
            data: file(self.data)?,
            index: file(self.index)?,
            end: self.end,
            lines: self.lines,
            level,
        })
    }
}

fn short(key: &[u8]) -> io::Result<u16> {
    u16::try_from(key.len()).map_err(|_| odd("a long key"))
}

impl SortedFile {
    /// Key and offset of a line of the index.
    fn line(&self, number: u64) -> io::Result<(Vec<u8>, u64)> {
        let mut line = [0; LINE];
        (&self.index).seek(SeekFrom::Start(number * LINE as u64))?;
        (&self.index).read_exact(&mut line)?;
        let (len, rest) = line.split_first_chunk().ok_or_else(|| odd("index"))?;
        let (name, offset) = rest.split_last_chunk().ok_or_else(|| odd("index"))?;
        let len = usize::from(u16::from_le_bytes(*len));
        let key = name.get(..len).ok_or_else(|| odd("index"))?.to_vec();
        Ok((key, u64::from_le_bytes(*offset)))
    }
    /// Where to begin to look for `key`: the last block whose first key is not behind it.
    fn start(&self, key: &[u8]) -> io::Result<u64> {
        let (mut low, mut high, mut found) = (0, self.lines, 0);
        while low < high {
            let middle = low + (high - low) / 2;
            let (first, offset) = self.line(middle)?;
            if first.as_slice() <= key {
                (low, found) = (middle + 1, offset);
            } else {
                high = middle;
            }
        }
        Ok(found)
    }
    /// Everything from the block on in which `key` would be, so a few smaller keys may come
    /// first. One cursor at a time.
    pub fn from(&self, key: &[u8], buffer: usize) -> io::Result<Cursor<'_>> {
        let start = self.start(key)?;
        (&self.data).seek(SeekFrom::Start(start))?;
        Ok(Cursor {
            reader: BufReader::with_capacity(buffer, &self.data),
            left: self.end - start,
        })
    }
    /// The value of a key.
    pub fn get(&self, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let mut cursor = self.from(key, usize::try_from(BLOCK).unwrap_or(4096))?;
        while let Some((found, value)) = cursor.next_pair()? {
            if found.as_slice() >= key {
                return Ok((found == key).then_some(value));
            }
        }
        Ok(None)
    }
}

/// A position in a file.
pub struct Cursor<'f> {
    reader: BufReader<&'f File>,
    left: u64,
}

impl Cursor<'_> {
    /// The next pair.
    pub fn next_pair(&mut self) -> io::Result<Option<Pair>> {
        if self.left == 0 {
            return Ok(None);
        }
        let (mut short, mut long) = ([0; 2], [0; 4]);
        self.reader.read_exact(&mut short)?;
        self.reader.read_exact(&mut long)?;
        let mut key = vec![0; usize::from(u16::from_le_bytes(short))];
        let long = u32::from_le_bytes(long);
        let mut value = vec![0; usize::try_from(long).map_err(|_| odd("a long value"))?];
        self.reader.read_exact(&mut key)?;
        self.reader.read_exact(&mut value)?;
        let all = (HEAD + key.len()) as u64 + u64::from(long);
        self.left = self.left.checked_sub(all).ok_or_else(|| odd("its end"))?;
        Ok(Some((key, value)))
    }
}
