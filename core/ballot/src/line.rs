//! Check lines: sums that a voter can verify by eye (spec 03 §1.1). They follow from the manifest
//! alone.

use crate::contest::Shape;

/// What the sums of a contest are taken modulo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modulus {
    /// Several marks: each option is a line of its own.
    Two,
    /// One mark: its printed number has two digits.
    Hundred,
}

impl Modulus {
    /// μ.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Two => 2,
            Self::Hundred => 100,
        }
    }
    /// A hash, read as a little-endian integer, modulo μ.
    pub(crate) fn residue(self, hash: &[u8; 64]) -> u8 {
        match self {
            Self::Two => hash[0] & 1,
            Self::Hundred => {
                // The divisor is a constant, so this compiles to a multiplication: the time of a
                // division may depend on its operands.
                let rest = hash
                    .iter()
                    .rev()
                    .fold(0u32, |r, b| (r * 256 + u32::from(*b)) % 100);
                rest.to_le_bytes()[0]
            }
        }
    }
}

/// The check lines of one contest: u_j = Σ w_ji·v_i modulo μ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    modulus: Modulus,
    /// Of each line the options that count in it, with their weights.
    rows: Vec<Vec<(usize, u16)>>,
}

impl Lines {
    /// One line of the printed `numbers` where one mark is made, otherwise one line an option.
    ///
    /// A sealed manifest's numbers are different, one for each option, and below 100 where one mark
    /// is made (rule R1.13).
    #[must_use]
    pub fn new(shape: &Shape, numbers: &[u16]) -> Self {
        let options = 0..shape.options();
        if shape.k_max() == 1 {
            Self {
                modulus: Modulus::Hundred,
                rows: vec![options.zip(numbers.iter().copied()).collect()],
            }
        } else {
            Self {
                modulus: Modulus::Two,
                rows: options.map(|i| vec![(i, 1)]).collect(),
            }
        }
    }
    /// μ.
    #[must_use]
    pub fn modulus(&self) -> Modulus {
        self.modulus
    }
    /// The lines, each as options and weights.
    #[must_use]
    pub fn rows(&self) -> &[Vec<(usize, u16)>] {
        &self.rows
    }
    /// u_j of every line. The same steps for all bits.
    pub(crate) fn sums(&self, bits: &[u8]) -> impl Iterator<Item = u16> {
        self.rows.iter().map(|row| {
            let term = |(i, w): &(usize, u16)| w * u16::from(bits.get(*i).copied().unwrap_or(0));
            row.iter().map(term).sum()
        })
    }
}

#[cfg(test)]
mod tests;
