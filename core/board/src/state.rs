//! The state machine: what the board knows after a block (spec 05 §3, second and third phase).
//!
//! `State` is cheap to copy (shared maps). Every rule looks at the state of the parent and the
//! block itself, never at a clock, so a validator that lags decides as the others do.

mod ballots;
mod block;
mod election;
mod evidence_row;
mod late;
mod masks;
mod openings;
mod reports;
mod standing;
mod steps;
mod tallying;

pub use block::{BlockError, assemble};
pub(crate) use late::Company;

pub use election::{Election, Phase, Released, Voter};
pub use evidence_row::EvidenceRow;
pub use late::{LATE_FROM_MS, NEAR_CLOSE_MS};
pub use masks::BallotMasks;
pub use reports::{EVIDENCE_DUE_MS, Reported};
pub use steps::RESUME_GAP_MS;
pub use tallying::{ANNOUNCED_AFTER_MS, EVIDENCE_WAIT_MS};

use crate::check::{Body, Checked, StaticContext, check_words};
use crate::committee::{Committee, are_sound};
use crate::entry::{Entry, HandOver, Order, Ordered, kind, peek_election};
use crate::header::{Header, genesis_block};
use crate::network::NetworkConfig;
use crate::rules;
use crate::store::{Item, Memory, Store, Table as _};
use ballot::day::japan_day;
use ballot::manifest::Validator;
use crypto::{Hash, Point, Rule};
use imbl::OrdMap;
use std::sync::Arc;

/// Two successive blocks further apart than this, the later one past the close: halted (ms).
pub const HALT_GAP_MS: u64 = 60_000;
/// How many recent heads `Open` may name.
pub const RECENT_HEADS: u64 = 1024;
/// A hand-over is ordered for a block in so long a time before its `until` (ms): seven days.
pub const HAND_OVER_MS: u64 = 7 * 86_400_000;
/// Most check ballots of one voting key and number.
pub const MAX_CHECK_BALLOTS: u8 = 5;

/// Where an entry is on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Height of the block.
    pub height: u64,
    /// Its place in the block, from 0.
    pub index: u32,
}

impl Position {
    pub(crate) const BYTES: usize = 12;
}

impl Item for Position {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&self.index.to_le_bytes());
    }
    fn take(bytes: &[u8]) -> Option<Self> {
        let (height, index) = bytes.split_first_chunk()?;
        Some(Self {
            height: u64::from_le_bytes(*height),
            index: u32::from_le_bytes(index.try_into().ok()?),
        })
    }
}

/// What may become of an entry that waits for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// The next block may hold it.
    Fits,
    /// No block may hold it now, but one may later.
    Later,
    /// No block after this state can hold it, by this rule.
    Never(Rule),
}

/// The board after a block.
#[derive(Clone, Debug)]
pub struct State<S: Store = Memory> {
    store: S,
    network: Arc<NetworkConfig>,
    /// Who runs the board at present.
    validators: Arc<[Validator]>,
    committee: Arc<Committee>,
    /// Who runs it from the next block on, while a block with a hand-over is judged.
    successors: Option<Arc<[Validator]>>,
    context: StaticContext,
    tip: Header,
    digest: [u8; 32],
    heads: OrdMap<u64, [u8; 32]>,
    /// Time of the first block of each day in Japan on which there was a block.
    days: OrdMap<u64, u64>,
    places: S::Table<Hash, Position>,
    /// By setup hash.
    elections: OrdMap<Hash, Arc<Election<S>>>,
    /// Election hash → setup hash.
    by_hash: OrdMap<Hash, Hash>,
}

/// What a step needs to know about the block it is in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) time_ms: u64,
    /// The block's digest; none while the block is only imagined.
    pub(crate) digest: Option<[u8; 32]>,
    pub(crate) place: Position,
    pub(crate) asked: Asked,
}

/// For whom an entry is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// For a block: every rule of the board.
    Block,
    /// For entries that wait: as for a block, but a ballot that needs a `Late` may still get one.
    Pool,
    /// At a gateway: as for those that wait, and ballots before the close only.
    Gateway,
}

