//! Arithmetic, hashing, canonical bytes and the small proofs every other crate builds on.
//!
//! Spec chapters 00 (conventions) and 01 (notation). Group: ristretto255 (RFC 9496). Hash: SHA-512
//! with a domain-separation tag. No clock, no files, no global randomness: callers pass an rng.
//!
//! Every hashed statement names its purpose, and every field is framed by its length, so that no
//! two statements have the same bytes:
//!
//! ```
//! use crypto::hash::hash;
//!
//! let one = hash("origin", &[b"ab", b"c"]);
//! assert_ne!(one, hash("origin", &[b"a", b"bc"]), "fields do not run into each other");
//! assert_ne!(one, hash("manifest", &[b"ab", b"c"]), "a purpose is part of the statement");
//! ```
//!
//! So does a signature (Schnorr over ristretto255):
//!
//! ```
//! use crypto::schnorr::{SigningKey, verify};
//! use rand_chacha::ChaCha20Rng;
//! use rand_core::SeedableRng as _;
//!
//! let mut rng = ChaCha20Rng::seed_from_u64(1); // a program takes the system's generator
//! let key = SigningKey::generate(&mut rng);
//! let signature = key.sign("board-share", b"message", &mut rng);
//! assert!(verify(&key.public(), "board-share", b"message", &signature).is_ok());
//! assert!(verify(&key.public(), "board-evidence", b"message", &signature).is_err());
//! ```
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

pub mod assigned;
pub mod dleq;
pub mod elgamal;
pub mod group;
pub mod hash;
pub mod merkle;
pub mod rule;
pub mod schnorr;
pub mod sharing;
pub mod signed;
pub mod transcript;
pub mod wire;
pub mod words;
pub mod x25519;

pub use curve25519_dalek::scalar::Scalar;
pub use group::{Encoded, Point};
pub use hash::Hash;
pub use rule::Rule;
pub use transcript::Transcript;
