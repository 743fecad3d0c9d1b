//! The diagnosis code: what a check found, in six letters that can be read out on the telephone. It says
//! nothing about a person.
//!
//! 25 bits as five digits of Crockford's base 32, then a check digit; of the bits, the highest first:
//! format 5 (this is 1), network 2, clock 1, storage 1, reader service 2, number of readers 2, card 3,
//! certificate 2, tries of the PIN 2, tries of 照合番号B 2, comparing program 1, cameras 2.

use refusal::ErrorCode;

use super::{CameraState, Checkup, Mark, SOON_MS};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Fields with their widths, the highest first. The words of each value are `diagnosis.FIELD_VALUE`.
pub const FIELDS: [(&str, u32); 12] = [
    ("format", 5),
    ("network", 2),
    ("clock", 1),
    ("storage", 1),
    ("service", 2),
    ("readers", 2),
    ("card", 3),
    ("certificate", 2),
    ("pin", 2),
    ("number", 2),
    ("face", 1),
    ("cameras", 2),
];
/// Number of this format.
const FORMAT: u32 = 1;
/// Odd, so that one wrong digit is always noticed, and two exchanged ones nearly always.
const WEIGHTS: [u32; 5] = [1, 3, 5, 7, 9];

/// The code, `ABC-DEF`.
#[must_use]
pub fn write(checkup: &Checkup) -> String {
    let mut bits = 0u32;
    for ((_, width), value) in FIELDS.iter().zip(values(checkup)) {
        bits = (bits << width) | value.min((1 << width) - 1);
    }
    let digits = (0..5).rev().map(|n| (bits >> (5 * n)) & 31);
    let mut digits: Vec<u32> = digits.collect();
    digits.push(check(&digits));
    let mut text: String = digits.iter().map(|d| letter(*d)).collect();
    text.insert(3, '-');
    text
}

/// The fields of a code as somebody read it out: in any case, with or without the dash. None when it is
/// no such code or was misheard.
#[must_use]
pub fn read(typed: &str) -> Option<Vec<(&'static str, u32)>> {
    let typed = typed
        .chars()
        .filter(|c| !matches!(c, '-' | ' ' | '－' | '　'));
    let digits: Vec<u32> = typed.map(digit).collect::<Option<_>>()?;
    let (last, digits) = digits.split_last()?;
    if digits.len() != 5 || check(digits) != *last {
        return None;
    }
    let mut bits = digits.iter().fold(0u32, |bits, digit| (bits << 5) | digit);
    let mut fields = Vec::with_capacity(FIELDS.len());
    for (name, width) in FIELDS.iter().rev() {
        fields.push((*name, bits & ((1 << width) - 1)));
        bits >>= width;
    }
    fields.reverse();
    (fields.first() == Some(&("format", FORMAT))).then_some(fields)
}

fn check(digits: &[u32]) -> u32 {
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    sum % 32
}

fn letter(digit: u32) -> char {
    let at = usize::try_from(digit).unwrap_or(0);
    ALPHABET.get(at).map_or('0', |c| char::from(*c))
}

/// As people write it: o for 0, i and l for 1, full-width letters.
fn digit(c: char) -> Option<u32> {
    let narrow = match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0)?,
        _ => c,
    };
    let c = match narrow.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET.iter().position(|a| char::from(*a) == c)?;
    u32::try_from(at).ok()
}

fn values(checkup: &Checkup) -> [u32; 12] {
    let row = |subject: &str| {
        checkup
            .rows()
            .into_iter()
            .find(|row| row.subject == subject)
    };
    let mark = |subject: &str| match row(subject).map(|row| row.mark) {
        None => 0,
        Some(Mark::Good) => 1,
        Some(Mark::Care) => 2,
        Some(Mark::Bad) => 3,
    };
    let service = match &checkup.reader.readers {
        Ok(_) => 0,
        Err(fault) if fault.code() == ErrorCode::NoReader => 1,
        Err(fault) if fault.code() == ErrorCode::ReaderAccess => 2,
        Err(_) => 3,
    };
    let readers = checkup.reader.readers.as_ref().map_or(0, Vec::len);
    let card = match &checkup.reader.card {
        Ok(card) if card.test_card => 2,
        Ok(_) => 1,
        Err(fault) => match fault.code() {
            ErrorCode::NoCard => 3,
            ErrorCode::WrongCard => 4,
            ErrorCode::ReaderShared => 5,
            ErrorCode::NoCertificate | ErrorCode::PhoneToken => 6,
            _ if checkup.reader.readers.is_err() => 0,
            _ => 7,
        },
    };
    let looked = checkup.reader.card.as_ref().ok();
    let certificate = match looked.map(|card| card.until) {
        None => 0,
        Some(Some(until)) if until > checkup.now + SOON_MS => 1,
        Some(Some(until)) if until > checkup.now => 2,
        Some(_) => 3,
    };
    let few = |tries: Option<u8>| u32::from(tries.unwrap_or(3).min(3));
    let cameras = match &checkup.cameras {
        None => 0,
        Some(all) if all.is_empty() => 2,
        Some(all) if all.iter().any(|one| one.state == CameraState::Good) => 1,
        Some(_) => 3,
    };
    [
        FORMAT,
        mark("network"),
        u32::from(checkup.clock_error.is_some()),
        u32::from(!checkup.storage),
        service,
        u32::try_from(readers).unwrap_or(u32::MAX),
        card,
        certificate,
        few(looked.map(|card| card.pin_tries)),
        few(looked.map(|card| card.number_tries)),
        u32::from(checkup.face == Some(false)),
        cameras,
    ]
}

#[cfg(test)]
mod tests;
