//! Words people read aloud or copy from paper: 1,024 hiragana words, ten bits each (spec 02 §4).
//!
//! The list is the project's own (`docs/spec/words.txt`): everyday words of three or four kana, no
//! two of which become alike by mishearing one kana, a voicing mark or a small kana.

use crate::hash::hash;
use std::sync::OnceLock;

const LIST: &str = include_str!("../../../docs/spec/words.txt");
/// How many words there are.
pub const COUNT: u16 = 1024;
/// Words of a fingerprint that people compare: 60 bits.
pub const SIX: usize = 6;

fn list() -> &'static [&'static str] {
    static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| LIST.split_whitespace().collect())
}

/// All words in the order of their numbers.
pub fn all() -> impl Iterator<Item = &'static str> {
    list().iter().copied()
}

/// The word with this number; there is no word from number 1,024 on.
#[must_use]
pub fn word(number: u16) -> Option<&'static str> {
    list().get(usize::from(number)).copied()
}

/// The number of a word.
#[must_use]
pub fn number(word: &str) -> Option<u16> {
    list()
        .iter()
        .position(|w| *w == word)
        .and_then(|i| u16::try_from(i).ok())
}

/// The words of a bit string: ten bits a word, most significant bit first; a rest is left out.
#[must_use]
pub fn of_bits(bytes: &[u8]) -> Vec<&'static str> {
    let mut out = Vec::new();
    let (mut bits, mut held) = (0u32, 0u32);
    for b in bytes {
        bits = (bits << 8 | u32::from(*b)) & 0xf_ffff;
        held += 8;
        if held >= 10 {
            held -= 10;
            let n = u16::try_from((bits >> held) & 0x3ff).unwrap_or_default();
            out.extend(word(n));
        }
    }
    out
}

/// The six words of a value: the first 60 bits of H("words", value).
#[must_use]
pub fn six(value: &[u8]) -> [&'static str; SIX] {
    let h = hash("words", &[value]);
    let mut out = [""; SIX];
    for (slot, word) in out.iter_mut().zip(of_bits(&h.0)) {
        *slot = word;
    }
    out
}

#[cfg(test)]
mod tests;
