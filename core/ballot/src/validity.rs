//! The checks of a ballot that need no board (spec 03 §5).

use crate::ballot::{BALLOT_PURPOSE, Ballot, BallotError};
use crate::check_ballot::CheckBallot;
use crate::manifest::{Manifest, Registrar};
use crate::proof::{self, ContestBallot, Item, Key};
use crypto::Hash;
use crypto::elgamal::Ciphertext;
use crypto::schnorr;
use crypto::wire::TopLevel as _;
use rand_core::CryptoRng;

/// What ballots of one election are checked against; built once from the manifest.
#[derive(Debug)]
pub struct BallotRules {
    election: Hash,
    ballot_len: usize,
    registrars: Vec<Registrar>,
    keys: Vec<Key>,
}

impl BallotRules {
    /// Takes group, generators, keys and options from the manifest.
    #[must_use]
    pub fn new(manifest: &Manifest) -> Self {
        let joint = manifest.trustees.joint;
        Self {
            election: manifest.election_hash(),
            ballot_len: manifest.ballot_len(),
            registrars: manifest.registrars.clone(),
            keys: manifest
                .contests
                .iter()
                .map(|c| {
                    let numbers: Vec<u16> = c.options.iter().map(|o| o.number).collect();
                    Key::new(c.shape, &numbers, joint)
                })
                .collect(),
        }
    }
    /// The election.
    #[must_use]
    pub fn election(&self) -> &Hash {
        &self.election
    }
    /// The registrars, whose tokens ballots carry.
    #[must_use]
    pub fn registrars(&self) -> &[Registrar] {
        &self.registrars
    }
    /// One key per contest.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Decodes a ballot's contests (rules R3.15, R3.01, R3.02, R3.19).
    ///
    /// # Errors
    /// [`BallotError`].
    pub fn decode(&self, ballot: &Ballot) -> Result<Vec<ContestBallot>, BallotError> {
        if ballot.contests.len() != self.keys.len() {
            return Err(BallotError::ContestCount);
        }
        let pairs = ballot.contests.iter().zip(&self.keys);
        let contests = pairs
            .map(|(c, k)| Ok(ContestBallot::from_bytes(c, k.shape())?))
            .collect::<Result<Vec<_>, BallotError>>()?;
        if repeats(&contests) {
            return Err(BallotError::Repeated);
        }
        Ok(contests)
    }

