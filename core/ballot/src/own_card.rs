//! A further ballot needs the voter's own card (spec 04 §4).
//!
//! Each registrar has one key pair w, W = w·G for every person. The booth blinds W with a factor
//! that follows from the voting secret: X = h·W, one for every registrar, stands in the first ballot
//! of a voting key. A later ballot carries a Schnorr signature under the sum of its X. The
//! registrars make it together with the booth ([`registrar`], [`booth`]) and see neither X nor the
//! signature, so none of them can tell which ballot is whose; without an answer of each of them,
//! given to the voter's own card, nobody can make it.

pub mod booth;
pub mod key_proof;
pub mod registrar;
pub mod statement;

use crate::token::RSA_BYTES;
use crypto::group::{Encoded, Point};
use crypto::{Hash, Rule, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;

/// Most registrars of an election.
pub const MAX_REGISTRARS: usize = 8;

/// What a ballot says about the card behind its voting key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCard {
    /// X of each registrar, in the manifest's order: the same in every ballot of a voting key.
    pub keys: Vec<Point>,
    /// The signature's commitment; zeros in a first ballot.
    pub r: Encoded,
    /// The signature's response; zero in a first ballot.
    pub z: Scalar,
    /// The window whose *again* keys signed the tokens; 0 in a first ballot.
    pub window: u8,
}

impl OwnCard {
    /// That of a first ballot.
    #[must_use]
    pub fn first(keys: Vec<Point>) -> Self {
        Self {
            keys,
            r: Encoded([0; 32]),
            z: Scalar::ZERO,
            window: 0,
        }
    }
    /// Rule R3.22 for a ballot of this number: one key of each registrar, whose sum is a key; R, z
    /// and window are zeros in a first ballot, R and z are not in a later one.
    #[must_use]
    pub fn has_form(&self, seq: u32, registrars: usize) -> bool {
        let (no_r, no_z) = (self.r.0 == [0; 32], self.z == Scalar::ZERO);
        let fits = if seq == 1 {
            no_r && no_z && self.window == 0
        } else {
            !no_r && !no_z
        };
        fits && self.keys.len() == registrars && sum(&self.keys).is_some()
    }
}

/// Why a card step or its signature is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnCardError {
    /// Rule R4.02: the signature is not by the card behind the voting key, or is for something else.
    Signature,
    /// Rule R4.04: registrar number … did not sign this answer, gave it for another session, or
    /// cannot prove its person key.
    Answer(u16),
    /// Rule R4.05: the response of registrar number … does not fit its nonce and person key.
    Response(u16),
    /// Rule R4.06: the key of registrar number … is not the one in the ballots on the board.
    OtherKey(u16),
    /// Not one value of each registrar, or keys that cancel each other.
    Registrars,
}

impl OwnCardError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Signature => crate::rules::OWN_CARD,
            Self::Answer(_) => crate::rules::AUTH_ANSWER,
            Self::Response(_) => crate::rules::CARD_RESPONSE,
            Self::OtherKey(_) => crate::rules::CARD_KEY,
            Self::Registrars => crate::rules::BALLOT_OWN_CARD,
        }
    }
}

impl core::fmt::Display for OwnCardError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "own card refused: {self:?} ({})", self.rule())
    }
}

impl std::error::Error for OwnCardError {}

/// Everything the signature of a further ballot is for. The ballot's contents are not in it: it is
/// made at the card step, before the choice.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The election.
    pub election: &'a Hash,
    /// The voting key.
    pub vk: &'a Point,
    /// The ballot's number.
    pub seq: u32,
    /// Entry hash of the ballot that it replaces.
    pub prev: &'a Hash,
    /// The window of the tokens.
    pub window: u8,
    /// The *again* tokens: with them the signature expires.
    pub tokens: &'a [[u8; RSA_BYTES]],
}

impl Place<'_> {
    /// c = scalar of H(`again-ballot`, E, X_1‖…‖X_m, R, vk, u32 seq, prev, u8 window, tokens).
    #[must_use]
    pub fn challenge(&self, keys: &[Point], r: &Encoded) -> Scalar {
        let keys: Vec<u8> = keys.iter().flat_map(|x| *x.as_bytes()).collect();
        let wide = crypto::hash::hash(
            "again-ballot",
            &[
                self.election.as_bytes(),
                &keys,
                &r.0,
                self.vk.as_bytes(),
                &self.seq.to_le_bytes(),
                self.prev.as_bytes(),
                &[self.window],
                self.tokens.as_flattened(),
            ],
        );
        Scalar::from_bytes_mod_order_wide(&wide.0)
    }
    /// Rule R4.02: z·G − c·ΣX encodes to R.
    ///
    /// # Errors
    /// [`OwnCardError::Signature`].
    pub fn verify(&self, card: &OwnCard) -> Result<(), OwnCardError> {
        let key = sum(&card.keys).ok_or(OwnCardError::Signature)?;
        let c = self.challenge(&card.keys, &card.r);
        let r = RistrettoPoint::vartime_double_scalar_mul_basepoint(&-c, key.point(), &card.z);
        if r.compress().to_bytes() == card.r.0 {
            Ok(())
        } else {
            Err(OwnCardError::Signature)
        }
    }
}

/// H(`certificate`, DER): how person keys and answers name a card.
#[must_use]
pub fn certificate_hash(der: &[u8]) -> Hash {
    crypto::hash::hash("certificate", &[der])
}

/// The sum of keys, unless it is the identity.
pub(crate) fn sum(keys: &[Point]) -> Option<Point> {
    Point::new(keys.iter().map(Point::point).sum())
}

/// The first scalar that is not zero of H(purpose, fields…, u32 counter).
fn derived<const N: usize>(purpose: &str, fields: [&[u8]; N]) -> zeroize::Zeroizing<Scalar> {
    let mut counter = 0u32;
    loop {
        let index = counter.to_le_bytes();
        let fields: Vec<&[u8]> = fields.iter().copied().chain([index.as_slice()]).collect();
        let wide = zeroize::Zeroizing::new(crypto::hash::hash(purpose, &fields).0);
        let scalar = zeroize::Zeroizing::new(Scalar::from_bytes_mod_order_wide(&wide));
        if *scalar != Scalar::ZERO {
            return scalar;
        }
        counter += 1;
    }
}

#[cfg(test)]
pub(crate) mod tests;
