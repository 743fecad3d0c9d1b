//! Making a ballot: encrypt, prove, sign (spec 03 §5).

use crate::ballot::{BALLOT_PURPOSE, Ballot, BallotError, NO_SIGNATURE};
use crate::contest::Selection;
use crate::own_card::OwnCard;
use crate::proof;
use crate::token::RSA_BYTES;
use crate::validity::BallotRules;
use crypto::Hash;
use crypto::schnorr::SigningKey;
use rand_core::CryptoRng;

/// What goes into a ballot besides the voter's choice.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The voting key.
    pub key: &'a SigningKey,
    /// Sequence number.
    pub seq: u32,
    /// Entry hash of the previous ballot.
    pub prev: Hash,
    /// Two of 16 pictures.
    pub pictures: [u8; 2],
    /// One token per registrar.
    pub tokens: Vec<[u8; RSA_BYTES]>,
    /// What the card step gave.
    pub card: OwnCard,
}

impl Draft<'_> {
    /// Encrypts, proves and signs. `seed` is fresh for every ballot and is what a check reveals.
    ///
    /// # Errors
    /// [`BallotError::ContestCount`] when there is not one selection per contest.
    pub fn seal<R: CryptoRng + ?Sized>(
        self,
        rules: &BallotRules,
        selections: &[Selection],
        seed: &[u8; 32],
        rng: &mut R,
    ) -> Result<Ballot, BallotError> {
        if selections.len() != rules.keys().len() {
            return Err(BallotError::ContestCount);
        }
        let mut ballot = Ballot {
            election: *rules.election(),
            vk: self.key.public(),
            seq: self.seq,
            prev: self.prev,
            pictures: self.pictures,
            tokens: self.tokens,
            card: self.card,
            contests: Vec::with_capacity(selections.len()),
            signature: NO_SIGNATURE,
        };
        let contests = (0u16..)
            .zip(rules.keys().iter().zip(selections))
            .map(|(i, (key, s))| proof::prove(key, &ballot.context(i), s, seed, rng).to_bytes())
            .collect();
        ballot.contests = contests;
        ballot.signature = self.key.sign(BALLOT_PURPOSE, &ballot.signed_bytes(), rng);
        Ok(ballot)
    }
}
