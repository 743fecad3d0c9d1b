//! Aggregate, partial decryption, combination, discrete logarithm (spec 07).
//!
//! Pure: the board calls it to judge shares and result, trustees to make them, `verify` to redo
//! everything.
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

mod aggregate;
mod combine;
mod dlog;
pub mod rules;
mod share;

pub use aggregate::{Aggregate, AggregateError};
pub use combine::{CombineError, combine};
pub use dlog::DiscreteLog;
pub use share::{PartialDecryption, ShareError, Target};

/// Votes per contest and option.
pub type Votes = Vec<Vec<u64>>;

#[cfg(test)]
mod tests;
