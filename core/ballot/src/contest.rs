//! The shape of a contest and what a voter selects in it.

use crypto::wire::{Reader, Wire, WireError, Writer};
use subtle::{
    Choice, ConditionallySelectable as _, ConstantTimeEq as _, ConstantTimeGreater as _,
    ConstantTimeLess as _,
};
use zeroize::Zeroizing;

/// How many options there are and how many marks are allowed (spec 03 §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    options: u16,
    k_min: u16,
    k_max: u16,
}

impl Shape {
    /// Most options of one contest.
    pub const MAX_OPTIONS: u16 = 100;

    /// Rule R1.01: 2 ≤ n ≤ 100, 0 ≤ `k_min` ≤ `k_max` ≤ n, 1 ≤ `k_max`, `k_min` < n.
    ///
    /// # Errors
    /// [`WireError::Range`].
    pub fn new(options: u16, k_min: u16, k_max: u16) -> Result<Self, WireError> {
        let fits = (2..=Self::MAX_OPTIONS).contains(&options)
            && k_min <= k_max
            && (1..=options).contains(&k_max)
            && k_min < options;
        if fits {
            Ok(Self {
                options,
                k_min,
                k_max,
            })
        } else {
            Err(WireError::Range)
        }
    }
    /// n: options, each with a ciphertext.
    #[must_use]
    pub fn options(&self) -> usize {
        usize::from(self.options)
    }
    /// Fewest marks.
    #[must_use]
    pub fn k_min(&self) -> u16 {
        self.k_min
    }
    /// Most marks.
    #[must_use]
    pub fn k_max(&self) -> u16 {
        self.k_max
    }
    /// Slack bits k_max − k_min: committed, not encrypted.
    #[must_use]
    pub fn slack(&self) -> u16 {
        self.k_max - self.k_min
    }
    /// N = n + slack: committed bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.options() + usize::from(self.slack())
    }
    /// L: check lines, each with two masks and one more committed bit.
    #[must_use]
    pub fn lines(&self) -> usize {
        if self.k_max == 1 { 1 } else { self.options() }
    }
    /// Bytes of one encrypted contest: 64·n + 128·L + 32·(N + L − 1) + 192.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        64 * self.options() + 128 * self.lines() + 32 * (self.bits() + self.lines() - 1) + 192
    }
}

impl Wire for Shape {
    fn write(&self, w: &mut Writer) {
        w.u16(self.options);
        w.u16(self.k_min);
        w.u16(self.k_max);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let (options, k_min, k_max) = (r.u16()?, r.u16()?, r.u16()?);
        Self::new(options, k_min, k_max)
    }
}

/// The marks do not fit the contest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectionError {
    /// An option number that does not exist.
    NoSuchOption,
    /// Fewer marks than `k_min`, or more than `k_max`.
    Count,
}

impl core::fmt::Display for SelectionError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoSuchOption => "no such option",
            Self::Count => "too few or too many marks",
        })
    }
}

impl std::error::Error for SelectionError {}

/// Fills the place of a mark that was not made; no option has this index.
pub const NO_MARK: u16 = u16::MAX;

/// The voter's secret 0/1 vector, slack included. Wiped on drop, never printed.
#[derive(Clone)]
pub struct Selection {
    bits: Zeroizing<Vec<u8>>,
}

impl core::fmt::Debug for Selection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Selection(secret)")
    }
}

impl Selection {
    /// Marks the options with these indices (0-based). Runs the same steps for every choice of
    /// equally many `marks`; where fewer are allowed, fill up to `k_max` with [`NO_MARK`], so that
    /// their number does not show either.
    ///
    /// # Errors
    /// [`SelectionError`].
    pub fn new(shape: &Shape, marks: &[u16]) -> Result<Self, SelectionError> {
        let known = marks.iter().fold(Choice::from(1), |known, mark| {
            known & (mark.ct_lt(&shape.options) | mark.ct_eq(&NO_MARK))
        });
        if !bool::from(known) {
            return Err(SelectionError::NoSuchOption);
        }
        let mut bits = Zeroizing::new(vec![0u8; shape.bits()]);
        let mut count = 0u32;
        for (i, bit) in (0u16..).zip(bits.iter_mut().take(shape.options())) {
            for mark in marks {
                bit.conditional_assign(&1, i.ct_eq(mark));
            }
            count += u32::from(*bit);
        }
        if count < u32::from(shape.k_min) || count > u32::from(shape.k_max) {
            return Err(SelectionError::Count);
        }
        let missing = u32::from(shape.k_max) - count;
        for (j, bit) in (0u32..).zip(bits.iter_mut().skip(shape.options())) {
            *bit = missing.ct_gt(&j).unwrap_u8();
        }
        Ok(Self { bits })
    }
    /// The N secret bits.
    #[must_use]
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }
}

#[cfg(test)]
mod tests;
