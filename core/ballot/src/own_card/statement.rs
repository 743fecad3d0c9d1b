//! What a registrar says to a card that has proven itself, signed, so that an answer that was
//! changed or contradicts another one convicts its registrar.

use super::OwnCardError;
use super::key_proof::{KeyProof, Owner};
use crypto::merkle::Node;
use crypto::schnorr::{self, Signature, SigningKey};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Hash, Point};
use rand_core::CryptoRng;

/// Purpose of a registrar's signature under its answer to *auth*.
pub const AUTH_ANSWER_PURPOSE: &str = "auth-answer";

/// An answer to *auth*. The salt itself is not in it, only its leaf hash, which hides it: the booth
/// shows the other registrars what this one said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthStatement {
    /// The election.
    pub election: Hash,
    /// Number of the registrar in the manifest, from 0.
    pub registrar: u16,
    /// The session's nonce.
    pub nonce: [u8; 32],
    /// The session key e.
    pub session_key: Point,
    /// H(`certificate`, DER) of the card.
    pub certificate: Hash,
    /// RFC 6962 leaf hash of the salt that was given with it.
    pub salt: Node,
    /// W.
    pub person_key: Point,
    /// V and π.
    pub proof: KeyProof,
    /// Whether this person has a *first* token already.
    pub exists: bool,
    /// K, only when a further ballot can be made in this session.
    pub card_nonce: Option<Point>,
}

/// What the booth knows without this answer.
#[derive(Clone, Copy, Debug)]
pub struct Session<'a> {
    /// The election.
    pub election: &'a Hash,
    /// Number of the registrar in the manifest, from 0.
    pub registrar: u16,
    /// The session's nonce.
    pub nonce: &'a [u8; 32],
    /// The session key e.
    pub session_key: &'a Point,
    /// H(`certificate`, DER) of the card.
    pub certificate: &'a Hash,
    /// The salt that came with the answer, 64 bytes.
    pub salt: &'a [u8; 64],
}

impl AuthStatement {
    /// The registrar's signature with the key of its place in the manifest.
    pub fn sign<R: CryptoRng + ?Sized>(&self, key: &SigningKey, rng: &mut R) -> Signature {
        key.sign(AUTH_ANSWER_PURPOSE, &self.to_bytes(), rng)
    }
    /// Whose person key it is about.
    #[must_use]
    pub fn owner(&self) -> Owner<'_> {
        Owner {
            election: &self.election,
            registrar: self.registrar,
            certificate: &self.certificate,
        }
    }
    /// Whether the registrar with this key said it and can prove the person's key; for whoever
    /// keeps or audits answers.
    ///
    /// # Errors
    /// [`OwnCardError::Answer`] (rule R4.04).
    pub fn verify(&self, key: &Point, signature: &Signature) -> Result<(), OwnCardError> {
        schnorr::verify(key, AUTH_ANSWER_PURPOSE, &self.to_bytes(), signature)
            .map_err(|_| OwnCardError::Answer(self.registrar))?;
        if self.proof.holds(&self.person_key, &self.owner()) {
            Ok(())
        } else {
            Err(OwnCardError::Answer(self.registrar))
        }
    }
    /// [`Self::verify`], and it is the answer of this session with this salt.
    ///
    /// # Errors
    /// [`OwnCardError::Answer`] (rule R4.04).
    pub fn check(
        &self,
        session: &Session<'_>,
        key: &Point,
        signature: &Signature,
    ) -> Result<(), OwnCardError> {
        let ours = self.election == *session.election
            && self.registrar == session.registrar
            && self.nonce == *session.nonce
            && self.session_key == *session.session_key
            && self.certificate == *session.certificate
            && self.salt == crypto::merkle::leaf(session.salt)
            && (self.exists || self.card_nonce.is_none());
        if ours {
            self.verify(key, signature)
        } else {
            Err(OwnCardError::Answer(session.registrar))
        }
    }
}

impl Wire for AuthStatement {
    fn write(&self, w: &mut Writer) {
        self.election.write(w);
        w.u16(self.registrar);
        w.raw(&self.nonce);
        self.session_key.write(w);
        self.certificate.write(w);
        w.raw(&self.salt);
        self.person_key.write(w);
        self.proof.write(w);
        w.u8(u8::from(self.exists));
        w.option(self.card_nonce.as_ref());
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            election: Hash::read(r)?,
            registrar: r.u16()?,
            nonce: r.array()?,
            session_key: Point::read(r)?,
            certificate: Hash::read(r)?,
            salt: r.array()?,
            person_key: Point::read(r)?,
            proof: KeyProof::read(r)?,
            exists: r.bool()?,
            card_nonce: r.option()?,
        })
    }
}

impl TopLevel for AuthStatement {
    const TYPE: u8 = 8;
}
