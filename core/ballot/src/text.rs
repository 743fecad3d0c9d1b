//! A text in the three languages every page offers.

use crypto::wire::{Reader, Wire, WireError, Writer};

/// Japanese, English and やさしい日本語.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
    /// やさしい日本語 (plain Japanese).
    pub plain: String,
}

impl Text {
    /// Longest text of one language, in bytes.
    pub const MAX: usize = 8 * 1024;

    /// All three languages.
    #[must_use]
    pub fn new(ja: &str, en: &str, plain: &str) -> Self {
        Self {
            ja: ja.to_owned(),
            en: en.to_owned(),
            plain: plain.to_owned(),
        }
    }
}

impl Wire for Text {
    fn write(&self, w: &mut Writer) {
        w.text(&self.ja);
        w.text(&self.en);
        w.text(&self.plain);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            ja: r.text(Self::MAX)?,
            en: r.text(Self::MAX)?,
            plain: r.text(Self::MAX)?,
        })
    }
}
