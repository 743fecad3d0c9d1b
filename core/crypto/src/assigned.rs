//! The characters that text may have: those assigned in Unicode 14.0 (spec 01 §2).
//!
//! Whether a string is in NFC depends on the tables of a build if the string may hold characters
//! that only a later Unicode defines. For assigned characters every version from 14.0 on
//! gives the same answer, so two builds never disagree about a block.

use std::sync::OnceLock;

const TABLE: &str = include_str!("../../../docs/spec/assigned-14.txt");

/// First and last code point of each range, in order.
fn ranges() -> &'static [(u32, u32)] {
    static RANGES: OnceLock<Vec<(u32, u32)>> = OnceLock::new();
    RANGES.get_or_init(|| {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(range).collect()
    })
}

/// Reads `FIRST..LAST`.
fn range(line: &str) -> Option<(u32, u32)> {
    let (first, last) = line.split_once("..")?;
    let number = |hex| u32::from_str_radix(hex, 16).ok();
    Some((number(first)?, number(last)?))
}

/// Whether a character is assigned in Unicode 14.0. Private use is, noncharacters are not.
#[must_use]
pub fn is_assigned(c: char) -> bool {
    let c = u32::from(c);
    let ranges = ranges();
    let behind = ranges.partition_point(|(first, _)| *first <= c);
    let range = behind.checked_sub(1).and_then(|i| ranges.get(i));
    range.is_some_and(|(_, last)| c <= *last)
}

#[cfg(test)]
mod tests;
