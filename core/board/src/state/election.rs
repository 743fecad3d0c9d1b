//! One election on the board.

use super::Position;
use super::evidence_row::EvidenceRow;
use super::masks::BallotMasks;
use crate::check::Known;
use crate::entry::{Hints, ResultEntry, Setup};
use crate::store::{Item, Memory, Store, Table as _};
use ballot::bucket;
use ballot::manifest::Release;
use ballot::text::Text;
use ballot::{Manifest, SealedManifest};
use ceremony::Ceremony;
use crypto::elgamal::Ciphertext;
use crypto::{Hash, Point};
use imbl::OrdMap;
use std::sync::Arc;
use tally::{PartialDecryption, Target, Votes};

/// How far an election is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Set up; nothing of the ceremony yet.
    Setup,
    /// The key ceremony runs or has ended.
    Ceremony,
    /// The manifest is sealed.
    Sealed,
    /// Two officers withdrew it before the opening: it is not held.
    Withdrawn,
    /// Ballots are accepted.
    Open,
    /// The board made no block across the close; officers decide.
    Halted,
    /// After a halt: ballots that were promised before the close are taken, and nothing else.
    Draining,
    /// The box is closed.
    Closed,
    /// At least t trustees have committed their shares.
    Committed,
    /// Shares may be shown.
    Announced,
    /// The result is on the board.
    Result,
}

impl Phase {
    /// The word used in views and API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Ceremony => "ceremony",
            Self::Sealed => "sealed",
            Self::Withdrawn => "withdrawn",
            Self::Open => "open",
            Self::Halted => "halted",
            Self::Draining => "draining",
            Self::Closed => "closed",
            Self::Committed => "committed",
            Self::Announced => "announced",
            Self::Result => "result",
        }
    }
}

/// The last accepted ballot of a voting key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voter {
    /// Its number.
    pub seq: u32,
    /// Its entry hash.
    pub hash: Hash,
    /// Its phase.
    pub place: Position,
    /// Time of its block (ms).
    pub time_ms: u64,
    /// X of each registrar, the same in all ballots of the key: what the voter's card must fit.
    pub keys: Arc<[[u8; 32]]>,
    /// Its ciphertexts, 64 bytes each.
    pub(crate) encoded: Arc<[u8]>,
}

impl Item for Voter {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.seq.to_le_bytes());
        self.hash.put(out);
        self.place.put(out);
        out.extend_from_slice(&self.time_ms.to_le_bytes());
        // At most eight registrars.
        out.push(u8::try_from(self.keys.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(self.keys.as_flattened());
        out.extend_from_slice(&self.encoded);
    }
    fn take(bytes: &[u8]) -> Option<Self> {
        let (seq, rest) = bytes.split_first_chunk()?;
        let (hash, rest) = rest.split_first_chunk()?;
        let (place, rest) = rest.split_at_checked(Position::BYTES)?;
        let (time, rest) = rest.split_first_chunk()?;
        let (keys, rest) = rest.split_first()?;
        let (keys, encoded) = rest.split_at_checked(32 * usize::from(*keys))?;
        let (keys, _) = keys.as_chunks();
        Some(Self {
            seq: u32::from_le_bytes(*seq),
            hash: Hash(*hash),
            place: Position::take(place)?,
            time_ms: u64::from_le_bytes(*time),
            keys: keys.into(),
            encoded: encoded.into(),
        })
    }
}

/// A booth program voters may use, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The program.
    pub release: Release,
    /// Whether two officers released it later; otherwise it was sealed with the manifest.
    pub later: bool,
}

impl Released {
    /// The word used in views: `sealed` or `act`.
    #[must_use]
    pub fn origin(&self) -> &'static str {
        if self.later { "act" } else { "sealed" }
    }
}

