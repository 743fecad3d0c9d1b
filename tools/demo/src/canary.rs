//! Canaries: searches everything that a run left behind for the secrets of the personas, in several
//! spellings. Each match is a finding.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};

use spelling::{KEY, PIECE, SHORT};

mod planted;
mod spelling;

/// Size of the table of starts, as a power of two.
const START_BITS: u32 = 28;

/// What must not be found.
pub struct Canary {
    /// What it is, for the message; never its value.
    pub name: String,
    /// The secret itself.
    pub secret: Vec<u8>,
}

/// One spelling of a piece of a secret, at least [`SHORT`] bytes long.
struct Pattern {
    bytes: Vec<u8>,
    canary: usize,
    spelling: &'static str,
}

/// A piece of a picture, where it lies.
struct Piece {
    start: u64,
    canary: u32,
    at: u32,
}

/// Something found where it must not be.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the canary.
    pub name: String,
    /// How it was spelled.
    pub spelling: &'static str,
    /// File or stream.
    pub place: String,
}

/// All spellings of all canaries, ready to search with.
pub struct Search {
    canaries: Vec<Canary>,
    /// Sorted by their first eight bytes.
    patterns: Vec<Pattern>,
    /// All telling pieces of all pictures, sorted by their first eight bytes.
    pieces: Vec<Piece>,
    starts: Starts,
    /// What is searched standing alone, with everybody whose secret it is.
    words: BTreeMap<Vec<u8>, Vec<(usize, &'static str)>>,
}

impl Search {
    /// Prepares the spellings.
    ///
    /// # Errors
    /// A picture is longer than 4 GiB.
    pub fn new(canaries: Vec<Canary>) -> Result<Self> {
        let mut patterns = Vec::new();
        let mut pieces = Vec::new();
        let mut words: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (canary, one) in canaries.iter().enumerate() {
            for (spelling, word) in spelling::words(&one.secret) {
                words.entry(word).or_default().push((canary, spelling));
            }
            let spelled = spelling::patterns(&one.secret).into_iter();
            patterns.extend(spelled.map(|(spelling, bytes)| Pattern {
                bytes,
                canary,
                spelling,
            }));
            if one.secret.len() > KEY {
                cut(&one.secret, u32::try_from(canary)?, &mut pieces)?;
            }
        }
        patterns.sort_by_key(|pattern| start(&pattern.bytes));
        pieces.sort_unstable_by_key(|piece| piece.start);
        let mut starts = Starts::none();
        let firsts = patterns.iter().filter_map(|one| start(&one.bytes));
        firsts
            .chain(pieces.iter().map(|piece| piece.start))
            .for_each(|key| starts.add(key));
        Ok(Self {
            canaries,
            patterns,
            pieces,
            starts,
            words,
        })
    }

    /// Number of canaries.
    pub fn count(&self) -> usize {
        self.canaries.len()
    }

    /// Searches one stream of bytes.
    pub fn bytes(&self, place: &str, data: &[u8]) -> Vec<Finding> {
        let mut found = Vec::new();
        for (at, window) in data.windows(SHORT).enumerate() {
            if let Some(key) = start(window).filter(|key| self.starts.has(*key)) {
                let rest = data.get(at..).unwrap_or_default();
                self.patterns_at(key, rest, &mut found);
                self.pieces_at(key, rest, &mut found);
            }
        }
        self.words_in(data, &mut found);
        found.sort_unstable();
        found.dedup();
        let finding = |(canary, spelling): (usize, &'static str)| Finding {
            name: self
                .canaries
                .get(canary)
                .map_or_else(String::new, |one| one.name.clone()),
            spelling,
            place: place.to_owned(),
        };
        found.into_iter().map(finding).collect()
    }

