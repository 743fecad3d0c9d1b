//! The ballot entry: what a voter signs and sends (spec 03 §5).

use crate::check_ballot::CheckBallot;
use crate::contest::Selection;
use crate::manifest::Manifest;
use crate::proof::{self, ContestBallot, Context, Item, Key, ProofError};
use crate::token::{RSA_BYTES, TokenMessage};
use crypto::elgamal::Ciphertext;
use crypto::schnorr::{self, Signature, SigningKey};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Hash, Point, Rule};
use rand_core::CryptoRng;

/// Purpose of a voter's signature.
pub const BALLOT_PURPOSE: &str = "ballot";

/// What a signature field holds before it is signed.
const NO_SIGNATURE: Signature = Signature {
    r: crypto::Encoded([0; 32]),
    z: crypto::Scalar::ZERO,
};

/// A ballot as it stands on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// The election.
    pub election: Hash,
    /// The voting key.
    pub vk: Point,
    /// 1 for the first ballot of vk, then one more each time.
    pub seq: u32,
    /// Entry hash of the previous ballot of vk; zeros for the first.
    pub prev: Hash,
    /// Two of 16 pictures.
    pub pictures: [u8; 2],
    /// One token of each registrar, in the manifest's order.
    pub tokens: Vec<[u8; RSA_BYTES]>,
    /// The encrypted contests, in the manifest's order.
    pub contests: Vec<Vec<u8>>,
    /// By vk over everything before it.
    pub signature: Signature,
}

/// Why a ballot is refused without looking at the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BallotError {
    /// Rule R3.10: not canonical bytes.
    Bytes(WireError),
    /// Rule R3.11: not the one length of this election's ballots.
    Length,
    /// Rule R3.12: made for another election.
    Election,
    /// Rule R3.13: a picture that is not one of the 16.
    Pictures,
    /// Rule R3.14: not one token of each registrar.
    TokenCount,
    /// Rule R3.15: not every contest of the manifest.
    ContestCount,
    /// Rule R3.16: the signature is not by vk over these bytes.
    Signature,
    /// Rule R3.18: a check ballot is not opened by vk.
    Opening,
    /// Rule R3.17: seq is 0, or prev does not fit seq (zeros exactly for seq 1).
    Sequence,
    /// Rule R3.19: two equal a_i, in one contest or in two.
    Repeated,
    /// Rules R3.01–R3.06: a contest's proof.
    Proof(ProofError),
    /// Rule R4.01: a registrar's token does not verify for this election, kind, vk and seq.
    Token,
}

impl BallotError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Bytes(_) => crate::rules::BALLOT_BYTES,
            Self::Length => crate::rules::BALLOT_LENGTH,
            Self::Election => crate::rules::BALLOT_ELECTION,
            Self::Pictures => crate::rules::BALLOT_PICTURES,
            Self::TokenCount => crate::rules::BALLOT_TOKENS,
            Self::ContestCount => crate::rules::BALLOT_CONTESTS,
            Self::Signature => crate::rules::BALLOT_SIGNATURE,
            Self::Sequence => crate::rules::BALLOT_SEQUENCE,
            Self::Opening => crate::rules::CHECK_OPENED,
            Self::Repeated => crate::rules::BALLOT_REPEATED,
            Self::Proof(p) => p.rule(),
            Self::Token => crate::rules::TOKEN,
        }
    }
}

impl core::fmt::Display for BallotError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "ballot refused: {self:?} ({})", self.rule())
    }
}

impl std::error::Error for BallotError {}

impl From<ProofError> for BallotError {
    fn from(e: ProofError) -> Self {
        Self::Proof(e)
    }
}

