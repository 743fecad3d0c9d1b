//! Randomness that a vector writes down: the bytes come in order and run out loudly.

use core::convert::Infallible;
use rand_core::{TryCryptoRng, TryRng};

/// Gives the bytes of a vector's field `random`.
pub struct Stream<'a>(pub &'a [u8]);

impl TryRng for Stream<'_> {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut b = [0; 4];
        self.try_fill_bytes(&mut b)?;
        Ok(u32::from_le_bytes(b))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut b = [0; 8];
        self.try_fill_bytes(&mut b)?;
        Ok(u64::from_le_bytes(b))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        let (head, tail) = self.0.split_at_checked(out.len()).expect("enough bytes");
        out.copy_from_slice(head);
        self.0 = tail;
        Ok(())
    }
}

impl TryCryptoRng for Stream<'_> {}
