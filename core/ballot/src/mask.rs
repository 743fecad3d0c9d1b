//! Masks of a ballot's check lines (spec 03 §1.1): a random number, what it makes of the voter's
//! sum, and the randomness both are encrypted with. All of it follows from the ballot's seed.

use crate::line::Lines;
use crypto::Scalar;
use crypto::wire::{Reader, Wire, WireError, Writer};
use subtle::ConstantTimeLess as _;
use zeroize::Zeroizing;

/// Which of the two encrypted numbers of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The mask a_j, in the ciphertext A_j.
    Mask,
    /// The masked sum b_j = u_j + a_j modulo μ, in B_j.
    Masked,
}

impl Side {
    /// Both, in the order of their bytes.
    pub const BOTH: [Self; 2] = [Self::Mask, Self::Masked];

    /// 0 or 1.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Mask => 0,
            Self::Masked => 1,
        }
    }
}

/// One line's secrets; wiped on drop, never printed.
pub struct Mask {
    a: Zeroizing<u8>,
    b: Zeroizing<u8>,
    carry: Zeroizing<u8>,
    r_a: Zeroizing<Scalar>,
    r_b: Zeroizing<Scalar>,
}

impl core::fmt::Debug for Mask {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Mask(secret)")
    }
}

impl Mask {
    /// The masks of one contest, one a line. No branch and no index depends on the bits.
    #[must_use]
    pub fn of_contest(lines: &Lines, bits: &[u8], seed: &[u8; 32], contest: u16) -> Vec<Self> {
        let one = |(line, sum): (u32, u16)| {
            let modulus = u16::from(lines.modulus().number());
            let hash = hash("mask", seed, contest, line, &[]);
            let a = lines.modulus().residue(&hash);
            let total = sum + u16::from(a);
            let carry = (!total.ct_lt(&modulus)).unwrap_u8();
            let b = total - u16::from(carry) * modulus;
            let r = |side| Zeroizing::new(randomness(seed, contest, line, side));
            Self {
                a: Zeroizing::new(a),
                b: Zeroizing::new(b.to_le_bytes()[0]),
                carry: Zeroizing::new(carry),
                r_a: r(Side::Mask),
                r_b: r(Side::Masked),
            }
        };
        (0u32..).zip(lines.sums(bits)).map(one).collect()
    }
    /// a_j or b_j: below μ.
    #[must_use]
    pub fn value(&self, side: Side) -> u8 {
        match side {
            Side::Mask => *self.a,
            Side::Masked => *self.b,
        }
    }
    /// What A_j or B_j is encrypted with.
    #[must_use]
    pub fn randomness(&self, side: Side) -> &Scalar {
        match side {
            Side::Mask => &self.r_a,
            Side::Masked => &self.r_b,
        }
    }
    /// t_j: 1 when the sum reached μ.
    pub(crate) fn carry(&self) -> u8 {
        *self.carry
    }
}

/// One number and what it was encrypted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenedLine {
    /// Below the modulus of its contest.
    pub value: u8,
    /// The randomness.
    pub r: Scalar,
}

impl OpenedLine {
    /// One side of a line.
    #[must_use]
    pub fn of(mask: &Mask, side: Side) -> Self {
        Self {
            value: mask.value(side),
            r: *mask.randomness(side),
        }
    }
}

impl Wire for OpenedLine {
    fn write(&self, w: &mut Writer) {
        w.u8(self.value);
        self.r.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            value: r.u8()?,
            r: Scalar::read(r)?,
        })
    }
}

fn hash(
    label: &str,
    seed: &[u8; 32],
    contest: u16,
    line: u32,
    more: &[&[u8]],
) -> Zeroizing<[u8; 64]> {
    let (contest, line) = (contest.to_le_bytes(), line.to_le_bytes());
    let mut frames: Vec<&[u8]> = vec![seed, &contest, &line];
    frames.extend(more);
    Zeroizing::new(crypto::hash::hash(label, &frames).0)
}

fn randomness(seed: &[u8; 32], contest: u16, line: u32, side: Side) -> Scalar {
    let hash = hash("mask-randomness", seed, contest, line, &[&[side.byte()]]);
    Scalar::from_bytes_mod_order_wide(&hash)
}

#[cfg(test)]
mod tests;
