//! Entries that one party posts under its own signature.

use super::kind;
use ballot::manifest::{Channel, Officer};
use ballot::text::Text;
use ceremony::{Message, Roster};
use crypto::schnorr::{BadSignature, Signature, SigningKey, verify};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Encoded, Hash, Point, Scalar};
use rand_core::CryptoRng;
use tally::PartialDecryption;

/// The value a signature field has before it is signed.
fn blank() -> Signature {
    Signature {
        r: Encoded([0; 32]),
        z: Scalar::ZERO,
    }
}

macro_rules! signed {
    ($type:ident, $kind:expr, $purpose:literal) => {
        impl $type {
            /// Purpose of the signature.
            pub const PURPOSE: &'static str = $purpose;

            /// The bytes the signature covers.
            #[must_use]
            pub fn signed_bytes(&self) -> Vec<u8> {
                let mut w = Writer::top($kind);
                self.write_unsigned(&mut w);
                w.finish()
            }
            /// Signs the entry.
            #[must_use]
            pub fn signed<R: CryptoRng + ?Sized>(mut self, key: &SigningKey, rng: &mut R) -> Self {
                self.signature = key.sign(Self::PURPOSE, &self.signed_bytes(), rng);
                self
            }
            /// Checks the signature.
            ///
            /// # Errors
            /// [`BadSignature`].
            pub fn verify(&self, key: &Point) -> Result<(), BadSignature> {
                verify(key, Self::PURPOSE, &self.signed_bytes(), &self.signature)
            }
        }
        impl TopLevel for $type {
            const TYPE: u8 = $kind;
        }
    };
}

/// A new election: who holds it, who signs for it, who keeps its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The network it is posted to.
    pub network: [u8; 32],
    /// Short machine name.
    pub id: String,
    /// The authority.
    pub authority: Point,
    /// Officers, as in the manifest later.
    pub officers: Vec<Officer>,
    /// Names of the trustees, by id.
    pub trustee_names: Vec<Text>,
    /// Threshold and keys of the trustees.
    pub roster: Roster,
    /// By the authority.
    pub signature: Signature,
}

impl Setup {
    /// An unsigned setup; call [`Setup::signed`].
    #[must_use]
    pub fn new(
        network: [u8; 32],
        id: &str,
        authority: Point,
        officers: Vec<Officer>,
        trustee_names: Vec<Text>,
        roster: Roster,
    ) -> Self {
        let id = id.to_owned();
        Self {
            network,
            id,
            authority,
            officers,
            trustee_names,
            roster,
            signature: blank(),
        }
    }
    fn write_unsigned(&self, w: &mut Writer) {
        w.raw(&self.network);
        w.text(&self.id);
        self.authority.write(w);
        w.list(&self.officers);
        w.list(&self.trustee_names);
        self.roster.write(w);
    }
}

signed!(Setup, kind::SETUP, "board-setup");

impl Wire for Setup {
    fn write(&self, w: &mut Writer) {
        self.write_unsigned(w);
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            network: r.array()?,
            id: r.text(64)?,
            authority: Point::read(r)?,
            officers: r.list(64)?,
            trustee_names: r.list(Roster::MAX)?,
            roster: Roster::read(r)?,
            signature: Signature::read(r)?,
        })
    }
}

/// A trustee's message of the key ceremony.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CeremonyEntry {
    /// Entry hash of the setup.
    pub setup: Hash,
    /// Who speaks.
    pub trustee: u16,
    /// The message; its kind is its round.
    pub message: Message,
    /// By the trustee.
    pub signature: Signature,
}

impl CeremonyEntry {
    /// An unsigned message; call [`CeremonyEntry::signed`].
    #[must_use]
    pub fn new(setup: Hash, trustee: u16, message: Message) -> Self {
        Self {
            setup,
            trustee,
            message,
            signature: blank(),
        }
    }
    fn write_unsigned(&self, w: &mut Writer) {
        self.setup.write(w);
        w.u16(self.trustee);
        self.message.write(w);
    }
}

signed!(CeremonyEntry, kind::CEREMONY, "board-ceremony");

impl Wire for CeremonyEntry {
    fn write(&self, w: &mut Writer) {
        self.write_unsigned(w);
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            setup: Hash::read(r)?,
            trustee: r.u16()?,
            message: Message::read(r)?,
            signature: Signature::read(r)?,
        })
    }
}

/// What a registrar issued in one channel on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelCount {
    /// The channel.
    pub channel: Channel,
    /// Credentials (*first* tokens).
    pub first: u32,
    /// *again* tokens.
    pub again: u32,
}

impl Wire for ChannelCount {
    fn write(&self, w: &mut Writer) {
        self.channel.write(w);
        w.u32(self.first);
        w.u32(self.again);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            channel: Channel::read(r)?,
            first: r.u32()?,
            again: r.u32()?,
        })
    }
}

