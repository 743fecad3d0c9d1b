//! Changes of good inputs by a fixed rule: the same seed gives the same inputs on every machine.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

/// Longest input that is made.
const LONGEST: usize = 256 * 1024;

/// 32 bytes that matter to readers of points and scalars.
const WORDS: [[u8; 32]; 6] = [
    // identity; zero
    [0; 32],
    // not a canonical field element
    [0xff; 32],
    // ℓ and ℓ − 1, little-endian
    order(0xed),
    order(0xec),
    // p = 2²⁵⁵ − 19, and p + 1, which is the identity written a second way
    field(0xed),
    field(0xee),
];

const fn order(low: u8) -> [u8; 32] {
    [
        low, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]
}

const fn field(low: u8) -> [u8; 32] {
    let mut out = [0xff; 32];
    out[0] = low;
    out[31] = 0x7f;
    out
}

/// Pieces of text and syntax.
const PIECES: [&[u8]; 14] = [
    // か with a combining mark: not NFC
    "か\u{3099}".as_bytes(),
    "\u{2126}".as_bytes(),
    // newer than most Unicode tables
    "\u{1c89}".as_bytes(),
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x80",
    b"\x80\x80\x00",
    b"\x30\x82\xff\xff",
    b"\"",
    b"{",
    b",\"x\":1",
    b"\n\n",
    b"1e999",
];

/// A source of changes.
#[derive(Debug)]
pub struct Mutator(ChaCha8Rng);

impl Mutator {
    /// The run with this number.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below `n` (0 for 0).
    pub fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.0.next_u64() % n).unwrap_or(0)
    }

    /// One of the seeds after one to four changes.
    pub fn next(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let pick = self.below(seeds.len());
        let mut out = seeds.get(pick).cloned().unwrap_or_default();
        // One change finds most; several get behind the first check.
        let rounds = 1 + self.below(8).saturating_sub(4);
        for _ in 0..rounds {
            self.change(&mut out, seeds);
        }
        out.truncate(LONGEST);
        out
    }

    fn change(&mut self, out: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        match self.below(12) {
            0..=2 => self.flip(out),
            3 => self.number(out),
            4 => self.word(out),
            5 => self.cut(out),
            6 => self.remove(out),
            7 => self.repeat(out),
            8 => self.splice(out, seeds),
            9 => self.exchange(out),
            10 => self.piece(out),
            _ => self.byte(out),
        }
    }

    fn place(&mut self, len: usize, size: usize) -> Option<core::ops::Range<usize>> {
        let room = len.checked_sub(size)?;
        let at = self.below(room + 1);
        Some(at..at + size)
    }

    fn write(&mut self, out: &mut [u8], bytes: &[u8]) {
        if let Some(slot) = self
            .place(out.len(), bytes.len())
            .and_then(|r| out.get_mut(r))
        {
            slot.copy_from_slice(bytes);
        }
    }

    fn flip(&mut self, out: &mut [u8]) {
        let at = self.below(out.len());
        let bit = self.below(8);
        if let Some(byte) = out.get_mut(at) {
            *byte ^= 1 << bit;
        }
    }

    fn byte(&mut self, out: &mut [u8]) {
        let [value, ..] = self.0.next_u64().to_le_bytes();
        self.write(out, &[value]);
    }

    /// A boundary number of two, four or eight bytes, in either order.
    fn number(&mut self, out: &mut [u8]) {
        let base = [
            0,
            1,
            0x7f,
            0x80,
            0xff,
            0x7fff,
            0xffff,
            0x7fff_ffff,
            u64::MAX,
        ];
        let n = base.get(self.below(base.len())).copied().unwrap_or(0);
        let n = n.wrapping_add(u64::try_from(self.below(3)).unwrap_or(0));
        let (little, big) = (n.to_le_bytes(), n.to_be_bytes());
        let bytes: &[u8] = match self.below(6) {
            0 => little.get(..2).unwrap_or_default(),
            1 => little.get(..4).unwrap_or_default(),
            2 => &little,
            3 => big.get(6..).unwrap_or_default(),
            4 => big.get(4..).unwrap_or_default(),
            _ => &big,
        };
        self.write(out, bytes);
    }

    fn word(&mut self, out: &mut [u8]) {
        let word = WORDS
            .get(self.below(WORDS.len()))
            .copied()
            .unwrap_or_default();
        self.write(out, &word);
    }

    fn cut(&mut self, out: &mut Vec<u8>) {
        let len = self.below(out.len() + 1);
        out.truncate(len);
    }

    fn slice(&mut self, len: usize) -> core::ops::Range<usize> {
        let longest = [1, 2, 4, 32, 64, 96, 256]
            .get(self.below(7))
            .copied()
            .unwrap_or(1);
        let start = self.below(len);
        start..(start + longest).min(len)
    }

    fn remove(&mut self, out: &mut Vec<u8>) {
        let range = self.slice(out.len());
        drop(out.drain(range));
    }

    fn repeat(&mut self, out: &mut Vec<u8>) {
        let range = self.slice(out.len());
        let copy = out.get(range.clone()).unwrap_or_default().to_vec();
        out.splice(range.start..range.start, copy);
    }

    /// The head of this input and the tail of another.
    fn splice(&mut self, out: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let other = seeds
            .get(self.below(seeds.len()))
            .cloned()
            .unwrap_or_default();
        let at = self.below(out.len().min(other.len()) + 1);
        out.truncate(at);
        out.extend_from_slice(other.get(at..).unwrap_or_default());
    }

    fn exchange(&mut self, out: &mut [u8]) {
        let size = [1, 2, 32, 64].get(self.below(4)).copied().unwrap_or(1);
        let (Some(a), Some(b)) = (self.place(out.len(), size), self.place(out.len(), size)) else {
            return;
        };
        if a.end <= b.start
            && let Some((left, right)) = out.split_at_mut_checked(b.start)
            && let (Some(x), Some(y)) = (left.get_mut(a), right.get_mut(..size))
        {
            x.swap_with_slice(y);
        }
    }

    fn piece(&mut self, out: &mut Vec<u8>) {
        let piece = PIECES
            .get(self.below(PIECES.len()))
            .copied()
            .unwrap_or_default();
        let at = self.below(out.len() + 1);
        if self.below(2) == 0 {
            out.splice(at..at, piece.iter().copied());
        } else {
            self.write(out, piece);
        }
    }
}
