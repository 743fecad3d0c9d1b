//! Encrypt and prove, the same code natively and in the browser.

use ballot::contest::{Selection, SelectionError, Shape};
use ballot::proof::{Context, Key, prove};
use crypto::{Hash, Point};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

/// Options of the one contest that is encrypted.
pub const OPTIONS: u16 = 12;

/// A contest and a choice.
#[derive(Debug)]
pub struct Work {
    key: Key,
    context: Context,
    selection: Selection,
    rng: ChaCha20Rng,
}

impl Work {
    /// A contest with [`OPTIONS`] options, one mark.
    ///
    /// # Errors
    /// Never; the shape is fixed.
    pub fn new() -> Result<Self, SelectionError> {
        let joint = Point::base();
        let shape = Shape::new(OPTIONS, 1, 1).map_err(|_| SelectionError::Count)?;
        let numbers: Vec<u16> = (1..=OPTIONS).collect();
        Ok(Self {
            key: Key::new(shape, &numbers, joint),
            context: Context {
                election: Hash::ZERO,
                contest: 0,
                vk: joint,
                seq: 1,
                prev: Hash::ZERO,
                pictures: [0, 1],
            },
            selection: Selection::new(&shape, &[3])?,
            rng: ChaCha20Rng::from_seed([7; 32]),
        })
    }
    /// Encrypts and proves `times` contests; returns a byte of them, so that nothing is left out.
    pub fn run(&mut self, times: u32) -> u8 {
        (0..times).fold(0, |sum, _| {
            let c = prove(
                &self.key,
                &self.context,
                &self.selection,
                &[1; 32],
                &mut self.rng,
            );
            sum ^ c.z.as_bytes().first().copied().unwrap_or(0)
        })
    }
}
