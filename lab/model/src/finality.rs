//! Receipts (spec 06): one height of a board of n validators, some of whom sign anything. Safety
//! of the vote only; that the engine itself makes progress and is safe over many views is its own
//! argument (decision 0002).

use stateright::{Model, Property};
use std::collections::BTreeSet;

/// What a validator may sign at this height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Block {
    /// The block that holds a voter's ballot.
    With,
    /// Another one that does not.
    Without,
}

/// The model.
#[derive(Clone, Copy, Debug)]
pub struct Finality {
    /// n.
    pub validators: u8,
    /// Those who sign anything; the first ones.
    pub byzantine: u8,
    /// Signatures of a finality certificate.
    pub quorum: u8,
}

/// Who signed what, and what the voter holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct State {
    signed: BTreeSet<(u8, Block)>,
    receipt: bool,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A validator signs.
    Sign(u8, Block),
    /// The voter's booth is handed inclusion proof and certificate and checks them.
    Receive,
}

impl Finality {
    fn final_(&self, s: &State, block: Block) -> bool {
        let signers = s.signed.iter().filter(|(_, b)| *b == block).count();
        signers >= usize::from(self.quorum)
    }
}

/// There are no two final blocks of one height.
pub const ONE_HISTORY: &str = "one final block at a height";
/// No verifier can be shown a final chain without the ballot of a receipt.
pub const RECORDED: &str = "a receipt's ballot is in every final chain";
/// The search reaches a receipt.
pub const RECEIPT: &str = "a receipt is possible";

impl Model for Finality {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::default()]
    }
    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for v in 0..self.validators {
            for block in [Block::With, Block::Without] {
                let other = state.signed.iter().any(|(w, b)| *w == v && *b != block);
                let again = state.signed.contains(&(v, block));
                if !again && (!other || v < self.byzantine) {
                    actions.push(Action::Sign(v, block));
                }
            }
        }
        if !state.receipt && self.final_(state, Block::With) {
            actions.push(Action::Receive);
        }
    }
    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = last.clone();
        match action {
            Action::Sign(v, block) => {
                next.signed.insert((v, block));
            }
            Action::Receive => next.receipt = true,
        }
        Some(next)
    }
    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(ONE_HISTORY, |m: &Self, s: &State| {
                !(m.final_(s, Block::With) && m.final_(s, Block::Without))
            }),
            Property::always(RECORDED, |m: &Self, s: &State| {
                !(s.receipt && m.final_(s, Block::Without))
            }),
            Property::sometimes(RECEIPT, |_, s: &State| s.receipt),
        ]
    }
}

#[cfg(test)]
mod tests;
