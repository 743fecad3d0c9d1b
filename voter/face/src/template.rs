//! The numbers that represent a face. Personal data: wiped, never printed, never stored.

use core::fmt;

use zeroize::Zeroizing;

/// How many numbers a template holds.
pub const TEMPLATE_LEN: usize = 128;

/// A face's description by the engine. Wiped on drop, never printed, no way to serialise it
/// other than the worker's pipe.
///
/// On the heap, so that moving it leaves no copy behind.
pub struct Template(Box<Zeroizing<[f32; TEMPLATE_LEN]>>);

impl Template {
    /// Wraps the engine's numbers; `None` if one of them is not finite.
    #[must_use]
    pub fn new(numbers: [f32; TEMPLATE_LEN]) -> Option<Self> {
        let numbers = Box::new(Zeroizing::new(numbers));
        numbers
            .iter()
            .all(|n| n.is_finite())
            .then_some(Self(numbers))
    }

    /// The numbers, for an engine or the worker's pipe.
    #[must_use]
    pub fn numbers(&self) -> &[f32; TEMPLATE_LEN] {
        &self.0
    }

    /// Euclidean distance.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f32 {
        let squares = self
            .0
            .iter()
            .zip(other.0.iter())
            .map(|(a, b)| (a - b) * (a - b));
        squares.sum::<f32>().sqrt()
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Template(..)")
    }
}