/// One election. Copies are cheap when `S` is [`Memory`].
#[derive(Clone, Debug)]
pub struct Election<S: Store = Memory> {
    pub(super) known: Arc<Known>,
    pub(super) ceremony: Arc<Ceremony>,
    pub(super) phase: Phase,
    pub(super) sealed_height: u64,
    pub(super) close_at: u64,
    /// Time of the block with `Open` (ms).
    pub(super) opened_at: u64,
    /// Time of the last block before the halt (ms).
    pub(super) halted_since: u64,
    /// Time of the block with the `Drain` in force (ms).
    pub(super) drains_from: Option<u64>,
    /// Day of the close before a `Resume` → time of the block with the `Resume` (ms).
    pub(super) resumed: OrdMap<u64, u64>,
    /// Time of the close block (ms).
    pub(super) closed_at: u64,
    pub(super) voters: S::Table<[u8; 32], Voter>,
    /// First halves of all ciphertexts seen, those of masks included; true: opened as a check.
    pub(super) firsts: S::Table<[u8; 32], bool>,
    pub(super) checks_made: S::Table<([u8; 32], u32), u8>,
    /// (Committed entry hash, voting key) → hash of the `CheckBallot` entry. The key is part
    /// of it because anybody can commit to somebody else's entry hash.
    pub(super) opened: S::Table<(Hash, [u8; 32]), Hash>,
    /// By entry hash of the ballot: what its check lines hold, until they are opened.
    pub(super) masks: S::Table<Hash, BallotMasks>,
    pub(super) openings: u64,
    pub(super) received: u64,
    pub(super) counted: u64,
    pub(super) check_ballots: u64,
    pub(super) sums: Arc<Vec<Vec<Ciphertext>>>,
    pub(super) target: Option<Arc<Target>>,
    pub(super) evidence: OrdMap<(u16, u32), EvidenceRow>,
    pub(super) commits: OrdMap<u16, Hash>,
    /// Whether two officers announced.
    pub(super) officers_announced: bool,
    pub(super) shares: OrdMap<u16, Arc<PartialDecryption>>,
    pub(super) votes: Option<Arc<Votes>>,
    pub(super) result: Option<Arc<ResultEntry>>,
    pub(super) salts: OrdMap<u16, ()>,
    /// By [`Release::name`].
    pub(super) releases: OrdMap<(String, String), Released>,
    pub(super) withdrawn: Option<Arc<Text>>,
    /// Entry hashes of the withdrawal and of the newest addresses, by type.
    pub(super) acts: OrdMap<u8, Hash>,
    pub(super) hints: Option<Arc<Hints>>,
}