/// What an entry may be compared with of the blocks before it.
pub(crate) struct Past {
    /// Digests of recent heads by height.
    pub(crate) heads: OrdMap<u64, [u8; 32]>,
    /// Times of the first blocks of days, this block's too.
    pub(crate) days: OrdMap<u64, u64>,
}

/// The network as it is at a seal.
pub(crate) struct Present<'a> {
    pub(crate) id: [u8; 32],
    pub(crate) epoch: u64,
    pub(crate) validators: &'a [Validator],
}

impl<S: Store> State<S> {
    /// The state after the genesis block, which keeps its tables in `store`.
    #[must_use]
    pub fn at_genesis(network: &NetworkConfig, store: S) -> Self {
        let block = genesis_block(network);
        let digest = block.header.digest();
        let mut places = store.table();
        for (index, entry) in (0u32..).zip(&block.entries) {
            let place = Position { height: 0, index };
            places.insert(crate::entry::entry_hash(entry), place);
        }
        Self {
            store,
            network: Arc::new(network.clone()),
            validators: network.validators.clone().into(),
            committee: Arc::new(Committee::from(network)),
            successors: None,
            context: StaticContext {
                network: network.id(),
                authorities: network.authorities.clone().into(),
                known: OrdMap::new(),
            },
            places,
            heads: OrdMap::unit(0, digest),
            days: OrdMap::unit(japan_day(block.header.time_ms), block.header.time_ms),
            tip: block.header,
            digest,
            elections: OrdMap::new(),
            by_hash: OrdMap::new(),
        }
    }
    /// The network.
    #[must_use]
    pub fn network(&self) -> &NetworkConfig {
        &self.network
    }
    /// The validators of the next block, by increasing engine key.
    #[must_use]
    pub fn validators(&self) -> &[Validator] {
        &self.validators
    }
    /// Whose certificates make which blocks final.
    #[must_use]
    pub fn committee(&self) -> &Committee {
        &self.committee
    }
    /// What stateless checks on top of this state look things up in.
    #[must_use]
    pub fn context(&self) -> &StaticContext {
        &self.context
    }
    /// The last header.
    #[must_use]
    pub fn tip(&self) -> &Header {
        &self.tip
    }
    /// Its digest.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
    /// All elections, by setup hash.
    pub fn elections(&self) -> impl Iterator<Item = &Election<S>> {
        self.elections.values().map(AsRef::as_ref)
    }
    /// The election with this election hash or setup hash.
    #[must_use]
    pub fn election(&self, id: &Hash) -> Option<&Election<S>> {
        self.elections
            .get(self.by_hash.get(id).unwrap_or(id))
            .map(AsRef::as_ref)
    }
    /// The next instant after `now` at which a phase may change by time alone: leaders propose a
    /// block then, even an empty one.
    #[must_use]
    pub fn next_boundary_ms(&self, now: u64) -> Option<u64> {
        self.elections()
            .filter_map(|e| e.next_boundary_ms(now))
            .min()
    }
    /// Lets the time of the next block take effect: days end, elections close and halt.
    fn pass_time(&mut self, moment: &Moment) {
        let parent = self.tip.time_ms;
        let today = japan_day(moment.time_ms);
        if japan_day(parent) < today {
            self.days.insert(today, moment.time_ms);
        }
        let due: Vec<Hash> = self
            .elections
            .iter()
            .filter(|(_, e)| e.changes_at(parent, moment.time_ms))
            .map(|(k, _)| *k)
            .collect();
        for key in due {
            if let Some(e) = self.elections.get_mut(&key) {
                Arc::make_mut(e).pass_time(parent, moment);
            }
        }
    }
    /// Judges and applies one entry; the state is unchanged when it is refused.
    fn step(
        &mut self,
        checked: &Checked,
        moment: &Moment,
        company: &mut Company,
    ) -> Result<(), Rule> {
        if self.places.get(checked.hash()).is_some() {
            return Err(rules::DUPLICATE);
        }
        if let Some(election) = checked.election().and_then(|id| self.election(&id)) {
            election.stands(checked.kind())?;
        }
        match checked.body() {
            Body::Ballot(b) => self.open_election(&b.election)?.cast(b, moment, company)?,
            Body::CheckBallot(b) => self
                .open_election(&b.election)?
                .note_check(b, checked, moment, company)?,
            Body::Opening(o) => self
                .open_election(&o.election)?
                .open_masks(o, checked, moment)?,
            Body::Seal(manifest, hash) => self.seal(manifest, hash, moment)?,
            Body::Other(Entry::Setup(s)) => self.set_up(checked, &s.body),
            Body::Other(Entry::HandOver(h)) => self.hand_over(h, moment)?,
            Body::Other(Entry::Late(late)) => self.take_late(late, company)?,
            Body::Other(other) => {
                let id = other.election().ok_or(rules::UNKNOWN_ELECTION)?;
                let past = Past {
                    heads: self.heads.clone(),
                    days: self.days.clone(),
                };
                let election = self.open_election(&id)?;
                election.step(other, moment, &past)?;
                election.note_act(checked.kind(), *checked.hash());
            }
        }
        self.places.insert(*checked.hash(), moment.place);
        Ok(())
    }
    fn open_election(&mut self, id: &Hash) -> Result<&mut Election<S>, Rule> {
        let key = *self.by_hash.get(id).unwrap_or(id);
        let e = self
            .elections
            .get_mut(&key)
            .ok_or(rules::UNKNOWN_ELECTION)?;
        Ok(Arc::make_mut(e))
    }
    fn set_up(&mut self, checked: &Checked, setup: &crate::entry::Setup) {
        let election = Election::new(*checked.hash(), setup.clone(), &self.store);
        self.context
            .known
            .insert(*checked.hash(), Arc::clone(election.known()));
        self.elections.insert(*checked.hash(), Arc::new(election));
    }
    fn seal(
        &mut self,
        manifest: &Arc<ballot::SealedManifest>,
        hash: &Hash,
        moment: &Moment,
    ) -> Result<(), Rule> {
        let setup = manifest.manifest.setup;
        let validators = Arc::clone(&self.validators);
        let network = Present {
            id: self.context.network,
            epoch: self.committee.epoch(),
            validators: &validators,
        };
        let election = self.open_election(&setup)?;
        election.seal(manifest, hash, &network, moment)?;
        let known = Arc::clone(election.known());
        self.by_hash.insert(*hash, setup);
        self.context.known.insert(setup, Arc::clone(&known));
        self.context.known.insert(*hash, known);
        Ok(())
    }
    /// Rules R5.58 and R5.76 in a block of this time.
    fn hands_over(
        &self,
        epoch: u64,
        validators: &[Validator],
        until: u64,
        time_ms: u64,
    ) -> Result<(), Rule> {
        let next = self.committee.epoch().checked_add(1) == Some(epoch);
        let changes = *validators != *self.validators;
        if !next || !changes || !are_sound(validators) || self.successors.is_some() {
            return Err(rules::HAND_OVER);
        }
        let left = until.checked_sub(time_ms);
        if !left.is_some_and(|left| (1..=HAND_OVER_MS).contains(&left)) {
            return Err(rules::HAND_OVER_EXPIRED);
        }
        Ok(())
    }
    /// Rules R5.58, R5.76, R5.75 and R5.59. The new set begins with the next block.
    fn hand_over(&mut self, h: &HandOver, moment: &Moment) -> Result<(), Rule> {
        self.hands_over(h.epoch, &h.validators, h.until, moment.time_ms)?;
        self.committee.check_accepted(h)?;
        self.committee.check_hand_over(h)?;
        self.successors = Some(h.validators.clone().into());
        Ok(())
    }
    /// Lets a hand-over of the block at this height take effect.
    fn succeed(&mut self, height: u64) {
        if let Some(next) = self.successors.take() {
            let committee = Arc::make_mut(&mut self.committee);
            let epoch = committee.epoch().saturating_add(1);
            committee.succeed(epoch, &next, height);
            self.validators = next;
        }
    }
}

