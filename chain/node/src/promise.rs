//! Promises at the close: what this node says under its key, and the proof for a block that more
//! than f validators said so before the close (spec 05 §5, §7).

use crate::rules::{self, Checked, Late, Outlook, Rule, Seen, State};
use api::node::{Answer, Judgement};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use std::collections::BTreeMap;

/// A validator's node key, as bytes.
pub type NodeKey = [u8; 32];

/// Signs what this node says.
pub struct Speaker {
    key: SigningKey,
    network: [u8; 32],
}

impl Speaker {
    /// Speaks with this node key on the network with this id.
    #[must_use]
    pub fn new(key: SigningKey, network: [u8; 32]) -> Self {
        Self { key, network }
    }
    /// The node key.
    #[must_use]
    pub fn key(&self) -> &SigningKey {
        &self.key
    }
    /// Network id.
    #[must_use]
    pub fn network(&self) -> [u8; 32] {
        self.network
    }
    /// `Seen`, or a refusal by this rule. `time_ms` is the own clock's time with which the entry was
    /// judged: a promise given before the close says so, however long the signing takes.
    #[must_use]
    pub fn says(&self, entry: Hash, rule: Option<Rule>, height: u64, time_ms: u64) -> Answer {
        let said = Judgement {
            network: self.network,
            entry,
            rule,
            height,
            time_ms,
        };
        said.signed(&self.key, &mut rand::rng())
    }
}

/// Whether the close of its election is so near that nodes tell each other at once that they
/// promised this ballot or check ballot.
#[must_use]
pub fn is_urgent(state: &State, checked: &Checked, now_ms: u64) -> bool {
    let close_at = state.close_of(checked);
    close_at.is_some_and(|close| now_ms >= close.saturating_sub(rules::NEAR_CLOSE_MS))
}

/// What another validator said, if it is its promise on this network; gives its node key.
#[must_use]
pub fn promise_of(
    state: &State,
    network: &[u8; 32],
    engine: &[u8],
    answer: &Answer,
) -> Option<NodeKey> {
    if answer.body.rule.is_some() || answer.body.network != *network {
        return None;
    }
    let by = state
        .validators()
        .iter()
        .find(|v| v.engine_key == *engine)?;
    answer.verify(&by.node_key).ok()?;
    Some(*by.node_key.as_bytes())
}

/// The `Late` with which a block takes this ballot; none when too few validators in office have
/// promised it before the close as far as is known here. A promise with a time that the board does
/// not take is left out: one validator with a false date would else keep the ballot out.
#[must_use]
pub fn late(state: &State, checked: &Checked, said: &BTreeMap<NodeKey, Answer>) -> Option<Checked> {
    let validators = state.validators();
    let needed = rules::tolerated(validators.len()) + 1;
    let seen: Vec<Seen> = (0u16..)
        .zip(validators)
        .filter_map(|(validator, v)| {
            let answer = said.get(v.node_key.as_bytes())?;
            let counts = state.promise_counts(checked, answer.body.time_ms);
            counts.then_some(Seen {
                validator,
                height: answer.body.height,
                time_ms: answer.body.time_ms,
                signature: answer.signature,
            })
        })
        .take(needed)
        .collect();
    if seen.len() < needed {
        return None;
    }
    let late = Late {
        election: checked.slot()?.election,
        entry: *checked.hash(),
        seen,
    };
    rules::check(state, &late.to_bytes()).ok()
}

/// What a block of this time needs to take an entry that waits.
pub enum Way {
    /// Nothing else.
    Alone,
    /// This in front of it.
    With(Checked),
}

/// How a block of this time could take an entry that waits here; none when it cannot.
#[must_use]
pub fn way(
    state: &State,
    checked: &Checked,
    time_ms: u64,
    said: impl FnOnce() -> BTreeMap<NodeKey, Answer>,
) -> Option<Way> {
    if state.outlook(checked, time_ms) != Outlook::Fits {
        return None;
    }
    if state.needs_late(checked, time_ms) {
        late(state, checked, &said()).map(Way::With)
    } else {
        Some(Way::Alone)
    }
}