impl Ballot {
    /// The bytes the signature covers.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        let mut w = Writer::top(Self::TYPE);
        self.write_unsigned(&mut w);
        w.finish()
    }
    pub(crate) fn write_unsigned(&self, w: &mut Writer) {
        self.election.write(w);
        self.vk.write(w);
        w.u32(self.seq);
        self.prev.write(w);
        w.raw(&self.pictures);
        w.list(&self.tokens);
        w.u32(u32::try_from(self.contests.len()).unwrap_or(u32::MAX));
        for c in &self.contests {
            w.bytes(c);
        }
    }
    /// The same ballot with zeros for a signature.
    pub(crate) fn without_signature(&self) -> Self {
        Self {
            signature: NO_SIGNATURE,
            ..self.clone()
        }
    }
    /// The entry hash: fingerprint of the whole entry.
    #[must_use]
    pub fn entry_hash(&self) -> Hash {
        crypto::hash::fingerprint(&self.to_bytes())
    }
    /// The message its tokens must sign.
    #[must_use]
    pub fn token_message(&self) -> TokenMessage {
        TokenMessage::for_ballot(self.election, self.vk, self.seq)
    }
    fn context(&self, contest: u16) -> Context {
        Context {
            election: self.election,
            contest,
            vk: self.vk,
            seq: self.seq,
            prev: self.prev,
            pictures: self.pictures,
        }
    }
    /// Decodes the contests (rules R3.15, R3.01, R3.02, R3.19).
    ///
    /// # Errors
    /// [`BallotError`].
    pub fn decode_contests(&self, rules: &BallotRules) -> Result<Vec<ContestBallot>, BallotError> {
        if self.contests.len() != rules.keys.len() {
            return Err(BallotError::ContestCount);
        }
        let pairs = self.contests.iter().zip(&rules.keys);
        let contests = pairs
            .map(|(c, k)| Ok(ContestBallot::from_bytes(c, k.shape())?))
            .collect::<Result<Vec<_>, BallotError>>()?;
        if repeats(&contests) {
            return Err(BallotError::Repeated);
        }
        Ok(contests)
    }
}

/// Whether an a_i stands twice: equal randomness shows the difference of two marks.
fn repeats(contests: &[ContestBallot]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    !contests.iter().flat_map(|c| &c.a).all(|a| seen.insert(a.0))
}

impl Wire for Ballot {
    fn write(&self, w: &mut Writer) {
        self.write_unsigned(w);
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let mut ballot = Self::read_unsigned(r)?;
        ballot.signature = Signature::read(r)?;
        Ok(ballot)
    }
}

impl Ballot {
    /// Everything but the signature, which stays zeros.
    pub(crate) fn read_unsigned(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let election = Hash::read(r)?;
        let vk = Point::read(r)?;
        let seq = r.u32()?;
        let prev = Hash::read(r)?;
        let pictures = r.array()?;
        let tokens = r.list(8)?;
        let n = r.count(16)?;
        let contests = (0..n)
            .map(|_| r.bytes(64 * 1024).map(<[u8]>::to_vec))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            election,
            vk,
            seq,
            prev,
            pictures,
            tokens,
            contests,
            signature: NO_SIGNATURE,
        })
    }
}

impl TopLevel for Ballot {
    const TYPE: u8 = 15;
}

/// What ballots of one election are checked against; built once from the manifest.
#[derive(Debug)]
pub struct BallotRules {
    election: Hash,
    ballot_len: usize,
    registrars: Vec<crate::manifest::Registrar>,
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
                .map(|c| Key::new(c.shape, joint))
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
    pub fn registrars(&self) -> &[crate::manifest::Registrar] {
        &self.registrars
    }
    /// One key per contest.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Cheap rules first: R3.10–R3.17 without proofs and tokens.
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
        Ok(())
    }
    /// Rule R4.01: every registrar signed this election, kind, vk and seq.
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
            let modulus = registrar.modulus(message.kind());
            crate::blind::verify(modulus, &bytes, token).map_err(|_| BallotError::Token)?;
        }
        Ok(())
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
        let contests = b.decode_contests(self)?;
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
        let decoded: Vec<_> = ballots.iter().map(|b| b.decode_contests(self)).collect();
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
        self.check_proofs(&b, rng)?;
        Ok(b)
    }
}

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
        if selections.len() != rules.keys.len() {
            return Err(BallotError::ContestCount);
        }
        let mut ballot = Ballot {
            election: rules.election,
            vk: self.key.public(),
            seq: self.seq,
            prev: self.prev,
            pictures: self.pictures,
            tokens: self.tokens,
            contests: Vec::with_capacity(selections.len()),
            signature: NO_SIGNATURE,
        };
        let contests = (0u16..)
            .zip(rules.keys.iter().zip(selections))
            .map(|(i, (key, s))| proof::prove(key, &ballot.context(i), s, seed, rng).to_bytes())
            .collect();
        ballot.contests = contests;
        ballot.signature = self.key.sign(BALLOT_PURPOSE, &ballot.signed_bytes(), rng);
        Ok(ballot)
    }
}

#[cfg(test)]
mod tests;
