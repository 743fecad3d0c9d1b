//! The board's rules, as the node uses them: the only file that names crate `board`'s functions.

use api::hex::Hex;
use api::node::{BucketRow, ElectionStatus};
use ballot::survey::are_good_tokens;
use ballot::token::RSA_BYTES;
use board::finality::FinalityCertificate;
use crypto::wire::TopLevel as _;
use crypto::{Encoded, Hash, Point};
use serde_json::json;

pub use api::network::{BadParties, network_config};
pub use board::entry::{Late, Seen};
pub use board::finality::{engine_key, framed, signature_holds};
pub use board::header::{
    Block, Header, MAX_BLOCK_BYTES, MAX_ENTRY_BYTES as MAX_ENTRY, genesis, genesis_block,
};
pub use board::network::tolerated;
pub use board::rules::SEQ;
pub use board::state::{NEAR_CLOSE_MS, Outlook, assemble};
pub use board::{BlockError, Checked, Election, NetworkConfig, Position, Slot, State};
pub use board::{Committee, Receipt};
pub use crypto::Rule;

/// The certificate without signatures that the board refuses; none when it proves nothing then.
#[must_use]
pub fn good_certificate(committee: &Committee, bytes: &[u8]) -> Option<Vec<u8>> {
    let namespace = board::network::namespace(&committee.network);
    let (good, _) = FinalityCertificate::from_bytes(bytes)
        .ok()?
        .strict_part(committee.keys(), &namespace);
    good.verify(committee.keys(), &namespace, &good.payload)
        .ok()?;
    Some(good.to_bytes())
}

/// Why this program does not take an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untaken {
    /// A rule of the board refuses it.
    #[error("refused by rule {0}")]
    Rule(Rule),
    /// The board would take it, and this program cannot do what it orders: it keeps the validators
    /// it was started with, so it puts no hand-over into a block and follows no chain that has one.
    #[error("this program cannot follow a hand-over of validators")]
    NotSupported,
}

/// No rule is named for what only this program cannot do: that would be a false statement about the
/// board (spec 06 §6).
fn followed(checked: Checked) -> Result<Checked, Untaken> {
    if checked.kind() == board::entry::kind::HAND_OVER {
        Err(Untaken::NotSupported)
    } else {
        Ok(checked)
    }
}

/// Checks entries that no state is needed for, on all processors; answers in the same order.
#[must_use]
pub fn check_batch(state: &State, entries: &[&[u8]]) -> Vec<Result<Checked, Untaken>> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let answers = board::check_many_on(state.context(), entries, threads, rand::rng);
    let answers = answers.into_iter();
    answers
        .map(|a| a.map_err(Untaken::Rule).and_then(followed))
        .collect()
}

/// Checks one entry that no state is needed for.
///
/// # Errors
/// [`Untaken`].
pub fn check(state: &State, entry: &[u8]) -> Result<Checked, Untaken> {
    board::check_stateless(state.context(), entry, &mut rand::rng())
        .map_err(Untaken::Rule)
        .and_then(followed)
}

/// The receipt of the ballot that holds a voter's place.
#[must_use]
pub fn holder(state: &State, checked: &Checked) -> Option<Hash> {
    let slot = checked.slot()?;
    let vk = Point::from_bytes(&slot.vk)?;
    Some(state.voter_last(&slot.election, &vk)?.hash)
}

/// The last accepted ballot of a voting key, in whichever election it belongs to.
#[must_use]
pub fn voter_last(state: &State, vk: &Encoded) -> Option<Hash> {
    let vk = Point::from_bytes(&vk.0)?;
    state.elections().find_map(|e| e.voter(&vk)).map(|v| v.hash)
}

/// The last accepted ballots of all voting keys of a bucket, in the order of the keys; none when the
/// election is not sealed here or has no bucket of this number. `election` is an election hash.
#[must_use]
pub fn bucket(state: &State, election: &Hash, index: u32) -> Option<Vec<BucketRow>> {
    let found = state.election(election)?;
    if found.hash() != Some(election) {
        return None;
    }
    BucketRow::all(found, index)
}

/// The check ballot of a voting key that commits to this entry hash.
#[must_use]
pub fn check_ballot(state: &State, entry_hash: &Hash, vk: &Encoded) -> Option<Hash> {
    let vk = Point::from_bytes(&vk.0)?;
    let found = |e: &Election| e.check_ballot_entry(entry_hash, &vk).copied();
    state.elections().find_map(found)
}

/// Check ballots of this voting key with this number.
#[must_use]
pub fn checks_made(state: &State, vk: &Encoded, seq: u32) -> u8 {
    let Some(vk) = Point::from_bytes(&vk.0) else {
        return 0;
    };
    let made = state.elections().map(|e| e.checks_made(&vk, seq));
    made.max().unwrap_or(0)
}

/// The opening of the ballot with this entry hash.
#[must_use]
pub fn opening(state: &State, ballot: &Hash) -> Option<Hash> {
    state
        .elections()
        .find_map(|e| e.opening_of(ballot))
        .copied()
}

/// The public pages of an election, as the board has them now.
#[derive(Clone, Debug)]
pub struct Portal {
    /// Their address.
    pub address: String,
    /// Whether the election is for practice.
    pub practice: bool,
}

/// The public pages of this election.
#[must_use]
pub fn portal(state: &State, election: &Hash) -> Option<Portal> {
    let own = sealed(state, election)?;
    Some(Portal {
        address: own.portal()?.to_owned(),
        practice: own.manifest()?.practice,
    })
}

/// Whether these tokens give the right to answer the survey of this election under this serial.
pub fn may_answer<'t>(
    state: &State,
    (election, serial): (&Hash, &[u8; 32]),
    tokens: impl ExactSizeIterator<Item = &'t [u8; RSA_BYTES]>,
) -> bool {
    let manifest = sealed(state, election).and_then(Election::manifest);
    manifest.is_some_and(|m| are_good_tokens(m, (election, serial), tokens))
}

fn sealed<'s>(state: &'s State, election: &Hash) -> Option<&'s Election> {
    state.elections().find(|e| e.hash() == Some(election))
}

/// A receipt in JSON, for people and pages.
#[must_use]
pub fn receipt_view(bytes: &[u8]) -> Option<serde_json::Value> {
    let r = Receipt::from_bytes(bytes).ok()?;
    Some(json!({
        "code": r.code,
        "entry": r.entry.to_hex(),
        "mark": r.pictures,
        "height": r.height,
        "index": r.index,
        "block_time_ms": r.time_ms(),
        "block": r.headers.first().map(|h| crypto::hash::to_hex(&h.digest())),
        "receipt": crypto::hash::to_hex(bytes),
    }))
}

/// All elections on the board.
#[must_use]
pub fn elections(state: &State, now_ms: u64) -> Vec<ElectionStatus> {
    let one = |e: &Election| ElectionStatus {
        setup: Hex(*e.setup_hash()),
        election: e.hash().copied().map(Hex),
        phase: e.phase().as_str().to_owned(),
        close_at_ms: e.manifest().map(|_| e.close_at()),
        next_boundary_ms: e.next_boundary_ms(now_ms),
        received: e.received(),
        counted: e.counted(),
        check_ballots: e.check_ballots(),
        acts: e.standing_acts().copied().map(Hex).collect(),
    };
    state.elections().map(one).collect()
}

#[cfg(test)]
mod boundaries;
#[cfg(test)]
mod tests;
