//! Canaries: secrets of the personas are searched for, in several spellings, in everything a run
//! left behind. Each spelling that is found is a finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

/// Length of a pattern. Longer secrets are cut into pieces, so that a part is found too.
const PIECE: usize = 16;
/// Below this length a secret is only searched as a number standing alone.
const SHORT: usize = 8;
/// Pieces searched of one secret; of a longer one every second, third … piece is taken.
const MAX_PIECES: usize = 256;
/// Longest secret that is a key or a number and not a picture.
const KEY: usize = 64;
/// Size of the table of starts, as a power of two.
const START_BITS: u32 = 24;

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
    names: Vec<String>,
    /// Sorted by their first eight bytes.
    patterns: Vec<Pattern>,
    /// Which hashes of eight bytes any pattern starts with.
    starts: Vec<bool>,
    /// Numbers that are searched standing alone.
    numbers: BTreeMap<Vec<u8>, usize>,
}

impl Search {
    /// Prepares the spellings.
    pub fn new(canaries: &[Canary]) -> Self {
        let mut patterns = Vec::new();
        let mut numbers = BTreeMap::new();
        for (n, canary) in canaries.iter().enumerate() {
            if canary.secret.len() < SHORT {
                numbers.insert(canary.secret.clone(), n);
            }
            spell(n, &canary.secret, &mut patterns);
        }
        patterns.retain(|pattern| pattern.bytes.len() >= SHORT);
        patterns.sort_by_key(|pattern| start(&pattern.bytes));
        let mut starts = vec![false; 1 << START_BITS];
        for pattern in &patterns {
            if let Some(seen) = start(&pattern.bytes).and_then(|key| starts.get_mut(hash(key))) {
                *seen = true;
            }
        }
        let names = canaries.iter().map(|canary| canary.name.clone()).collect();
        Self {
            names,
            patterns,
            starts,
            numbers,
        }
    }

    /// Searches one stream of bytes.
    pub fn bytes(&self, place: &str, data: &[u8]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut note = |canary: usize, spelling| {
            let name = self.names.get(canary).cloned().unwrap_or_default();
            let finding = Finding {
                name,
                spelling,
                place: place.to_owned(),
            };
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        };
        for (at, window) in data.windows(SHORT).enumerate() {
            let Some(key) = start(window) else { continue };
            if self.starts.get(hash(key)) != Some(&true) {
                continue;
            }
            let first = self
                .patterns
                .partition_point(|pattern| start(&pattern.bytes) < Some(key));
            let same = self.patterns.iter().skip(first);
            for pattern in same.take_while(|pattern| start(&pattern.bytes) == Some(key)) {
                if data.get(at..at + pattern.bytes.len()) == Some(pattern.bytes.as_slice()) {
                    note(pattern.canary, pattern.spelling);
                }
            }
        }
        let mut at = 0;
        for word in data.split(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'.')) {
            let end = at + word.len();
            if let Some(canary) = self.numbers.get(word)
                && in_text(data, at, end)
            {
                note(*canary, "text");
            }
            at = end + 1;
        }
        findings
    }

    /// Searches every file below `folder` but those below `own`.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn folder(&self, folder: &Path, own: &[PathBuf]) -> Result<(usize, Vec<Finding>)> {
        let mut findings = Vec::new();
        let mut count = 0;
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
                    count += 1;
                    let data = fs::read(&path)?;
                    findings.extend(self.bytes(&path.display().to_string(), &data));
                }
            }
        }
        Ok((count, findings))
    }
}

/// Whether readable text stands around a match. Four digits turn up by chance in megabytes of
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

fn hash(key: u64) -> usize {
    let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - START_BITS);
    usize::try_from(mixed).unwrap_or(0)
}

/// All spellings of one secret.
fn spell(canary: usize, secret: &[u8], patterns: &mut Vec<Pattern>) {
    let mut add = |spelling, bytes: Vec<u8>| {
        patterns.push(Pattern {
            bytes,
            canary,
            spelling,
        });
    };
    let small = secret.len() <= KEY;
    if small && secret.iter().all(u8::is_ascii_graphic) {
        add("UTF-16LE", utf16(secret, true));
        add("UTF-16BE", utf16(secret, false));
    }
    if secret.len() < SHORT {
        add("hex", hex(secret, false));
        return;
    }
    if small {
        add("decimal", decimal(secret));
        let backwards: Vec<u8> = secret.iter().rev().copied().collect();
        add("decimal", decimal(&backwards));
    }
    let mut text = |spelling, wide: &'static str, bytes: Vec<u8>| {
        if small {
            add(wide, utf16(&bytes, true));
            add(wide, utf16(&bytes, false));
        }
        add(spelling, bytes);
    };
    let pieces: Vec<&[u8]> = secret.chunks(PIECE).filter(|one| telling(one)).collect();
    for piece in pieces
        .iter()
        .step_by(pieces.len().div_ceil(MAX_PIECES).max(1))
    {
        let short = piece.get(..SHORT).unwrap_or(piece);
        text("hex", "hex in UTF-16", hex(short, false));
        text("HEX", "hex in UTF-16", hex(short, true));
        for shift in 0..3 {
            for url in [false, true] {
                let letters = base64_inside(piece, shift, url);
                text("base64", "base64 in UTF-16", letters);
            }
        }
        text("raw", "raw in UTF-16", piece.to_vec());
    }
}

/// Long enough, and not the same few values again and again, as in a picture's even parts.
fn telling(piece: &[u8]) -> bool {
    let different: BTreeSet<&u8> = piece.iter().collect();
    piece.len() >= SHORT && different.len() * 2 >= piece.len()
}

fn utf16(text: &[u8], little: bool) -> Vec<u8> {
    let pair = |byte: &u8| if little { [*byte, 0] } else { [0, *byte] };
    text.iter().flat_map(pair).collect()
}

fn hex(bytes: &[u8], upper: bool) -> Vec<u8> {
    let digits: &[u8; 16] = if upper {
        b"0123456789ABCDEF"
    } else {
        b"0123456789abcdef"
    };
    let digit = |n: u8| digits.get(usize::from(n)).copied().unwrap_or(b'0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The letters of base64 that depend on these bytes alone, when `shift` bytes stand before them.
fn base64_inside(bytes: &[u8], shift: usize, url: bool) -> Vec<u8> {
    let tail: &[u8; 2] = if url { b"-_" } else { b"+/" };
    let letter = |n: u8| match n {
        0..=25 => b'A' + n,
        26..=51 => b'a' + n - 26,
        52..=61 => b'0' + n - 52,
        62 => tail[0],
        _ => tail[1],
    };
    let whole = bytes.get((3 - shift) % 3..).unwrap_or_default();
    let mut out = Vec::new();
    for group in whole.chunks_exact(3) {
        let &[a, b, c] = group else { continue };
        out.push(letter(a >> 2));
        out.push(letter((a & 3) << 4 | b >> 4));
        out.push(letter((b & 15) << 2 | c >> 6));
        out.push(letter(c & 63));
    }
    out
}

/// A big-endian number in decimal digits.
fn decimal(bytes: &[u8]) -> Vec<u8> {
    let mut digits = vec![0u8];
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) * 256;
            *digit = u8::try_from(carry % 10).unwrap_or(0);
            carry /= 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).unwrap_or(0));
            carry /= 10;
        }
    }
    digits.iter().rev().map(|digit| b'0' + digit).collect()
}

#[cfg(test)]
mod tests;