/// A registrar's counts of one day and the Merkle root of its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The election.
    pub election: Hash,
    /// Index in the manifest.
    pub registrar: u16,
    /// Days since 1970-01-01 (JST calendar of the election).
    pub day: u32,
    /// Counts of that day, channels increasing.
    pub counts: Vec<ChannelCount>,
    /// Incidents of that day (captured credentials reported at the counter).
    pub incidents: u32,
    /// Merkle root over all evidence so far.
    pub root: [u8; 32],
    /// By the registrar.
    pub signature: Signature,
}

impl Evidence {
    /// Unsigned evidence; call [`Evidence::signed`].
    #[must_use]
    pub fn new(
        election: Hash,
        registrar: u16,
        day: u32,
        counts: Vec<ChannelCount>,
        incidents: u32,
        root: [u8; 32],
    ) -> Self {
        Self {
            election,
            registrar,
            day,
            counts,
            incidents,
            root,
            signature: blank(),
        }
    }
    fn write_unsigned(&self, w: &mut Writer) {
        self.election.write(w);
        w.u16(self.registrar);
        w.u32(self.day);
        w.list(&self.counts);
        w.u32(self.incidents);
        w.raw(&self.root);
    }
}

signed!(Evidence, kind::EVIDENCE, "board-evidence");

impl Wire for Evidence {
    fn write(&self, w: &mut Writer) {
        self.write_unsigned(w);
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            election: Hash::read(r)?,
            registrar: r.u16()?,
            day: r.u32()?,
            counts: r.list(8)?,
            incidents: r.u32()?,
            root: r.array()?,
            signature: Signature::read(r)?,
        })
    }
}

/// A trustee's promise of one decryption share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareCommit {
    /// The election.
    pub election: Hash,
    /// Who commits.
    pub trustee: u16,
    /// [`tally::Target::digest`] of what will be decrypted.
    pub target: Hash,
    /// [`PartialDecryption::commitment`].
    pub commitment: Hash,
    /// By the trustee.
    pub signature: Signature,
}

impl ShareCommit {
    /// An unsigned commitment; call [`ShareCommit::signed`].
    #[must_use]
    pub fn new(election: Hash, trustee: u16, target: Hash, commitment: Hash) -> Self {
        Self {
            election,
            trustee,
            target,
            commitment,
            signature: blank(),
        }
    }
    fn write_unsigned(&self, w: &mut Writer) {
        self.election.write(w);
        w.u16(self.trustee);
        self.target.write(w);
        self.commitment.write(w);
    }
}

signed!(ShareCommit, kind::SHARE_COMMIT, "board-share-commit");

impl Wire for ShareCommit {
    fn write(&self, w: &mut Writer) {
        self.write_unsigned(w);
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            election: Hash::read(r)?,
            trustee: r.u16()?,
            target: Hash::read(r)?,
            commitment: Hash::read(r)?,
            signature: Signature::read(r)?,
        })
    }
}

/// A trustee's decryption share on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareEntry {
    /// The election.
    pub election: Hash,
    /// The share; names its trustee.
    pub share: PartialDecryption,
    /// By the trustee.
    pub signature: Signature,
}

impl ShareEntry {
    /// An unsigned share; call [`ShareEntry::signed`].
    #[must_use]
    pub fn new(election: Hash, share: PartialDecryption) -> Self {
        Self {
            election,
            share,
            signature: blank(),
        }
    }
    fn write_unsigned(&self, w: &mut Writer) {
        self.election.write(w);
        self.share.write(w);
    }
}

signed!(ShareEntry, kind::SHARE, "board-share");

impl Wire for ShareEntry {
    fn write(&self, w: &mut Writer) {
        self.write_unsigned(w);
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            election: Hash::read(r)?,
            share: PartialDecryption::read(r)?,
            signature: Signature::read(r)?,
        })
    }
}

/// The result: derivable from the board, so it carries no signature and only one value is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultEntry {
    /// The election.
    pub election: Hash,
    /// Votes per contest and option.
    pub votes: Vec<Vec<u64>>,
    /// Ballots accepted.
    pub received: u64,
    /// Ballots replaced by a later one of the same voting key.
    pub overwritten: u64,
    /// Ballots counted.
    pub counted: u64,
    /// Check ballots opened.
    pub check_ballots: u64,
    /// Credentials issued, per registrar, from its evidence.
    pub issued: Vec<u64>,
}

impl Wire for ResultEntry {
    fn write(&self, w: &mut Writer) {
        self.election.write(w);
        w.u32(u32::try_from(self.votes.len()).unwrap_or(u32::MAX));
        for contest in &self.votes {
            w.list(contest);
        }
        w.u64(self.received);
        w.u64(self.overwritten);
        w.u64(self.counted);
        w.u64(self.check_ballots);
        w.list(&self.issued);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let election = Hash::read(r)?;
        let n = r.count(16)?;
        Ok(Self {
            election,
            votes: (0..n).map(|_| r.list(100)).collect::<Result<_, _>>()?,
            received: r.u64()?,
            overwritten: r.u64()?,
            counted: r.u64()?,
            check_ballots: r.u64()?,
            issued: r.list(8)?,
        })
    }
}

impl TopLevel for ResultEntry {
    const TYPE: u8 = kind::RESULT;
}
