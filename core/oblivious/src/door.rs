//! The two ends of a question.

use crate::length::STEPS;
use crate::suite::{self, ChaCha, PUBLIC_BYTES, Private, SealedError, Shared};
use crate::{Request, Response};
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem as _, Serializable as _};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// A node's secret key for sealed questions (X25519); wiped on drop, never printed.
#[derive(Clone)]
pub struct DoorKey(Zeroizing<[u8; 32]>);

/// What a client keeps to open the answer to one question.
pub struct Waiting(Shared);

/// What a node keeps to seal the answer to one question.
pub struct Answering {
    shared: Shared,
    /// Length of the padded question.
    length: usize,
}

impl core::fmt::Debug for DoorKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DoorKey(…)")
    }
}

impl core::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Waiting(…)")
    }
}

impl core::fmt::Debug for Answering {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Answering(…)")
    }
}

impl DoorKey {
    /// A fresh key and its public half.
    pub fn generate(rng: &mut impl CryptoRng) -> (Self, [u8; PUBLIC_BYTES]) {
        let (secret, public) = X25519HkdfSha256::gen_keypair_with_rng(rng);
        (
            Self(Zeroizing::new(secret.to_bytes().into())),
            public.to_bytes().into(),
        )
    }
    /// From 32 stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
    /// The 32 secret bytes, for a sealed key file.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
    fn key(&self) -> Option<Private> {
        Private::from_bytes(self.0.as_slice()).ok()
    }
    /// The public half, as the manifest has it; none for bytes that are no key.
    #[must_use]
    pub fn public(&self) -> Option<[u8; PUBLIC_BYTES]> {
        let key = self.key()?;
        Some(X25519HkdfSha256::sk_to_pk(&key).to_bytes().into())
    }
    /// Opens a question.
    ///
    /// # Errors
    /// [`SealedError`].
    pub fn open(&self, sealed: &[u8]) -> Result<(Request, Answering), SealedError> {
        let key = self.key().ok_or(SealedError::Key)?;
        let (message, shared) = suite::open_question::<ChaCha>(&key, sealed)?;
        let length = message.len();
        Ok((Request::decode(&message)?, Answering { shared, length }))
    }
}

impl Request {
    /// Pads the question to `length` and seals it to a node's key.
    ///
    /// # Errors
    /// [`SealedError::Key`], and [`SealedError::Message`] when it does not fit.
    pub fn seal(
        &self,
        public: &[u8; PUBLIC_BYTES],
        length: usize,
        rng: &mut impl CryptoRng,
    ) -> Result<(Vec<u8>, Waiting), SealedError> {
        let message = Zeroizing::new(self.encode(length)?);
        let (sealed, shared) = suite::seal_question::<ChaCha>(public, &message, rng)?;
        Ok((sealed, Waiting(shared)))
    }
}

impl Waiting {
    /// Opens the answer: only the node that opened the question could seal it.
    ///
    /// # Errors
    /// [`SealedError`].
    pub fn open(&self, sealed: &[u8]) -> Result<Response, SealedError> {
        let message = suite::open_answer::<ChaCha>(&self.0, sealed)?;
        Ok(Response::decode(&message)?)
    }
}

impl Answering {
    /// Pads the answer to the length of its question, or to the first step that holds it, and seals
    /// it.
    ///
    /// # Errors
    /// [`SealedError::Message`] for an answer longer than the last step.
    pub fn seal(self, answer: &Response, rng: &mut impl CryptoRng) -> Result<Vec<u8>, SealedError> {
        let longer = STEPS.into_iter().filter(|step| *step > self.length);
        let lengths: Vec<usize> = [self.length].into_iter().chain(longer).collect();
        let message = Zeroizing::new(answer.encode(&lengths)?);
        suite::seal_answer::<ChaCha>(&self.shared, &suite::fresh_nonce(rng), &message)
    }
}

#[cfg(test)]
mod tests;
