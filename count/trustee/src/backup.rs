//! The backup on paper (spec 02 §5): keys and share as twelve lines of six words, and as a QR code.

mod restore;
mod sheet;

use crypto::words;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Lines of a backup.
pub const LINES: usize = 12;
/// Words of a line: five of data and one that checks them.
pub const PER_LINE: usize = 6;
const DATA: usize = PER_LINE - 1;
/// Bytes: version, number, first 8 of the setup's hash, seed, share, one to check.
const BYTES: usize = 75;
const VERSION: u8 = 1;
/// What the text in the QR code begins with.
pub const QR_PREFIX: &str = "IREFUDA-TRUSTEE-BACKUP:";

/// What a backup holds. Wiped on drop, never printed.
pub struct Backup {
    /// The trustee's number on the roster.
    pub id: u16,
    /// The first 8 bytes of the hash of the `Setup` entry.
    pub setup: [u8; 8],
    pub(crate) seed: Zeroizing<[u8; 32]>,
    pub(crate) share: Zeroizing<[u8; 32]>,
}

impl core::fmt::Debug for Backup {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Backup({})", self.id)
    }
}

/// What is wrong with what was typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// Not twelve lines.
    #[error("{found}行あります。12行が必要です / {found} lines; there must be 12")]
    Lines {
        /// How many there are.
        found: usize,
    },
    /// Not six words in a line.
    #[error(
        "{line}行目：{found}語あります。6語が必要です / line {line}: {found} words; there must be 6"
    )]
    Words {
        /// 1…12.
        line: usize,
        /// How many there are.
        found: usize,
    },
    /// A word that is not on the list.
    #[error(
        "{line}行目の{word}語目「{typed}」は単語表にありません。{hint} / line {line}, word {word} is not on the list"
    )]
    Word {
        /// 1…12.
        line: usize,
        /// 1…6.
        word: usize,
        /// What was typed.
        typed: String,
        /// The nearest words.
        hint: String,
    },
    /// Words of the list, but not those of the paper.
    #[error(
        "{line}行目：どれかの言葉が違うか、行が入れ替わっています / line {line}: a word is wrong, or the line is another one's"
    )]
    Line {
        /// 1…12.
        line: usize,
    },
    /// All lines fit and the whole does not: another version, or lines of different papers.
    #[error(
        "この控えは読めません（別の控えの行が混じっているかもしれません） / lines of different backups, or a version this program does not know"
    )]
    Whole,
    /// Good, but of another election than the board's, or of another trustee.
    #[error(
        "この控えの鍵は、掲示板のどの投票のものでもありません / no election on the board belongs to this backup"
    )]
    Election,
}

fn check_byte(bytes: &[u8]) -> u8 {
    crypto::hash::hash("trustee-backup", &[bytes]).0[0]
}

/// The word that checks a line: the first ten bits of H("trustee-backup-line", line, words).
fn check_word(line: usize, data: &[u16]) -> u16 {
    let line = [u8::try_from(line).unwrap_or(u8::MAX)];
    let bytes: Zeroizing<Vec<u8>> =
        Zeroizing::new(data.iter().flat_map(|n| n.to_le_bytes()).collect());
    let h = crypto::hash::hash("trustee-backup-line", &[&line, &bytes]).0;
    u16::from_be_bytes([h[0], h[1]]) >> 6
}

