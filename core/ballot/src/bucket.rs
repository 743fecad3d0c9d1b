//! Buckets of voting keys (spec 05 §7.1): whoever asks a node for a bucket says no more than that
//! one of its many keys may be theirs.

use crypto::Point;
use std::ops::RangeInclusive;

/// Bits of an encoded key that name a bucket at most. The lowest bit of the first byte is 0 in every
/// encoding and counts nowhere.
pub const MAX_BITS: u8 = 16;
/// Bits of the first three bytes without that lowest one.
const USED: u32 = 23;

/// The bucket of a voting key: the first `bits` bits of its encoding read big-endian, the lowest bit
/// of the first byte left out. The order of buckets is that of the encodings.
///
/// `bits` above [`MAX_BITS`] count as [`MAX_BITS`].
#[must_use]
pub fn bucket_of(vk: &Point, bits: u8) -> u32 {
    let [a, b, c, ..] = *vk.as_bytes();
    let leading = (u32::from(a >> 1) << 16) | (u32::from(b) << 8) | u32::from(c);
    leading >> (USED - u32::from(bits.min(MAX_BITS)))
}

/// The encodings that lie in a bucket, the first and the last possible one; none when there is no
/// bucket of this number.
#[must_use]
pub fn keys_of(index: u32, bits: u8) -> Option<RangeInclusive<[u8; 32]>> {
    let bits = u32::from(bits.min(MAX_BITS));
    if index >> bits != 0 {
        return None;
    }
    let shift = USED - bits;
    let first = index << shift;
    let last = first | ((1 << shift) - 1);
    Some(key(first, 0)..=key(last, u8::MAX))
}

/// The bytes with these leading bits and this in all others.
fn key(leading: u32, rest: u8) -> [u8; 32] {
    let [_, a, b, c] = leading.to_be_bytes();
    let mut out = [rest; 32];
    out[0] = a << 1;
    out[1] = b;
    out[2] = c;
    out
}

#[cfg(test)]
mod tests;
