//! The public state of a ceremony: a pure function of the messages in board order.

use crate::CeremonyError;
use crate::message::{Message, SealedShare};
use crate::roster::Roster;
use crypto::schnorr::{self, Signature};
use crypto::sharing::evaluate_commitments;
use crypto::wire::{TopLevel as _, Wire as _, Writer};
use crypto::{Hash, Point};
use curve25519_dalek::ristretto::RistrettoPoint;
use std::collections::{BTreeMap, BTreeSet};

/// Purpose of the proof of knowledge.
pub(crate) const KNOWLEDGE: &str = "ceremony-knowledge";
/// Purpose of the signature over the transcript root.
pub(crate) const ROOT: &str = "ceremony-root";

/// What the ceremony waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Round {
    /// Commitments of all trustees.
    Commit,
    /// Reveals of all trustees.
    Reveal,
    /// Sealed shares of all trustees.
    Shares,
    /// A confirmation of every trustee and an answer to every complaint.
    Confirm,
    /// Signatures over the root.
    Sign,
    /// Finished.
    Done,
}

/// What a finished ceremony fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Joint public key K.
    pub joint: Point,
    /// Verification key of each trustee, by id.
    pub verification: Vec<Point>,
    /// Root of the transcript.
    pub root: Hash,
}

/// All messages so far.
#[derive(Clone, Debug)]
pub struct Ceremony {
    setup: Hash,
    roster: Roster,
    commits: BTreeMap<u16, Hash>,
    reveals: BTreeMap<u16, Vec<Point>>,
    shares: BTreeMap<u16, Vec<SealedShare>>,
    confirmed: BTreeSet<u16>,
    /// (accused, complainer) → the opened share, once answered.
    complaints: BTreeMap<(u16, u16), Option<crypto::Scalar>>,
    signatures: BTreeMap<u16, Signature>,
    culprit: Option<u16>,
}

/// What a commitment hides: H(setup, roster, id, reveal message).
pub(crate) fn commitment(setup: &Hash, roster: &Roster, id: u16, reveal: &Message) -> Hash {
    crypto::hash::hash(
        "ceremony-commit",
        &[
            setup.as_bytes(),
            &roster_bytes(roster),
            &id.to_le_bytes(),
            &reveal.to_bytes(),
        ],
    )
}

/// What a proof of knowledge signs.
pub(crate) fn knowledge_message(
    setup: &Hash,
    roster: &Roster,
    id: u16,
    commitments: &[Point],
) -> Vec<u8> {
    let mut w = Writer::new();
    setup.write(&mut w);
    roster.write(&mut w);
    w.u16(id);
    w.list(commitments);
    w.finish()
}

fn roster_bytes(roster: &Roster) -> Vec<u8> {
    let mut w = Writer::new();
    roster.write(&mut w);
    w.finish()
}