impl Backup {
    fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut b = Zeroizing::new(Vec::with_capacity(BYTES));
        b.push(VERSION);
        b.push(u8::try_from(self.id).unwrap_or_default());
        b.extend_from_slice(&self.setup);
        b.extend_from_slice(self.seed.as_ref());
        b.extend_from_slice(self.share.as_ref());
        let check = check_byte(&b);
        b.push(check);
        b
    }
    fn from_bytes(bytes: &[u8]) -> Result<Self, BackupError> {
        let (body, check) = bytes
            .split_at_checked(BYTES - 1)
            .ok_or(BackupError::Whole)?;
        if check != [check_byte(body)] || body.first() != Some(&VERSION) {
            return Err(BackupError::Whole);
        }
        let part = |from: usize, to: usize| body.get(from..to).ok_or(BackupError::Whole);
        let secret = |bytes: &[u8]| -> Result<Zeroizing<[u8; 32]>, BackupError> {
            let array = bytes.try_into().map_err(|_| BackupError::Whole)?;
            Ok(Zeroizing::new(array))
        };
        Ok(Self {
            id: part(1, 2)?.first().copied().unwrap_or_default().into(),
            setup: part(2, 10)?.try_into().map_err(|_| BackupError::Whole)?,
            seed: secret(part(10, 42)?)?,
            share: secret(part(42, 74)?)?,
        })
    }
    /// Twelve lines of six words.
    #[must_use]
    pub fn lines(&self) -> Vec<[&'static str; PER_LINE]> {
        let bytes = self.bytes();
        let all = words::of_bits(&bytes);
        let mut out = Vec::with_capacity(LINES);
        for (i, data) in all.chunks(DATA).enumerate() {
            let mut line = [""; PER_LINE];
            let numbers: Vec<u16> = data.iter().filter_map(|w| words::number(w)).collect();
            let check = words::word(check_word(i + 1, &numbers)).unwrap_or_default();
            for (slot, word) in line.iter_mut().zip(data.iter().chain([&check])) {
                *slot = word;
            }
            out.push(line);
        }
        out
    }
    /// What the QR code holds.
    #[must_use]
    pub fn qr_text(&self) -> Zeroizing<String> {
        let hex = Zeroizing::new(crypto::hash::to_hex(&self.bytes()));
        Zeroizing::new(format!("{QR_PREFIX}{}", hex.to_uppercase()))
    }
    /// Reads what a person typed, or what a scanner typed from the QR code. Katakana, half-width
    /// letters, line numbers and any spaces are understood.
    ///
    /// # Errors
    /// [`BackupError`]: which line, which word.
    pub fn parse(text: &str) -> Result<Self, BackupError> {
        let text: Zeroizing<String> = Zeroizing::new(text.nfkc().collect());
        if let Some(hex) = text.trim().strip_prefix(QR_PREFIX) {
            let bytes = crypto::hash::from_hex(&hex.to_lowercase()).ok_or(BackupError::Whole)?;
            return Self::from_bytes(&Zeroizing::new(bytes));
        }
        let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
        if lines.len() != LINES {
            return Err(BackupError::Lines { found: lines.len() });
        }
        let mut bits = Bits::default();
        for (i, line) in lines.iter().enumerate() {
            for n in line_numbers(i + 1, line)? {
                bits.push(n);
            }
        }
        Self::from_bytes(&bits.bytes)
    }
    /// Checks one line as soon as it is typed; `line` is 1…12.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn check_line(line: usize, text: &str) -> Result<(), BackupError> {
        let text: Zeroizing<String> = Zeroizing::new(text.nfkc().collect());
        line_numbers(line, &text).map(drop)
    }
}

#[derive(Default)]
struct Bits {
    bytes: Zeroizing<Vec<u8>>,
    held: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, ten: u16) {
        self.held = (self.held << 10 | u32::from(ten)) & 0x3_ffff;
        self.count += 10;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count) & 0xff;
            self.bytes.push(u8::try_from(byte).unwrap_or_default());
        }
    }
}

/// The five numbers of a line whose sixth word fits.
fn line_numbers(line: usize, text: &str) -> Result<Vec<u16>, BackupError> {
    let typed: Vec<String> = text
        .split(|c: char| !c.is_alphabetic() && c != 'ー')
        .filter(|w| !w.is_empty())
        .map(hiragana)
        .collect();
    if typed.len() != PER_LINE {
        return Err(BackupError::Words {
            line,
            found: typed.len(),
        });
    }
    let mut numbers = Vec::with_capacity(PER_LINE);
    for (i, w) in typed.iter().enumerate() {
        let number = words::number(w).ok_or_else(|| BackupError::Word {
            line,
            word: i + 1,
            typed: w.clone(),
            hint: hint(w),
        })?;
        numbers.push(number);
    }
    let check = numbers.pop();
    if check != Some(check_word(line, &numbers)) {
        return Err(BackupError::Line { line });
    }
    Ok(numbers)
}

fn hiragana(word: &str) -> String {
    let shift = |c: char| match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    };
    word.chars().map(shift).collect()
}

/// Words of the list that differ from this one in one kana.
fn hint(typed: &str) -> String {
    let typed: Vec<char> = typed.chars().collect();
    let near: Vec<&str> = words::all()
        .filter(|w| near(&typed, &w.chars().collect::<Vec<_>>()))
        .take(3)
        .collect();
    if near.is_empty() {
        String::new()
    } else {
        format!("「{}」ではありませんか。", near.join("」「"))
    }
}

/// One kana replaced, missing or too many.
fn near(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    match long.len() - short.len() {
        0 => short.iter().zip(long).filter(|(x, y)| x != y).count() == 1,
        1 => (0..long.len()).any(|i| {
            let without = long.iter().enumerate().filter(|(j, _)| *j != i);
            without.map(|(_, c)| c).eq(short)
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
