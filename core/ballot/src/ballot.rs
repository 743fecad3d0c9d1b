//! The ballot entry: what a voter signs and sends (spec 03 §5).

use crate::own_card::{MAX_REGISTRARS, OwnCard, OwnCardError, Place};
use crate::proof::{Context, ProofError};
use crate::token::{RSA_BYTES, TokenMessage};
use crypto::schnorr::Signature;
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Encoded, Hash, Point, Rule, Scalar};

/// Purpose of a voter's signature.
pub const BALLOT_PURPOSE: &str = "ballot";

/// What a signature field holds before it is signed.
pub(crate) const NO_SIGNATURE: Signature = Signature {
    r: Encoded([0; 32]),
    z: Scalar::ZERO,
};

/// A ballot as it is on the board.
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
    /// The card behind the voting key.
    pub card: OwnCard,
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
    /// Rule R3.22: not one card key of each registrar, or a signature of a card where none belongs or
    /// none where one belongs.
    OwnCard,
    /// Rule R3.19: two equal first halves, in one contest or in two.
    Repeated,
    /// Rules R3.01–R3.06: a contest's proof.
    Proof(ProofError),
    /// Rule R4.01: a registrar's token does not verify for this election, kind, vk and seq.
    Token,
    /// Rule R4.02: not signed with the card behind the voting key.
    Card(OwnCardError),
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
            Self::OwnCard => crate::rules::BALLOT_OWN_CARD,
            Self::Repeated => crate::rules::BALLOT_REPEATED,
            Self::Proof(p) => p.rule(),
            Self::Token => crate::rules::TOKEN,
            Self::Card(e) => e.rule(),
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
        w.list(&self.card.keys);
        self.card.r.write(w);
        self.card.z.write(w);
        w.u8(self.card.window);
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
    /// The entry hash: of the whole entry, signature included.
    #[must_use]
    pub fn entry_hash(&self) -> Hash {
        crypto::hash::entry_hash(&self.to_bytes())
    }
    /// The message its tokens must sign.
    #[must_use]
    pub fn token_message(&self) -> TokenMessage {
        TokenMessage::for_ballot(self.election, self.vk, (self.seq, self.prev))
    }
    /// What the signature of its card is for.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        Place {
            election: &self.election,
            vk: &self.vk,
            seq: self.seq,
            prev: &self.prev,
            window: self.card.window,
            tokens: &self.tokens,
        }
    }
    pub(crate) fn context(&self, contest: u16) -> Context {
        Context {
            election: self.election,
            contest,
            vk: self.vk,
            seq: self.seq,
            prev: self.prev,
            pictures: self.pictures,
        }
    }
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
        let tokens = r.list(MAX_REGISTRARS)?;
        let card = OwnCard {
            keys: r.list(MAX_REGISTRARS)?,
            r: Encoded::read(r)?,
            z: Scalar::read(r)?,
            window: r.u8()?,
        };
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
            card,
            contests,
            signature: NO_SIGNATURE,
        })
    }
}

impl TopLevel for Ballot {
    const TYPE: u8 = 15;
}
