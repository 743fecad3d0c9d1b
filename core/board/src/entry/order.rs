//! What officers are asked to sign, before they have: an act or a hand-over without signatures.

use super::{Act, Entry, HAND_OVER_PURPOSE, HandOver, OfficerAct, OfficerSignatures, kind};
use crate::network::{MAX_VALIDATORS, check_validators};
use ballot::manifest::Validator;
use crypto::schnorr::{self, Signature, SigningKey};
use crypto::wire::{Reader, Wire as _, WireError};
use crypto::{Hash, Point};
use rand_core::CryptoRng;

/// What is ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ordered {
    /// An act.
    Act(Act),
    /// Other validators run the board.
    HandOver {
        /// Number of hand-overs on this board with this one.
        epoch: u64,
        /// All validators from then on, strictly increasing by engine key.
        validators: Vec<Validator>,
        /// Time at which the order ends (ms).
        until: u64,
    },
}

/// An order of two officers of an election, without their signatures (spec 05 §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The election.
    pub election: Hash,
    /// What is ordered.
    pub ordered: Ordered,
}

impl Order {
    /// Reads the bytes that officers sign.
    ///
    /// # Errors
    /// Any [`WireError`]; a type that needs no officers is [`WireError::Type`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let found = *bytes.get(1).ok_or(WireError::Truncated)?;
        let mut r = Reader::top(bytes, found)?;
        let election = Hash::read(&mut r)?;
        let ordered = if found == kind::HAND_OVER {
            let epoch = r.u64()?;
            let validators: Vec<Validator> = r.list(MAX_VALIDATORS)?;
            check_validators(&validators)?;
            Ordered::HandOver {
                epoch,
                validators,
                until: r.u64()?,
            }
        } else {
            Ordered::Act(Act::read(found, &mut r)?)
        };
        r.end()?;
        Ok(Self { election, ordered })
    }
    /// The bytes that officers sign: version, type and body up to the first officer.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.ordered {
            Ordered::Act(act) => OfficerAct::message(&self.election, act),
            Ordered::HandOver {
                epoch,
                validators,
                until,
            } => HandOver::order(&self.election, *epoch, validators, *until),
        }
    }
    /// Type byte of the entry it becomes.
    #[must_use]
    pub fn kind(&self) -> u8 {
        match &self.ordered {
            Ordered::Act(act) => act.kind(),
            Ordered::HandOver { .. } => kind::HAND_OVER,
        }
    }
    fn purpose(&self) -> &'static str {
        match &self.ordered {
            Ordered::Act(act) => act.purpose(),
            Ordered::HandOver { .. } => HAND_OVER_PURPOSE,
        }
    }
    /// One officer's signature.
    pub fn sign<R: CryptoRng + ?Sized>(&self, key: &SigningKey, rng: &mut R) -> Signature {
        key.sign(self.purpose(), &self.to_bytes(), rng)
    }
    /// Whether `signature` is by `key` over this order.
    #[must_use]
    pub fn is_signed_by(&self, key: &Point, signature: &Signature) -> bool {
        schnorr::verify(key, self.purpose(), &self.to_bytes(), signature).is_ok()
    }
    /// The entry with the signatures of two officers. A hand-over is not ready with them,
    /// and no canonical entry yet: the new validators accept and the present ones certify it (spec
    /// 06 §6).
    #[must_use]
    pub fn signed(self, signatures: OfficerSignatures) -> Entry {
        let election = self.election;
        match self.ordered {
            Ordered::Act(act) => Entry::Act(Box::new(OfficerAct {
                election,
                act,
                signatures,
            })),
            Ordered::HandOver {
                epoch,
                validators,
                until,
            } => Entry::HandOver(Box::new(HandOver {
                election,
                epoch,
                validators,
                until,
                officers: signatures,
                accepted: Vec::new(),
                certificate: Vec::new(),
            })),
        }
    }
}