impl<S: Store> Election<S> {
    pub(super) fn new(setup_hash: Hash, setup: Setup, store: &S) -> Self {
        let ceremony = Ceremony::new(setup_hash, setup.roster.clone());
        Self {
            known: Arc::new(Known {
                setup_hash,
                setup,
                sealed: None,
            }),
            ceremony: Arc::new(ceremony),
            phase: Phase::Setup,
            sealed_height: 0,
            close_at: u64::MAX,
            opened_at: 0,
            halted_since: 0,
            drains_from: None,
            resumed: OrdMap::new(),
            closed_at: 0,
            voters: store.table(),
            firsts: store.table(),
            checks_made: store.table(),
            opened: store.table(),
            masks: store.table(),
            openings: 0,
            received: 0,
            counted: 0,
            check_ballots: 0,
            sums: Arc::default(),
            target: None,
            evidence: OrdMap::new(),
            commits: OrdMap::new(),
            officers_announced: false,
            shares: OrdMap::new(),
            votes: None,
            result: None,
            salts: OrdMap::new(),
            releases: OrdMap::new(),
            withdrawn: None,
            acts: OrdMap::new(),
            hints: None,
        }
    }
    pub(super) fn known(&self) -> &Arc<Known> {
        &self.known
    }
    /// Entry hash of the setup.
    #[must_use]
    pub fn setup_hash(&self) -> &Hash {
        &self.known.setup_hash
    }
    /// The setup.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.known.setup
    }
    /// The key ceremony so far.
    #[must_use]
    pub fn ceremony(&self) -> &Ceremony {
        &self.ceremony
    }
    /// The sealed manifest.
    #[must_use]
    pub fn sealed(&self) -> Option<&SealedManifest> {
        self.known.sealed.as_ref().map(|s| s.manifest.as_ref())
    }
    /// The manifest.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        self.sealed().map(|s| &s.manifest)
    }
    /// The election hash, once sealed.
    #[must_use]
    pub fn hash(&self) -> Option<&Hash> {
        self.known.sealed.as_ref().map(|s| &s.election)
    }
    /// How far it is.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }
    /// The effective close: the manifest's, or that of the last `Extend` or `Resume` (ms).
    #[must_use]
    pub fn close_at(&self) -> u64 {
        self.close_at
    }
    /// Time of the close block, once the box is closed (ms).
    #[must_use]
    pub fn closed_at(&self) -> Option<u64> {
        self.target.as_ref().map(|_| self.closed_at)
    }
    /// End of the drain: the first block at or after this time closes the box (ms).
    #[must_use]
    pub fn drained_at(&self) -> u64 {
        let drain = self.manifest().map_or(0, |m| m.drain_ms);
        let from = self.drains_from.unwrap_or(self.close_at);
        from.saturating_add(drain)
    }
    /// All voting keys with their last ballots, in the order of the keys.
    pub fn each_voter(&self, f: &mut dyn FnMut(&[u8; 32], &Voter)) {
        self.voters.clone().each(f);
    }
    /// Ballots accepted.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }
    /// Voting keys with an accepted ballot: what is or will be counted.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.counted
    }
    /// Ballots whose voters let one number of every check line be opened.
    #[must_use]
    pub fn openings(&self) -> u64 {
        self.openings
    }
    /// Check ballots opened.
    #[must_use]
    pub fn check_ballots(&self) -> u64 {
        self.check_ballots
    }
    /// What trustees decrypt, once the box is closed.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        self.target.as_deref()
    }
    /// Whether two officers announced. Shares count without it when a day has passed.
    #[must_use]
    pub fn officers_announced(&self) -> bool {
        self.officers_announced
    }
    /// Share commitments by trustee.
    pub fn commitments(&self) -> impl Iterator<Item = (&u16, &Hash)> {
        self.commits.iter()
    }
    /// A trustee's share commitment.
    #[must_use]
    pub fn commitment(&self, trustee: u16) -> Option<&Hash> {
        self.commits.get(&trustee)
    }
    /// Good decryption shares by trustee.
    pub fn shares(&self) -> impl Iterator<Item = (&u16, &PartialDecryption)> {
        self.shares.iter().map(|(k, v)| (k, v.as_ref()))
    }
    /// Votes as soon as t good shares are on the board.
    #[must_use]
    pub fn votes(&self) -> Option<&Votes> {
        self.votes.as_deref()
    }
    /// The result on the board.
    #[must_use]
    pub fn result(&self) -> Option<&ResultEntry> {
        self.result.as_deref()
    }
    /// Booth programs voters may use, in order of version and platform, compared by bytes: those of
    /// the manifest and those that two officers released later.
    #[must_use]
    pub fn releases(&self) -> Vec<&Released> {
        let mut all: Vec<&Released> = self.releases.values().collect();
        all.sort_by_key(|r| (&r.release.version, &r.release.platform));
        all
    }
    /// The next instant after `now` at which time alone matters.
    #[must_use]
    pub fn next_boundary_ms(&self, now: u64) -> Option<u64> {
        let m = self.manifest()?;
        let candidates = match self.phase {
            Phase::Sealed => [m.opens_at(), self.close_at, 0],
            Phase::Open => [m.opens_at(), self.close_at, self.drained_at()],
            Phase::Draining => [self.drained_at(), 0, 0],
            Phase::Closed | Phase::Committed => [m.announce_at, self.announced_at(), 0],
            _ => [0; 3],
        };
        candidates.into_iter().filter(|b| *b > now).min()
    }
}

impl Election {
    /// The last accepted ballot of a voting key.
    #[must_use]
    pub fn voter(&self, vk: &Point) -> Option<&Voter> {
        self.voters.get(vk.as_bytes())
    }
    /// All voting keys with their last ballots, by key.
    pub fn voters(&self) -> impl Iterator<Item = (&[u8; 32], &Voter)> {
        self.voters.iter()
    }
    /// The voting keys of one bucket with their last ballots, by key; nothing when there is no such
    /// bucket or the election is not sealed.
    pub fn bucket(&self, index: u32) -> impl Iterator<Item = (&[u8; 32], &Voter)> {
        let bits = self.manifest().map(|m| m.bucket_bits);
        let keys = bits.and_then(|bits| bucket::keys_of(index, bits));
        keys.into_iter().flat_map(|keys| self.voters.range(keys))
    }
    /// The `Opening` entry of the ballot with this entry hash.
    #[must_use]
    pub fn opening_of(&self, ballot: &Hash) -> Option<&Hash> {
        match self.masks.get(ballot)? {
            BallotMasks::Open(entry) => Some(entry),
            BallotMasks::Shut { .. } => None,
        }
    }
    /// Check ballots of this voting key with this number; rule R5.28 limits them.
    #[must_use]
    pub fn checks_made(&self, vk: &Point, seq: u32) -> u8 {
        let made = self.checks_made.get(&(*vk.as_bytes(), seq));
        made.copied().unwrap_or(0)
    }
    /// The `CheckBallot` entry of this voting key that commits to this entry hash.
    #[must_use]
    pub fn check_ballot_entry(&self, committed: &Hash, vk: &Point) -> Option<&Hash> {
        self.opened.get(&(*committed, *vk.as_bytes()))
    }
}
