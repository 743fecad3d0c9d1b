//! "Surely new" or "perhaps there", in a fixed amount of memory.

use rand::Rng;

/// Bits of one block: a key touches one cache line.
const BLOCK_BITS: u64 = 512;
/// Bits set for one key.
const PROBES: u32 = 6;
/// Longest key, in words.
const WORDS: usize = 16;

/// A blocked Bloom filter. Its hash has a fresh secret, so that nobody can choose the bytes of a
/// record such that they collide here and make the check slow.
pub struct Bloom {
    bits: Vec<[u64; 8]>,
    secret: [[u128; WORDS + 1]; 2],
}

impl Bloom {
    /// A filter of `bytes` bytes with nothing in it.
    pub fn new(bytes: usize) -> Self {
        Self::with_secret(bytes, &mut rand::rng())
    }
    fn with_secret(bytes: usize, rng: &mut impl Rng) -> Self {
        let mut word = || (u128::from(rng.next_u64()) << 64) | u128::from(rng.next_u64());
        Self {
            bits: vec![[0; 8]; (bytes / 64).max(1)],
            secret: std::array::from_fn(|_| std::array::from_fn(|_| word())),
        }
    }
    /// Multilinear hashing: two keys collide with probability 2⁻⁶⁴ over the secret.
    fn hash(&self, which: usize, key: &[u8]) -> u64 {
        let mut words = key.chunks(8).map(|c| {
            let mut word = [0; 8];
            word.iter_mut().zip(c).for_each(|(w, b)| *w = *b);
            u128::from(u64::from_le_bytes(word))
        });
        let secret = self.secret.get(which).unwrap_or(&[0; WORDS + 1]);
        let (last, secret) = secret.split_last().unwrap_or((&0, &[]));
        let mut sum = last.wrapping_mul(key.len() as u128 + 1);
        for (s, w) in secret.iter().zip(&mut words) {
            sum = sum.wrapping_add(s.wrapping_mul(w));
        }
        debug_assert!(words.next().is_none(), "a key longer than the hash");
        u64::try_from(sum >> 64).unwrap_or(0)
    }
    /// Block and, six times, position in it.
    fn position(&self, key: &[u8]) -> (usize, u64) {
        let blocks = self.bits.len() as u128;
        let block = (u128::from(self.hash(0, key)) * blocks) >> 64;
        (usize::try_from(block).unwrap_or(0), self.hash(1, key))
    }
    fn marks(positions: u64) -> [u64; 8] {
        let mut marks = [0u64; 8];
        for probe in 0..PROBES {
            let bit = (positions >> (9 * probe)) % BLOCK_BITS;
            let word = usize::try_from(bit / 64).unwrap_or(0);
            if let Some(m) = marks.get_mut(word) {
                *m |= 1 << (bit % 64);
            }
        }
        marks
    }
    /// Remembers the key.
    pub fn add(&mut self, key: &[u8]) {
        let (block, positions) = self.position(key);
        if let Some(found) = self.bits.get_mut(block) {
            let marks = Self::marks(positions);
            found.iter_mut().zip(marks).for_each(|(f, m)| *f |= m);
        }
    }
    /// False only if the key was never added.
    pub fn may_hold(&self, key: &[u8]) -> bool {
        let (block, positions) = self.position(key);
        let marks = Self::marks(positions);
        let all = |found: &[u64; 8]| found.iter().zip(marks).all(|(f, m)| f & m == m);
        self.bits.get(block).is_none_or(all)
    }
}

#[cfg(test)]
mod tests;
