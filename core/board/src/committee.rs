//! Whose signatures make a block final: the validators of the network, and who followed them
//! (spec 06 §6).

use crate::entry::HandOver;
use crate::finality::{FinalityCertificate, FinalityError, engine_key, signature_holds};
use crate::network::{NetworkConfig, are_described, namespace, tolerated};
use crate::rules;
use ballot::manifest::Validator;
use crypto::Rule;

/// One set of validators and the blocks that are theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Hand-overs before it.
    pub epoch: u64,
    /// Height of its first block.
    pub from: u64,
    /// Ed25519 keys in increasing order.
    pub keys: Vec<[u8; 32]>,
}

/// Network id and its sets of validators one after the other, pinned from manifest or trust file,
/// never from what is being checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committee {
    /// Network id.
    pub network: [u8; 32],
    /// At least one; epochs and heights increase.
    terms: Vec<Term>,
}

impl Committee {
    /// The network with this id, and the set that runs it after `epoch` hand-overs.
    #[must_use]
    pub fn new(network: [u8; 32], epoch: u64, mut keys: Vec<[u8; 32]>) -> Self {
        keys.sort_unstable();
        let terms = vec![Term {
            epoch,
            from: 0,
            keys,
        }];
        Self { network, terms }
    }
    /// All sets, one after the other.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }
    /// The last set.
    #[must_use]
    pub fn keys(&self) -> &[[u8; 32]] {
        self.terms.last().map_or(&[], |t| &t.keys)
    }
    /// Hand-overs before the last set.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.terms.last().map_or(0, |t| t.epoch)
    }
    /// The set to which the block at this height belongs.
    #[must_use]
    pub fn term(&self, height: u64) -> Option<&Term> {
        self.terms.iter().rev().find(|t| t.from <= height)
    }
    /// Rules R6.21–R6.25: the set to which the block at this height belongs certified the header
    /// with this digest.
    ///
    /// # Errors
    /// [`FinalityError`].
    pub fn verify(
        &self,
        certificate: &FinalityCertificate,
        height: u64,
        digest: &[u8; 32],
    ) -> Result<(), FinalityError> {
        let term = self.term(height).ok_or(FinalityError::Epoch)?;
        if certificate.epoch != term.epoch {
            return Err(FinalityError::Epoch);
        }
        certificate.verify(&term.keys, &namespace(&self.network), digest)
    }
    /// Rule R5.75: every validator of the new set holds its engine key and accepts.
    ///
    /// # Errors
    /// The rule.
    pub fn check_accepted(&self, h: &HandOver) -> Result<(), Rule> {
        let message = h.accepting(&self.network);
        let mut pairs = h.validators.iter().zip(&h.accepted);
        let all = h.validators.len() == h.accepted.len()
            && pairs.all(|(v, s)| signature_holds(&v.engine_key, &message, s));
        if all {
            Ok(())
        } else {
            Err(rules::HAND_OVER_ACCEPTED)
        }
    }
    /// Rule R5.59: at least n − f of the last set certified this hand-over, and nobody else did.
    ///
    /// # Errors
    /// The rule.
    pub fn check_hand_over(&self, h: &HandOver) -> Result<(), Rule> {
        let keys = self.keys();
        let message = h.certified(&self.network);
        let mut last = None;
        for (index, signature) in &h.certificate {
            let key = keys.get(usize::from(*index));
            let holds = key.is_some_and(|key| signature_holds(key, &message, signature));
            if last >= Some(*index) || !holds {
                return Err(rules::HAND_OVER_SIGNED);
            }
            last = Some(*index);
        }
        if h.certificate.len() < keys.len() - tolerated(keys.len()) {
            return Err(rules::HAND_OVER_SIGNED);
        }
        Ok(())
    }
    /// Follows a hand-over that stands in the block at `height`: what a reader does who has the
    /// entry and not the blocks before it.
    ///
    /// # Errors
    /// Rules R5.58, R5.75 and R5.59.
    pub fn follow(&mut self, h: &HandOver, height: u64) -> Result<(), Rule> {
        let later = self.terms.last().is_some_and(|t| t.from <= height);
        if self.epoch().checked_add(1) != Some(h.epoch) || !later {
            return Err(rules::HAND_OVER);
        }
        self.check_accepted(h)?;
        self.check_hand_over(h)?;
        self.succeed(h.epoch, &h.validators, height);
        Ok(())
    }
    /// Whoever comes after the block at `height`.
    pub(crate) fn succeed(&mut self, epoch: u64, validators: &[Validator], height: u64) {
        self.terms.push(Term {
            epoch,
            from: height.saturating_add(1),
            keys: validators.iter().map(|v| v.engine_key).collect(),
        });
    }
}

/// Whether these validators can stand in a manifest and in certificates: engine keys can be signed
/// with (rule R6.24), and a manifest may list them ([`are_described`]).
#[must_use]
pub fn are_sound(validators: &[Validator]) -> bool {
    let signs = |v: &Validator| engine_key(&v.engine_key).is_some();
    are_described(validators) && validators.iter().all(signs)
}

impl From<&NetworkConfig> for Committee {
    fn from(n: &NetworkConfig) -> Self {
        Self::new(n.id(), 0, n.committee())
    }
}

impl From<&ballot::Manifest> for Committee {
    fn from(m: &ballot::Manifest) -> Self {
        let keys = m.validators.iter().map(|v| v.engine_key).collect();
        Self::new(m.network, m.epoch, keys)
    }
}