    /// Cheap rules first: R3.10–R3.17 and R3.22, without proofs and tokens.
    ///
    /// # Errors
    /// [`BallotError`].
    pub fn check_form(&self, bytes: &[u8]) -> Result<Ballot, BallotError> {
        if bytes.len() != self.ballot_len {
            return Err(BallotError::Length);
        }
        let b = Ballot::from_bytes(bytes).map_err(BallotError::Bytes)?;
        self.check_fields(&b)?;
        schnorr::verify(&b.vk, BALLOT_PURPOSE, &b.signed_bytes(), &b.signature)
            .map_err(|_| BallotError::Signature)?;
        Ok(b)
    }
    /// [`Self::check_form`] for a check ballot, with R3.18 in place of R3.16.
    ///
    /// # Errors
    /// [`BallotError`].
    pub fn check_opened_form(&self, bytes: &[u8]) -> Result<CheckBallot, BallotError> {
        if bytes.len() != self.ballot_len + CheckBallot::EXTRA_BYTES {
            return Err(BallotError::Length);
        }
        let s = CheckBallot::from_bytes(bytes).map_err(BallotError::Bytes)?;
        self.check_fields(&s.ballot)?;
        if s.is_opened_by_its_voter() {
            Ok(s)
        } else {
            Err(BallotError::Opening)
        }
    }
    fn check_fields(&self, b: &Ballot) -> Result<(), BallotError> {
        if b.election != self.election {
            return Err(BallotError::Election);
        }
        if b.pictures
            .iter()
            .any(|m| usize::from(*m) >= crate::code::PICTURES.len())
        {
            return Err(BallotError::Pictures);
        }
        if b.tokens.len() != self.registrars.len() {
            return Err(BallotError::TokenCount);
        }
        if b.contests.len() != self.keys.len() {
            return Err(BallotError::ContestCount);
        }
        if b.seq == 0 || (b.seq == 1) != (b.prev == Hash::ZERO) {
            return Err(BallotError::Sequence);
        }
        if !b.card.has_form(b.seq, self.registrars.len()) {
            return Err(BallotError::OwnCard);
        }
        Ok(())
    }
    /// Rule R4.01: every registrar signed this election, kind, vk, seq and predecessor, with its key
    /// of the ballot's window.
    ///
    /// # Errors
    /// [`BallotError::Token`].
    pub fn check_tokens(&self, b: &Ballot) -> Result<(), BallotError> {
        let message = b.token_message();
        let bytes = message.to_bytes();
        if b.tokens.len() != self.registrars.len() {
            return Err(BallotError::TokenCount);
        }
        for (registrar, token) in self.registrars.iter().zip(&b.tokens) {
            let modulus = registrar
                .modulus(message.kind(), b.card.window)
                .ok_or(BallotError::Token)?;
            crate::blind::verify(modulus, &bytes, token).map_err(|_| BallotError::Token)?;
        }
        Ok(())
    }
    /// Rule R4.02: a further ballot is signed with the card behind its voting key.
    ///
    /// # Errors
    /// [`BallotError::Card`].
    pub fn check_card(&self, b: &Ballot) -> Result<(), BallotError> {
        if b.seq == 1 {
            return Ok(());
        }
        b.place().verify(&b.card).map_err(BallotError::Card)
    }
    /// Rules R3.01–R3.06 and R3.19 for the contests of one ballot; its ciphertexts, contest by contest.
    ///
    /// # Errors
    /// [`BallotError`].
    pub fn check_proofs<R: CryptoRng + ?Sized>(
        &self,
        b: &Ballot,
        rng: &mut R,
    ) -> Result<Vec<Vec<Ciphertext>>, BallotError> {
        let contests = self.decode(b)?;
        let keyed = (0u16..).zip(self.keys.iter().zip(&contests));
        keyed
            .map(|(i, (key, contest))| {
                let ctx = b.context(i);
                Ok(proof::open_one(key, &Item { ctx, contest }, rng)?)
            })
            .collect()
    }
    /// Rules R3.01–R3.06 and R3.19 for many ballots at once; answers in the order of `ballots`.
    pub fn check_proofs_batch<R: CryptoRng + ?Sized>(
        &self,
        ballots: &[&Ballot],
        rng: &mut R,
    ) -> Vec<Result<Vec<Vec<Ciphertext>>, BallotError>> {
        let decoded: Vec<_> = ballots.iter().map(|b| self.decode(b)).collect();
        let mut out: Vec<Result<Vec<Vec<Ciphertext>>, BallotError>> = decoded
            .iter()
            .map(|d| d.as_ref().map(|_| Vec::new()).map_err(|e| *e))
            .collect();
        for (i, key) in (0u16..).zip(&self.keys) {
            let mut rows = Vec::new();
            let mut items = Vec::new();
            for (row, (b, d)) in ballots.iter().zip(&decoded).enumerate() {
                if let Some(contest) = d.as_ref().ok().and_then(|d| d.get(usize::from(i))) {
                    rows.push(row);
                    items.push(Item {
                        ctx: b.context(i),
                        contest,
                    });
                }
            }
            for (row, answer) in rows.into_iter().zip(proof::open_batch(key, &items, rng)) {
                match (answer, out.get_mut(row)) {
                    (Ok(opened), Some(Ok(all))) => all.push(opened),
                    (Err(e), Some(o @ Ok(_))) => *o = Err(e.into()),
                    _ => {}
                }
            }
        }
        out
    }
    /// Every stateless rule of a ballot, cheapest first.
    ///
    /// # Errors
    /// [`BallotError`].
    pub fn check<R: CryptoRng + ?Sized>(
        &self,
        bytes: &[u8],
        rng: &mut R,
    ) -> Result<Ballot, BallotError> {
        let b = self.check_form(bytes)?;
        self.check_tokens(&b)?;
        self.check_card(&b)?;
        self.check_proofs(&b, rng)?;
        Ok(b)
    }
}

/// Whether a first half appears twice: equal randomness shows the difference of two plaintexts, and
/// the randomness of an opened mask would show a mark.
fn repeats(contests: &[ContestBallot]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let mut firsts = contests.iter().flat_map(ContestBallot::firsts);
    !firsts.all(|a| seen.insert(a.0))
}

#[cfg(test)]
mod tests;