    fn patterns_at(&self, key: u64, rest: &[u8], found: &mut Vec<(usize, &'static str)>) {
        let first = self
            .patterns
            .partition_point(|pattern| start(&pattern.bytes) < Some(key));
        let same = self.patterns.iter().skip(first);
        for pattern in same.take_while(|pattern| start(&pattern.bytes) == Some(key)) {
            if rest.starts_with(&pattern.bytes) {
                note(found, pattern.canary, pattern.spelling);
            }
        }
    }

    fn pieces_at(&self, key: u64, rest: &[u8], found: &mut Vec<(usize, &'static str)>) {
        let first = self.pieces.partition_point(|piece| piece.start < key);
        let same = self.pieces.iter().skip(first);
        for piece in same.take_while(|piece| piece.start == key) {
            let (Ok(canary), Ok(at)) = (usize::try_from(piece.canary), usize::try_from(piece.at))
            else {
                continue;
            };
            let picture = self.canaries.get(canary).map(|one| &one.secret);
            let bytes = picture.and_then(|secret| secret.get(at..at + PIECE));
            if bytes.is_some_and(|bytes| rest.starts_with(bytes)) {
                note(found, canary, "raw");
            }
        }
    }

    fn words_in(&self, data: &[u8], found: &mut Vec<(usize, &'static str)>) {
        let mut at = 0;
        for word in data.split(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'.')) {
            let end = at + word.len();
            if let Some(whose) = self.words.get(word)
                && in_text(data, at, end)
            {
                whose.iter().for_each(|(one, how)| note(found, *one, how));
            }
            at = end + 1;
        }
    }

    /// Searches every file below `folder` but those below `own`. Returns how many there were.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn folder(&self, folder: &Path, own: &[PathBuf]) -> Result<(usize, Vec<Finding>)> {
        let files = files(folder, own)?;
        let search = |path: &PathBuf| {
            let data = fs::read(path).with_context(|| path.display().to_string())?;
            Ok(self.bytes(&path.display().to_string(), &data))
        };
        Ok((files.len(), side_by_side(&files, search)?))
    }

    /// Searches named streams.
    ///
    /// # Errors
    /// Never; the signature is that of [`Self::folder`].
    pub fn streams(&self, streams: &[(String, Vec<u8>)]) -> Result<Vec<Finding>> {
        side_by_side(streams, |(name, bytes)| Ok(self.bytes(name, bytes)))
    }
}

/// Which numbers any pattern starts with: a table of bits, one for several numbers.
struct Starts(Vec<u64>);

impl Starts {
    fn none() -> Self {
        Self(vec![0; 1 << (START_BITS - 6)])
    }

    fn place(key: u64) -> (usize, u64) {
        let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - START_BITS);
        (usize::try_from(mixed >> 6).unwrap_or(0), 1 << (mixed & 63))
    }

    fn add(&mut self, key: u64) {
        let (word, bit) = Self::place(key);
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= bit;
        }
    }

    fn has(&self, key: u64) -> bool {
        let (word, bit) = Self::place(key);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

/// Notes a finding, but not the same one many times in a row.
fn note(found: &mut Vec<(usize, &'static str)>, canary: usize, spelling: &'static str) {
    if found.last() != Some(&(canary, spelling)) {
        found.push((canary, spelling));
    }
}

/// The telling pieces of a picture.
fn cut(secret: &[u8], canary: u32, pieces: &mut Vec<Piece>) -> Result<()> {
    for (n, piece) in secret.chunks_exact(PIECE).enumerate() {
        if spelling::telling(piece)
            && let Some(start) = start(piece)
        {
            let at = u32::try_from(n * PIECE)?;
            pieces.push(Piece { start, canary, at });
        }
    }
    Ok(())
}

/// Every file below `folder` but those below `own`.
fn files(folder: &Path, own: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if own.contains(&path) {
                continue;
            }
            let kind = fs::symlink_metadata(&path)?.file_type();
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() {
                files.push(path);
            }
        }
    }
    Ok(files)
}

/// Does something with every item, on all processors.
fn side_by_side<T: Sync>(
    items: &[T],
    search: impl Fn(&T) -> Result<Vec<Finding>> + Sync,
) -> Result<Vec<Finding>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = search(item);
                    if let Ok(mut done) = done.lock() {
                        done.push(result);
                    }
                }
            });
        }
    });
    let done = done.into_inner().ok().context("a search broke off")?;
    anyhow::ensure!(done.len() == items.len(), "a search broke off");
    let found: Result<Vec<Vec<Finding>>> = done.into_iter().collect();
    Ok(found?.into_iter().flatten().collect())
}

/// Whether readable text is around a match. Four digits turn up by chance in megabytes of
/// compressed pictures or ciphertext; where a program wrote them, it wrote text.
fn in_text(data: &[u8], at: usize, end: usize) -> bool {
    const AROUND: usize = 12;
    let before = data.get(at.saturating_sub(AROUND)..at).unwrap_or_default();
    let after = data
        .get(end..data.len().min(end + AROUND))
        .unwrap_or_default();
    let readable = |bytes: &[u8]| {
        core::str::from_utf8(bytes).is_ok_and(|text| {
            !text
                .chars()
                .any(|c| c.is_control() && !c.is_ascii_whitespace())
        })
    };
    // The window may cut a character of up to four bytes at either end.
    (0..4).any(|cut| before.get(cut..).is_none_or(readable))
        && (0..4).any(|cut| {
            let kept = after.len().checked_sub(cut).and_then(|n| after.get(..n));
            kept.is_none_or(readable)
        })
}

fn start(bytes: &[u8]) -> Option<u64> {
    bytes
        .first_chunk::<8>()
        .map(|eight| u64::from_be_bytes(*eight))
}

#[cfg(test)]
mod tests;
