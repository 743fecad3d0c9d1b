//! What the voter types: checked and normalised here and nowhere else, before anything is sent;
//! wiped on drop, never printed. The digits leave these types for the card alone.

mod parts;

use core::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::error::CardError;

/// The 4-digit PIN of the authentication certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<[u8; 4]>);

impl Pin {
    /// Takes exactly four digits; full-width digits become ASCII.
    ///
    /// # Errors
    /// [`CardError::PinFormat`]; the card has not been asked and no try is used.
    pub fn parse(typed: &str) -> Result<Self, CardError> {
        digits(typed.chars()).map(Self).ok_or(CardError::PinFormat)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0[..]
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(****)")
    }
}

/// 照合番号B: birth date in the Japanese era (6), year of expiry (4), security code (4).
/// 照合番号A, the My Number, has twelve digits and is no [`NumberB`].
#[derive(Clone, PartialEq, Eq)]
pub struct NumberB(Zeroizing<[u8; 14]>);

impl NumberB {
    /// Takes exactly fourteen digits; full-width digits become ASCII, and spaces and hyphens
    /// between the groups do not matter. Or the three parts, a line each, as people write them: a date
    /// of birth with or without era, separators or the year of the common era, a date or year of
    /// expiry, four digits.
    ///
    /// # Errors
    /// [`CardError::NumberBFormat`]; the card has not been asked and no try is used.
    pub fn parse(typed: &str) -> Result<Self, CardError> {
        let whole = || digits(typed.chars().filter(|c| !is_gap(*c)));
        let mut lines = typed.trim_end_matches('\n').split('\n');
        let parsed = match (lines.next(), lines.next(), lines.next(), lines.next()) {
            (Some(birth), Some(expiry), Some(code), None) => joined(birth, expiry, code),
            _ => whole(),
        };
        parsed.map(Self).ok_or(CardError::NumberBFormat)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0[..]
    }
}

impl fmt::Debug for NumberB {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumberB(**************)")
    }
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '-' | 'ー' | '－')
}

fn joined(birth: &str, expiry: &str, code: &str) -> Option<Zeroizing<[u8; 14]>> {
    let birth = parts::birth(birth)?;
    let expiry = parts::year(expiry)?;
    let code: Zeroizing<[u8; 4]> = digits(code.chars().filter(|c| !is_gap(*c)))?;
    let mut out = Zeroizing::new([0; 14]);
    let all = birth.iter().chain(expiry.iter()).chain(code.iter());
    for (place, digit) in out.iter_mut().zip(all) {
        *place = *digit;
    }
    Some(out)
}

/// No copy of what was typed is made on the way: a character is normalised and put in its place.
fn digits<const N: usize>(typed: impl Iterator<Item = char>) -> Option<Zeroizing<[u8; N]>> {
    let mut out = Zeroizing::new([0; N]);
    let mut normal = typed.nfkc();
    for slot in out.iter_mut() {
        let digit = normal.next().filter(char::is_ascii_digit)?;
        *slot = u8::try_from(digit).ok()?;
    }
    normal.next().is_none().then_some(out)
}

/// Whether a PIN may be shown to a card that has one try left: the voter has to be asked, because
/// a wrong one locks it until they go to the municipal office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastTry {
    /// The voter read about it and agreed.
    Agreed,
    /// Nobody was asked.
    NotAgreed,
}

#[cfg(test)]
mod tests;