impl Ceremony {
    /// A ceremony without messages.
    #[must_use]
    pub fn new(setup: Hash, roster: Roster) -> Self {
        Self {
            setup,
            roster,
            commits: BTreeMap::new(),
            reveals: BTreeMap::new(),
            shares: BTreeMap::new(),
            confirmed: BTreeSet::new(),
            complaints: BTreeMap::new(),
            signatures: BTreeMap::new(),
            culprit: None,
        }
    }
    /// The `Setup` entry this belongs to.
    #[must_use]
    pub fn setup(&self) -> &Hash {
        &self.setup
    }
    /// Who takes part.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.roster
    }
    /// What the ceremony waits for.
    #[must_use]
    pub fn round(&self) -> Round {
        let n = self.roster.members().len();
        if self.commits.len() < n {
            Round::Commit
        } else if self.reveals.len() < n {
            Round::Reveal
        } else if self.shares.len() < n {
            Round::Shares
        } else if self.confirmed.len() < n || self.complaints.values().any(Option::is_none) {
            Round::Confirm
        } else if self.signatures.len() < n {
            Round::Sign
        } else {
            Round::Done
        }
    }
    /// Whether this trustee has spoken in this round.
    #[must_use]
    pub fn has_spoken(&self, round: Round, id: u16) -> bool {
        match round {
            Round::Commit => self.commits.contains_key(&id),
            Round::Reveal => self.reveals.contains_key(&id),
            Round::Shares => self.shares.contains_key(&id),
            Round::Confirm => self.confirmed.contains(&id),
            Round::Sign => self.signatures.contains_key(&id),
            Round::Done => true,
        }
    }
    /// Coefficient commitments of a dealer.
    pub(crate) fn commitments_of(&self, id: u16) -> Option<&[Point]> {
        self.reveals.get(&id).map(Vec::as_slice)
    }
    /// Sealed shares of a dealer.
    pub(crate) fn shares_of(&self, id: u16) -> Option<&[SealedShare]> {
        self.shares.get(&id).map(Vec::as_slice)
    }
    /// A share the accused opened after a complaint.
    pub(crate) fn opened_share(&self, accused: u16, complainer: u16) -> Option<crypto::Scalar> {
        self.complaints
            .get(&(accused, complainer))
            .copied()
            .flatten()
    }
    /// Open complaints against this trustee.
    #[must_use]
    pub fn complaints_against(&self, accused: u16) -> Vec<u16> {
        let open = self
            .complaints
            .iter()
            .filter(|(k, v)| k.0 == accused && v.is_none());
        open.map(|(k, _)| k.1).collect()
    }
    /// Whether a complaint by this trustee is still open.
    fn waits_for_answer(&self, complainer: u16) -> bool {
        let mut all = self.complaints.iter();
        all.any(|(k, v)| k.1 == complainer && v.is_none())
    }
    /// All complaints: accused, complainer, and whether the accused has opened the share.
    pub fn complaints(&self) -> impl Iterator<Item = (u16, u16, bool)> {
        let all = self.complaints.iter();
        all.map(|((accused, complainer), share)| (*accused, *complainer, share.is_some()))
    }
    /// Who was found to cheat.
    #[must_use]
    pub fn culprit(&self) -> Option<u16> {
        self.culprit
    }

    /// Takes the next message of trustee `id` (rules R2.03–R2.12).
    ///
    /// # Errors
    /// [`CeremonyError`]; the state is then unchanged.
    pub fn apply(&mut self, id: u16, message: &Message) -> Result<(), CeremonyError> {
        if let Some(culprit) = self.culprit {
            return Err(CeremonyError::Failed { culprit });
        }
        self.roster.member(id)?;
        let round = self.round();
        match message {
            Message::Commit(h) => {
                self.expect(round, Round::Commit, id)?;
                self.commits.insert(id, *h);
            }
            Message::Reveal {
                commitments,
                knowledge,
            } => {
                self.expect(round, Round::Reveal, id)?;
                self.check_reveal(id, message, commitments, knowledge)?;
                self.reveals.insert(id, commitments.clone());
            }
            Message::Shares(shares) => {
                self.expect(round, Round::Shares, id)?;
                let others = self
                    .roster
                    .members()
                    .iter()
                    .map(|m| m.id)
                    .filter(|m| *m != id);
                if !shares.iter().map(|s| s.to).eq(others) {
                    return Err(CeremonyError::Shares);
                }
                self.shares.insert(id, shares.clone());
            }
            Message::Confirm => {
                self.expect(round, Round::Confirm, id)?;
                if self.waits_for_answer(id) {
                    return Err(CeremonyError::Round);
                }
                self.confirmed.insert(id);
            }
            Message::Complain { accused } => self.complain(round, *accused, id)?,
            Message::Answer { complainer, share } => self.answer(id, *complainer, share)?,
            Message::Sign(signature) => {
                self.expect(round, Round::Sign, id)?;
                let key = self.roster.member(id)?.key;
                schnorr::verify(&key, ROOT, self.root().as_bytes(), signature)
                    .map_err(|_| CeremonyError::RootSignature)?;
                self.signatures.insert(id, *signature);
            }
        }
        Ok(())
    }
    fn expect(&self, round: Round, wanted: Round, id: u16) -> Result<(), CeremonyError> {
        let ok = round == wanted && !self.has_spoken(wanted, id);
        if ok {
            Ok(())
        } else {
            Err(CeremonyError::Round)
        }
    }
    fn check_reveal(
        &self,
        id: u16,
        message: &Message,
        commitments: &[Point],
        knowledge: &Signature,
    ) -> Result<(), CeremonyError> {
        if self.commits.get(&id) != Some(&commitment(&self.setup, &self.roster, id, message)) {
            return Err(CeremonyError::Reveal);
        }
        if commitments.len() != usize::from(self.roster.t()) {
            return Err(CeremonyError::Degree);
        }
        let first = commitments.first().ok_or(CeremonyError::Degree)?;
        let bytes = knowledge_message(&self.setup, &self.roster, id, commitments);
        schnorr::verify(first, KNOWLEDGE, &bytes, knowledge).map_err(|_| CeremonyError::Knowledge)
    }
    fn complain(&mut self, round: Round, accused: u16, id: u16) -> Result<(), CeremonyError> {
        self.expect(round, Round::Confirm, id)?;
        self.roster.member(accused)?;
        if accused == id || self.complaints.contains_key(&(accused, id)) {
            return Err(CeremonyError::Round);
        }
        self.complaints.insert((accused, id), None);
        Ok(())
    }
    fn answer(
        &mut self,
        id: u16,
        complainer: u16,
        share: &crypto::Scalar,
    ) -> Result<(), CeremonyError> {
        if self.complaints.get(&(id, complainer)) != Some(&None) {
            return Err(CeremonyError::Round);
        }
        let commitments = self.reveals.get(&id).ok_or(CeremonyError::Round)?;
        if RistrettoPoint::mul_base(share) == evaluate_commitments(commitments, complainer) {
            self.complaints.insert((id, complainer), Some(*share));
        } else {
            self.culprit = Some(id);
        }
        Ok(())
    }
    /// Root over setup, roster and all messages of rounds 1–4.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut w = Writer::new();
        for (id, h) in &self.commits {
            w.u16(*id);
            h.write(&mut w);
        }
        for (id, c) in &self.reveals {
            w.u16(*id);
            w.list(c);
        }
        for (id, s) in &self.shares {
            w.u16(*id);
            w.list(s);
        }
        for ((accused, complainer), share) in &self.complaints {
            w.u16(*accused);
            w.u16(*complainer);
            w.option(share.as_ref());
        }
        let messages = w.finish();
        crypto::hash::hash(
            "ceremony-transcript",
            &[
                self.setup.as_bytes(),
                &roster_bytes(&self.roster),
                &messages,
            ],
        )
    }
    /// Joint key, verification keys and root, once every trustee has signed.
    ///
    /// # Errors
    /// [`CeremonyError::Round`], [`CeremonyError::Identity`].
    pub fn outcome(&self) -> Result<Outcome, CeremonyError> {
        if self.round() != Round::Done {
            return Err(CeremonyError::Round);
        }
        self.keys()
    }
    /// The keys as soon as all reveals are in.
    pub(crate) fn keys(&self) -> Result<Outcome, CeremonyError> {
        let joint: RistrettoPoint = self
            .reveals
            .values()
            .filter_map(|c| c.first())
            .map(Point::point)
            .sum();
        let joint = Point::new(joint).ok_or(CeremonyError::Identity)?;
        let verification = self
            .roster
            .members()
            .iter()
            .map(|m| {
                let sum: RistrettoPoint = self
                    .reveals
                    .values()
                    .map(|c| evaluate_commitments(c, m.id))
                    .sum();
                Point::new(sum).ok_or(CeremonyError::Identity)
            })
            .collect::<Result<_, _>>()?;
        Ok(Outcome {
            joint,
            verification,
            root: self.root(),
        })
    }
}
