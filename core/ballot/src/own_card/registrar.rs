//! The registrar's half: a key for every person, and one answer for every nonce.

use super::derived;
use crypto::group::{Point, random_scalar};
use crypto::schnorr::{Signature, SigningKey};
use crypto::{Hash, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_core::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Purpose of the proof that a registrar knows a person's key.
pub const AGAIN_KEY_PURPOSE: &str = "again-key";

/// What the proof π is about: this election, registrar and card.
#[must_use]
pub fn proof_message(election: &Hash, registrar: u16, certificate: &Hash) -> Vec<u8> {
    let mut message = election.as_bytes().to_vec();
    message.extend_from_slice(&registrar.to_le_bytes());
    message.extend_from_slice(certificate.as_bytes());
    message
}

/// w of one person. Wiped on drop, never printed.
pub struct PersonKey(SigningKey);

impl core::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "PersonKey({:?})", self.0.public())
    }
}

impl PersonKey {
    /// w = scalar of H(`person-key`, 64-byte secret, E, H(`certificate`, DER), u32 counter), the
    /// first that is not zero. None only for a secret that no generator gives.
    #[must_use]
    pub fn derive(secret: &[u8; 64], election: &Hash, certificate: &Hash) -> Option<Self> {
        let fields = [
            secret.as_slice(),
            election.as_bytes(),
            certificate.as_bytes(),
        ];
        SigningKey::from_scalar(*derived("person-key", fields)).map(Self)
    }
    /// W.
    #[must_use]
    pub fn public(&self) -> Point {
        self.0.public()
    }
    /// π: Schnorr under W, purpose [`AGAIN_KEY_PURPOSE`].
    pub fn prove<R: CryptoRng + ?Sized>(
        &self,
        election: &Hash,
        registrar: u16,
        certificate: &Hash,
        rng: &mut R,
    ) -> Signature {
        let message = proof_message(election, registrar, certificate);
        self.0.sign(AGAIN_KEY_PURPOSE, &message, rng)
    }
}

/// k of one session. It lives in this process's memory, answers once because the answer takes it by
/// value, and is wiped then. It must come from a generator that no restart repeats: two answers
/// from one k give w away.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Nonce(Scalar);

impl core::fmt::Debug for Nonce {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Nonce(…)")
    }
}

impl Nonce {
    /// A fresh one with K = k·G.
    pub fn draw<R: CryptoRng + ?Sized>(rng: &mut R) -> (Self, Point) {
        loop {
            let nonce = Self(random_scalar(rng));
            if let Some(commitment) = Point::new(RistrettoPoint::mul_base(&nonce.0)) {
                return (nonce, commitment);
            }
        }
    }
    /// s = k + c'·w. The nonce is gone afterwards.
    #[must_use]
    pub fn answer(self, key: &PersonKey, challenge: &Scalar) -> Scalar {
        let secret = key.0.to_secret_bytes();
        let w = Zeroizing::new(Scalar::from_bytes_mod_order(*secret));
        self.0 + challenge * *w
    }
}
