//! A text in the three languages every page offers, and what such a text may consist of
//! (rule R1.12).

use crypto::wire::{Reader, Wire, WireError, Writer};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

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

/// What kind of text a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One line: titles and names.
    Line,
    /// Line feeds may stand in it: summaries, addresses, rules in words.
    Paragraph,
}

/// Why a text is refused (rule R1.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing in it.
    Empty,
    /// A blank at its beginning or end.
    Blank,
    /// More combining characters in a row than a letter has: they cover other lines.
    Marks,
    /// A character that nobody sees: control, format, private use, separator, filler, selector.
    Character(char),
}

impl core::fmt::Display for TextFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => write!(f, "a text is empty"),
            Self::Marks => write!(
                f,
                "a text has more than {MAX_MARKS} combining characters in a row"
            ),
            Self::Blank => write!(f, "a text begins or ends with a blank"),
            Self::Character(c) => {
                write!(f, "a text has the character U+{:04X}", u32::from(*c))
            }
        }
    }
}

/// Characters of the Unicode 14.0 categories Cf, Co, Zl and Zp, those that a program may leave out
/// (`Default_Ignorable_Code_Point`) and two that are drawn as nothing, besides the control
/// characters: nobody sees them, or everybody sees something else (spec 01 §4).
const UNSEEN: [(u32, u32); 30] = [
    (0x00ad, 0x00ad),
    (0x034f, 0x034f),
    (0x0600, 0x0605),
    (0x061c, 0x061c),
    (0x06dd, 0x06dd),
    (0x070f, 0x070f),
    (0x0890, 0x0891),
    (0x08e2, 0x08e2),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x206f),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xe000, 0xf8ff),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0x1_10bd, 0x1_10bd),
    (0x1_10cd, 0x1_10cd),
    (0x1_3430, 0x1_3438),
    (0x1_bca0, 0x1_bca3),
    (0x1_d159, 0x1_d159),
    (0x1_d173, 0x1_d17a),
    (0xe_0000, 0xe_0fff),
    (0xf_0000, 0xf_fffd),
    (0x10_0000, 0x10_fffd),
];

/// Most characters of a combining class other than 0 in a row (rule R1.12).
const MAX_MARKS: usize = 3;

/// Whether combining characters are heaped on each other: after the letter they belong to nothing
/// keeps them inside their own line.
fn is_heaped(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|c| {
        run = if canonical_combining_class(c) == 0 {
            0
        } else {
            run + 1
        };
        run > MAX_MARKS
    })
}

fn is_unseen(c: char) -> bool {
    let code = u32::from(c);
    let behind = UNSEEN.partition_point(|(first, _)| *first <= code);
    let range = behind.checked_sub(1).and_then(|i| UNSEEN.get(i));
    c.is_control() || range.is_some_and(|(_, last)| code <= *last)
}

/// Rule R1.12 for one text of one language.
///
/// # Errors
/// The first fault.
pub fn check(text: &str, form: Form) -> Result<(), TextFault> {
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    let allowed = |c: char| !is_unseen(c) || (form == Form::Paragraph && c == '\n');
    if let Some(c) = text.chars().find(|c| !allowed(*c)) {
        return Err(TextFault::Character(c));
    }
    let outside = [text.chars().next(), text.chars().next_back()];
    if outside.into_iter().flatten().any(char::is_whitespace) {
        return Err(TextFault::Blank);
    }
    if is_heaped(text) {
        return Err(TextFault::Marks);
    }
    Ok(())
}

/// Characters that are written in one way and sealed in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recomposed {
    /// As it was written.
    pub written: String,
    /// As NFC has it.
    pub sealed: String,
}

/// Every place at which NFC changes this text: canonical bytes hold the text in NFC, so whoever
/// wrote it sees here what will be sealed instead (a kanji of the compatibility block becomes
/// another one, for example).
#[must_use]
pub fn recomposed(text: &str) -> Vec<Recomposed> {
    let mut parts: Vec<String> = Vec::new();
    for c in text.chars() {
        match parts.last_mut() {
            Some(part) if !begins(c) => part.push(c),
            _ => parts.push(c.into()),
        }
    }
    let changes = parts.into_iter().map(|written| Recomposed {
        sealed: written.nfc().collect(),
        written,
    });
    changes.filter(|c| c.sealed != c.written).collect()
}

/// Whether NFC never joins this character to one before it.
fn begins(c: char) -> bool {
    let quick = is_nfc_quick(std::iter::once(c));
    canonical_combining_class(c) == 0 && quick != IsNormalized::Maybe
}

/// Foreign text as a terminal or a log may get it: characters that rule R1.12 refuses stand as
/// `\u{…}`, so that no text moves the cursor, hides a line or turns its direction. Line feeds too.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// What of a title tells it from another one: NFKC, ASCII capitals as small letters, no blanks.
#[must_use]
pub fn folded(title: &str) -> String {
    let seen = title.nfkc().filter(|c| !c.is_whitespace());
    seen.map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether this is a machine name: graphic ASCII characters, at least one.
#[must_use]
pub fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
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
    /// The languages in the order of the wire.
    #[must_use]
    pub fn languages(&self) -> [&str; 3] {
        [&self.ja, &self.en, &self.plain]
    }
    /// Rule R1.12 in all three languages.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self, form: Form) -> Result<(), TextFault> {
        self.languages().iter().try_for_each(|t| check(t, form))
    }
    /// The same for a text that may be left out: empty in all languages, or in none.
    ///
    /// # Errors
    /// The first fault.
    pub fn check_optional(&self, form: Form) -> Result<(), TextFault> {
        if self.languages().iter().all(|t| t.is_empty()) {
            Ok(())
        } else {
            self.check(form)
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

#[cfg(test)]
mod tests;
