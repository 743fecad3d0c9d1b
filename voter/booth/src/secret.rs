//! What the voter types. Wiped on drop, never printed, never sent anywhere but to the card.

use core::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The 4-digit PIN of the user-authentication certificate.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Exactly four digits, full-width digits included; anything else is no PIN and is not
    /// shown to the card, so no try is used.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        digits(typed, 4).map(Self)
    }

    /// The digits, for the card alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(****)")
    }
}

/// 照合番号B: birth date (6), year of expiry (4), security code (4).
#[derive(Clone)]
pub struct NumberB(Zeroizing<String>);

impl NumberB {
    /// Exactly fourteen digits; spaces and hyphens between the groups do not matter.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let joined: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .filter(|c| !matches!(c, ' ' | '\u{3000}' | '-' | 'ー' | '－'))
                .collect(),
        );
        digits(&joined, 14).map(Self)
    }

    /// The digits, for the card alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NumberB {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumberB(**************)")
    }
}

fn digits(typed: &str, wanted: usize) -> Option<Zeroizing<String>> {
    if typed.len() > 4 * 64 {
        return None;
    }
    // Reserved in full at once, so that growing leaves no copy behind.
    let mut plain = Zeroizing::new(String::with_capacity(64));
    for c in typed.nfkc() {
        if !c.is_ascii_digit() || plain.len() == wanted {
            return None;
        }
        plain.push(c);
    }
    (plain.len() == wanted).then_some(plain)
}

#[cfg(test)]
mod tests;
