//! Arithmetic, hashing, canonical bytes and the small proofs every other crate builds on.
//!
//! Spec chapters 00 (conventions) and 01 (notation). Group: ristretto255 (RFC 9496). Hash: SHA-512
//! with a domain-separation tag. No clock, no files, no global randomness: callers pass an rng.
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

pub mod assigned;
pub mod dleq;
pub mod elgamal;
pub mod group;
pub mod hash;
pub mod rule;
pub mod schnorr;
pub mod sharing;
pub mod transcript;
pub mod wire;
pub mod words;
pub mod x25519;

pub use curve25519_dalek::scalar::Scalar;
pub use group::{Encoded, Point};
pub use hash::Hash;
pub use rule::Rule;
pub use transcript::Transcript;
