//! That a registrar knows the secret half of a person's key and chose it itself.
//!
//! A proof under W alone does not show that: a registrar could take a key that depends on the
//! others', W_i = a·G + Σ b_k·W_k, and have their answers in a card step add up to its proof. So the
//! proof links W to a second base that belongs to this election, registrar and card. Nobody else
//! ever multiplies that base, and a card step answers with G only (spec 04 §4).

use super::derived;
use crypto::dleq;
use crypto::group::{Encoded, hash_to_group};
use crypto::wire::{Reader, Wire, WireError, Writer};
use crypto::{Hash, Point, Scalar, Transcript};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Purpose of the proof's transcript.
pub const AGAIN_KEY_PURPOSE: &str = "again-key";
/// Purpose of the second base.
pub const AGAIN_BASE_PURPOSE: &str = "again-base";

/// Whose key: one card at one registrar in one election.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// The election.
    pub election: &'a Hash,
    /// Number of the registrar in the manifest, from 0.
    pub registrar: u16,
    /// H(`certificate`, DER) of the card.
    pub certificate: &'a Hash,
}

impl Owner<'_> {
    /// B = RFC 9496 map of H(`again-base`, E, u16 j, H(`certificate`, DER)).
    #[must_use]
    pub fn base(&self) -> RistrettoPoint {
        let registrar = self.registrar.to_le_bytes();
        let fields = [
            self.election.as_bytes().as_slice(),
            &registrar,
            self.certificate.as_bytes(),
        ];
        hash_to_group(AGAIN_BASE_PURPOSE, &fields)
    }
    fn transcript(&self) -> Transcript {
        let mut t = Transcript::new(AGAIN_KEY_PURPOSE);
        t.add(self.election.as_bytes());
        t.number(u64::from(self.registrar));
        t.add(self.certificate.as_bytes());
        t
    }
}

/// V = w·B and π, the proof that log_G W = log_B V; 128 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyProof {
    /// V, never the identity.
    pub image: Point,
    /// π.
    pub proof: dleq::Proof,
}

impl KeyProof {
    /// Bytes of V and π.
    pub const LENGTH: usize = 128;

    /// Proves w for W = w·G. The proof's nonce is the first scalar that is not zero of
    /// H(`again-proof`, 64 random bytes, w, E, u16 j, H(`certificate`, DER), u32 counter), so that a
    /// generator that fails does not give w away. None for a base of which no hash is known, the
    /// identity.
    pub(super) fn prove<R: CryptoRng + ?Sized>(
        w: &Scalar,
        key: &Point,
        owner: &Owner<'_>,
        rng: &mut R,
    ) -> Option<Self> {
        let mut random = Zeroizing::new([0; 64]);
        rng.fill_bytes(random.as_mut());
        let index = owner.registrar.to_le_bytes();
        let fields = [
            random.as_slice(),
            w.as_bytes(),
            owner.election.as_bytes(),
            &index,
            owner.certificate.as_bytes(),
        ];
        let nonce = derived("again-proof", fields);
        let transcript = owner.transcript();
        let (image, proof) = dleq::prove_with(&transcript, w, key, &owner.base(), &nonce);
        let image = Point::from_bytes(&image.0)?;
        Some(Self { image, proof })
    }
    /// Whether the owner's registrar knows w with W = w·G.
    #[must_use]
    pub fn holds(&self, key: &Point, owner: &Owner<'_>) -> bool {
        let image = Encoded(*self.image.as_bytes());
        dleq::verify(&owner.transcript(), key, &owner.base(), &image, &self.proof)
    }
}

impl Wire for KeyProof {
    fn write(&self, w: &mut Writer) {
        self.image.write(w);
        self.proof.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            image: Point::read(r)?,
            proof: dleq::Proof::read(r)?,
        })
    }
}
