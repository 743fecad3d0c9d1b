//! Canaries: secrets of the personas are searched for, in several spellings, in everything a run
//! left behind. Each spelling that is found is a finding.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

/// Length of a pattern. Longer secrets are cut into pieces, so that a part is found too.
const PIECE: usize = 16;
/// Below this length a secret is only searched as a number standing alone.
const SHORT: usize = 8;

/// Bits of [`bucket`].
const BUCKET_BITS: u32 = 20;

/// What must not be found.
pub struct Canary {
    /// What it is, for the message; never its value.
    pub name: String,
    /// The secret itself.
    pub secret: Vec<u8>,
}

/// One spelling of a piece of a secret.
struct Pattern {
    bytes: Vec<u8>,
    canary: usize,
    spelling: &'static str,
    alone: bool,
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
    patterns: Vec<Pattern>,
    /// Patterns by a hash of their first four bytes.
    by_start: Vec<Vec<u32>>,
}

impl Search {
    /// Prepares the spellings.
    pub fn new(canaries: &[Canary]) -> Self {
        let mut patterns = Vec::new();
        for (n, canary) in canaries.iter().enumerate() {
            spell(n, &canary.secret, &mut patterns);
        }
        let mut by_start = vec![Vec::new(); 1 << BUCKET_BITS];
        for (n, pattern) in patterns.iter().enumerate() {
            if let (Some(start), Ok(n)) = (pattern.bytes.first_chunk(), u32::try_from(n))
                && let Some(list) = by_start.get_mut(bucket(*start))
            {
                list.push(n);
            }
        }
        let names = canaries.iter().map(|canary| canary.name.clone()).collect();
        Self {
            names,
            patterns,
            by_start,
        }
    }

    /// Searches one stream of bytes.
    pub fn bytes(&self, place: &str, data: &[u8]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (at, start) in data.array_windows().enumerate() {
            let Some(list) = self.by_start.get(bucket(*start)) else {
                continue;
            };
            for n in list {
                let Some(pattern) = usize::try_from(*n).ok().and_then(|n| self.patterns.get(n))
                else {
                    continue;
                };
                if !matches(pattern, data, at) {
                    continue;
                }
                let finding = Finding {
                    name: self.names.get(pattern.canary).cloned().unwrap_or_default(),
                    spelling: pattern.spelling,
                    place: place.to_owned(),
                };
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
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

/// Where patterns that start with these four bytes are listed.
fn bucket(start: [u8; 4]) -> usize {
    let mixed = u32::from_le_bytes(start).wrapping_mul(0x9e37_79b1) >> (32 - BUCKET_BITS);
    usize::try_from(mixed).unwrap_or(0)
}

fn matches(pattern: &Pattern, data: &[u8], at: usize) -> bool {
    let end = at + pattern.bytes.len();
    if data.get(at..end) != Some(pattern.bytes.as_slice()) {
        return false;
    }
    let word =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
    let before = at.checked_sub(1).and_then(|before| data.get(before));
    !pattern.alone || !(word(before) || word(data.get(end)))
}

/// All spellings of one secret.
fn spell(canary: usize, secret: &[u8], patterns: &mut Vec<Pattern>) {
    let mut add = |spelling, bytes: Vec<u8>, alone| {
        patterns.push(Pattern {
            bytes,
            canary,
            spelling,
            alone,
        });
    };
    let utf16 = |little: bool| -> Vec<u8> {
        let pair = |byte: &u8| if little { [*byte, 0] } else { [0, *byte] };
        secret.iter().flat_map(pair).collect()
    };
    if secret.len() < SHORT {
        add("text", secret.to_vec(), true);
        add("UTF-16LE", utf16(true), false);
        add("UTF-16BE", utf16(false), false);
        add("hex", hex(secret, false), false);
        return;
    }
    if secret.len() <= 40 && secret.iter().all(|byte| byte.is_ascii_graphic()) {
        add("UTF-16LE", utf16(true), false);
        add("UTF-16BE", utf16(false), false);
    }
    if (SHORT..=24).contains(&secret.len()) {
        add("decimal", decimal(secret), false);
    }
    let mut rest = secret;
    while rest.len() >= SHORT {
        let (piece, after) = rest.split_at(rest.len().min(PIECE));
        add("raw", piece.to_vec(), false);
        let short = piece.get(..SHORT).unwrap_or(piece);
        add("hex", hex(short, false), false);
        add("HEX", hex(short, true), false);
        for shift in 0..3 {
            for url in [false, true] {
                let text = base64_inside(piece, shift, url);
                if text.len() >= SHORT {
                    add("base64", text, false);
                }
            }
        }
        rest = after;
    }
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
