//! Fiat–Shamir transcripts: SHA-512 over length-framed items; every challenge stays in the state.

use crate::group::Encoded;
use crate::hash::Framed;
use curve25519_dalek::scalar::Scalar;

/// A running transcript of one statement.
#[derive(Clone)]
pub struct Transcript(Framed);

impl Transcript {
    /// Starts with DST `irefuda/v2/<purpose>`.
    #[must_use]
    pub fn new(purpose: &str) -> Self {
        Self(Framed::new(purpose))
    }
    /// Adds one field.
    pub fn add(&mut self, field: &[u8]) {
        self.0.add(&[field]);
    }
    /// Adds a number as eight little-endian bytes.
    pub fn number(&mut self, n: u64) {
        self.add(&n.to_le_bytes());
    }
    /// Adds one field made of several encodings.
    pub fn points(&mut self, points: &[Encoded]) {
        let pieces: Vec<&[u8]> = points.iter().map(|p| p.0.as_slice()).collect();
        self.0.add(&pieces);
    }
    /// A challenge from everything so far; the call itself is then part of the transcript.
    pub fn challenge(&mut self, label: &str) -> Scalar {
        self.add(label.as_bytes());
        Scalar::from_bytes_mod_order_wide(&self.0.finish())
    }
}