impl State {
    /// The state after the genesis block.
    #[must_use]
    pub fn genesis(network: &NetworkConfig) -> Self {
        Self::at_genesis(network, Memory)
    }
    /// The place of the entry with this hash.
    #[must_use]
    pub fn find(&self, entry: &Hash) -> Option<Position> {
        self.places.get(entry).copied()
    }
    /// Entries on the board, the genesis entry included.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.places.len()
    }
    /// The last accepted ballot of a voting key.
    #[must_use]
    pub fn voter_last(&self, election: &Hash, vk: &Point) -> Option<&Voter> {
        self.election(election)?.voter(vk)
    }
    /// What can be said about an entry's bytes before any signature or proof is looked at. What
    /// passes here may still be refused by [`Self::admit`], by the same rules.
    ///
    /// # Errors
    /// The rule it breaks.
    pub fn precheck(&self, entry: &[u8], time_ms: u64) -> Result<(), Rule> {
        let [_, found, ..] = entry else {
            return Err(rules::ENTRY_BYTES);
        };
        if !matches!(*found, kind::BALLOT | kind::CHECK_BALLOT) {
            return Ok(());
        }
        let id = peek_election(entry).ok_or(rules::ENTRY_BYTES)?;
        let election = self.election(&id).ok_or(rules::UNKNOWN_ELECTION)?;
        election.receives(time_ms, Asked::Gateway)
    }
    /// Whether this entry alone could be in the next block if its time were `time_ms`. Ballots only
    /// before the close, and without a `Late` however near it is: what a gateway says now is what a
    /// `Late` is made of.
    ///
    /// # Errors
    /// The rule it breaks.
    pub fn admit(&self, checked: &Checked, time_ms: u64) -> Result<(), Rule> {
        self.imagine(checked, time_ms, Asked::Gateway)
    }
    /// What can happen to an entry that waits for a block. Ballots that gateways took before the
    /// close still drain, those that [`Self::needs_late`] names with a `Late`. Those of an election
    /// that is not open, or halted, wait for the officers: promises of them are kept.
    #[must_use]
    pub fn outlook(&self, checked: &Checked, time_ms: u64) -> Outlook {
        match self.imagine(checked, time_ms, Asked::Pool) {
            Ok(()) => Outlook::Fits,
            Err(rules::BALLOT_PHASE | rules::BALLOT_EARLY | rules::AGAIN_WINDOW) => Outlook::Later,
            Err(rule) => Outlook::Never(rule),
        }
    }
    /// Whether the next block could hold this order if two of the election's officers had signed it
    /// and the block's time were `time_ms`. What the signers of an order must know before they sign;
    /// of a hand-over everything but what the new and the present validators sign.
    ///
    /// # Errors
    /// The rule it breaks.
    pub fn would_take(&self, order: &Order, time_ms: u64) -> Result<(), Rule> {
        let sealed = self.election(&order.election).and_then(Election::hash);
        if sealed != Some(&order.election) {
            return Err(rules::UNKNOWN_ELECTION);
        }
        if let Some(election) = self.election(&order.election) {
            election.stands(order.kind())?;
        }
        match &order.ordered {
            Ordered::HandOver {
                epoch,
                validators,
                until,
            } => self.hands_over(*epoch, validators, *until, time_ms),
            Ordered::Act(act) => {
                check_words(act)?;
                let mut next = self.clone();
                let moment = self.next_moment(time_ms, Asked::Gateway);
                next.pass_time(&moment);
                let heads = next.heads.clone();
                next.open_election(&order.election)?
                    .act(act, &moment, &heads)
            }
        }
    }
    fn next_moment(&self, time_ms: u64, asked: Asked) -> Moment {
        Moment {
            time_ms,
            digest: None,
            place: Position {
                height: self.tip.height + 1,
                index: 0,
            },
            asked,
        }
    }
    fn imagine(&self, checked: &Checked, time_ms: u64, asked: Asked) -> Result<(), Rule> {
        let mut next = self.clone();
        let moment = self.next_moment(time_ms, asked);
        next.pass_time(&moment);
        next.step(checked, &moment, &mut Company::default())
    }
}
