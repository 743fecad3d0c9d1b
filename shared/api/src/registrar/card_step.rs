//! The card step: what a registrar says to a card, what a booth has heard of all of them, and the
//! one answer under a person key (spec 04 §4).

use ballot::own_card::key_proof::KeyProof;
use ballot::own_card::statement::{AuthStatement, Session};
use crypto::merkle::Node;
use crypto::schnorr::Signature;
use crypto::wire::{Reader, Wire, WireError, Writer};
use crypto::{Hash, Point, Scalar};
use serde::{Deserialize, Serialize};

use super::{AuthAnswer, Nonce};
use crate::hex::Hex;

/// Purpose of the session key's signature over [`challenge_message`].
pub const PURPOSE_CHALLENGE: &str = "card-challenge";

impl AuthAnswer {
    /// What the registrar signed, if this is its answer in this session.
    #[must_use]
    pub fn statement(&self, session: &Session<'_>) -> AuthStatement {
        self.heard(session.nonce).statement(
            session.election,
            session.registrar,
            session.session_key,
            session.certificate,
        )
    }

    /// What the booth shows to the other registrars.
    #[must_use]
    pub fn heard(&self, nonce: &Nonce) -> Heard {
        Heard {
            nonce: Hex(*nonce),
            salt: Hex(crypto::merkle::leaf(self.salt_share.0.0.as_ref())),
            person_key: self.person_key,
            proof: self.proof,
            exists: self.exists.first,
            card_nonce: self.card_nonce,
            signature: self.signature,
        }
    }
}

/// What one registrar said in a sitting and signed: the parts of an [`AuthStatement`] that differ
/// from registrar to registrar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heard {
    /// The nonce of the session at that registrar.
    pub nonce: Hex<Nonce>,
    /// Leaf hash of its share of the salt.
    pub salt: Hex<Node>,
    /// W.
    pub person_key: Hex<Point>,
    /// V and π.
    pub proof: Hex<KeyProof>,
    /// Whether the person had a *first* there.
    pub exists: bool,
    /// K, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_nonce: Option<Hex<Point>>,
    /// The registrar's signature over the statement.
    pub signature: Hex<Signature>,
}

impl Heard {
    /// The statement of registrar number `registrar` for this election, session key and card.
    #[must_use]
    pub fn statement(
        &self,
        election: &Hash,
        registrar: u16,
        session_key: &Point,
        certificate: &Hash,
    ) -> AuthStatement {
        AuthStatement {
            election: *election,
            registrar,
            nonce: self.nonce.0,
            session_key: *session_key,
            certificate: *certificate,
            salt: self.salt.0,
            person_key: self.person_key.0,
            proof: self.proof.0,
            exists: self.exists,
            card_nonce: self.card_nonce.map(|Hex(point)| point),
        }
    }
}

impl Wire for Heard {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.nonce.0);
        w.raw(&self.salt.0);
        self.person_key.0.write(w);
        self.proof.0.write(w);
        w.u8(u8::from(self.exists));
        w.option(self.card_nonce.as_ref().map(|Hex(point)| point));
        self.signature.0.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            nonce: Hex(r.array()?),
            salt: Hex(r.array()?),
            person_key: Hex(Point::read(r)?),
            proof: Hex(KeyProof::read(r)?),
            exists: r.bool()?,
            card_nonce: r.option()?.map(Hex),
            signature: Hex(Signature::read(r)?),
        })
    }
}

/// Asks for the one answer under the person key of this session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeRequest {
    /// The session's nonce.
    pub nonce: Hex<Nonce>,
    /// c′: blinded, it tells the registrar nothing about the ballot.
    pub challenge: Hex<Scalar>,
    /// Schnorr signature of the session key e over [`challenge_message`].
    pub signature: Hex<Signature>,
}

/// What the session key e signs for one challenge.
#[must_use]
pub fn challenge_message(
    election: &Hash,
    origin: &Hash,
    nonce: &Nonce,
    challenge: &Scalar,
) -> Vec<u8> {
    let mut w = Writer::new();
    election.write(&mut w);
    origin.write(&mut w);
    w.raw(nonce);
    challenge.write(&mut w);
    w.finish()
}

/// The answer to a challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeAnswer {
    /// s = k + c′·w.
    pub response: Hex<Scalar>,
}
