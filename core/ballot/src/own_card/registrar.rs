//! The registrar's half: a key for every person, and one answer for every nonce.

use super::derived;
use super::key_proof::{KeyProof, Owner};
use crypto::group::{Point, random_scalar};
use crypto::schnorr::SigningKey;
use crypto::{Hash, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_core::CryptoRng;
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

/// w of one person. Wiped on drop, never printed.
pub struct PersonKey(SigningKey);

impl core::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // W alone says which person.
        f.write_str("PersonKey(…)")
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
    /// V and π for this election, registrar and card. None only for a base that no hash gives.
    pub fn prove<R: CryptoRng + ?Sized>(&self, owner: &Owner<'_>, rng: &mut R) -> Option<KeyProof> {
        KeyProof::prove(&self.scalar(), &self.public(), owner, rng)
    }
    fn scalar(&self) -> Zeroizing<Scalar> {
        Zeroizing::new(Scalar::from_bytes_mod_order(*self.0.to_secret_bytes()))
    }
}

/// k of one session. It lives in this process's memory, answers once because the answer takes it by
/// value, and is wiped then. Two answers from one k give w away.
///
/// In a box, so that handing it on copies a pointer and there is one place to wipe.
pub struct Nonce(Box<Scalar>);

impl Drop for Nonce {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Nonce {}

/// What a session's nonce is made from besides randomness and the person's key: it may be known.
#[derive(Clone, Copy, Debug)]
pub struct Sitting<'a> {
    /// The election.
    pub election: &'a Hash,
    /// Number of the registrar in the manifest, from 0.
    pub registrar: u16,
    /// The session's nonce.
    pub nonce: &'a [u8; 32],
    /// The session key e.
    pub session_key: &'a Point,
}

impl core::fmt::Debug for Nonce {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Nonce(…)")
    }
}

impl Nonce {
    /// That of a registrar, with K = k·G: k = scalar of H(`again-nonce`, random, w, E, u16 j, nonce,
    /// e, u32 counter), the first that is not zero (spec 04 §4).
    ///
    /// A generator that fails, repeats itself or is known to somebody gives neither k nor the same k in
    /// another session away as long as w is secret; with a good one k is as good as drawn. `random` must
    /// be fresh all the same: a process that is set back to before its answer has the same k again.
    #[must_use]
    pub fn hedged(
        random: &Zeroizing<[u8; 64]>,
        key: &PersonKey,
        sitting: &Sitting<'_>,
    ) -> (Self, Point) {
        let secret = key.0.to_secret_bytes();
        let index = sitting.registrar.to_le_bytes();
        let k = derived(
            "again-nonce",
            [
                random.as_slice(),
                secret.as_slice(),
                sitting.election.as_bytes(),
                &index,
                sitting.nonce,
                sitting.session_key.as_bytes(),
            ],
        );
        let commitment = RistrettoPoint::mul_base(&k);
        // k is not zero, and the base has prime order: K is a key.
        let commitment = Point::new(commitment).unwrap_or_else(|| unreachable!("k·G of k ≠ 0"));
        (Self(Box::new(*k)), commitment)
    }
    /// One from a generator alone, for whoever plays a registrar in tests and vectors.
    pub fn draw<R: CryptoRng + ?Sized>(rng: &mut R) -> (Self, Point) {
        loop {
            let nonce = Self(Box::new(random_scalar(rng)));
            if let Some(commitment) = Point::new(RistrettoPoint::mul_base(&nonce.0)) {
                return (nonce, commitment);
            }
        }
    }
    /// s = k + c'·w. The nonce is gone afterwards.
    #[must_use]
    pub fn answer(self, key: &PersonKey, challenge: &Scalar) -> Scalar {
        let product = Zeroizing::new(challenge * *key.scalar());
        *self.0 + *product
    }
}
