//! What the voter types: checked and normalised here and nowhere else, before anything is sent;
//! wiped on drop, never printed. The digits leave these types for the card alone.

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
    /// between the groups do not matter.
    ///
    /// # Errors
    /// [`CardError::NumberBFormat`]; the card has not been asked and no try is used.
    pub fn parse(typed: &str) -> Result<Self, CardError> {
        let gap = |c: &char| matches!(c, ' ' | '\u{3000}' | '-' | 'ー' | '－');
        digits(typed.chars().filter(|c| !gap(c)))
            .map(Self)
            .ok_or(CardError::NumberBFormat)
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
