//! Tally and announcement (spec 07, 05 §6): t of n trustees. Some belong to the attacker, who
//! gives the honest ones anything to decrypt.

use stateright::{Model, Property};
use std::collections::BTreeSet;

/// What somebody might want opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The sum fixed by the close block.
    Sum,
    /// Anything else: one voter's ballot, a subset, a sum of before the close.
    Other,
}

/// The rules, each of which can be broken on purpose.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one rule of the protocol, switched off alone"
)]
pub struct Rules {
    /// An honest trustee shows her share in the phase *announced* only.
    pub waits_for_announce: bool,
    /// An honest trustee computes the target from the chain herself.
    pub own_target: bool,
    /// `Announce` comes after announce_at.
    pub announce_at: bool,
    /// A share must match its commitment and proof to be used.
    pub shares_checked: bool,
    /// A day after announce_at the phase begins without the officers.
    pub announced_by_time: bool,
}

impl Rules {
    /// As specified.
    #[must_use]
    pub fn specified() -> Self {
        Self {
            waits_for_announce: true,
            own_target: true,
            announce_at: true,
            shares_checked: true,
            announced_by_time: true,
        }
    }
}

/// The model.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// n.
    pub trustees: u8,
    /// t.
    pub needed: u8,
    /// The attacker's; the first ones.
    pub corrupt: u8,
    /// Whether two officers announce; others keep silent for ever.
    pub officers: bool,
    /// Under which rules.
    pub rules: Rules,
}

/// How far the election is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Ballots are taken.
    #[default]
    Open,
    /// The sum is fixed.
    Closed,
    /// announce_at has come.
    Due,
    /// A day has passed since then.
    DayLater,
    /// Two officers announced, or nobody had to any more.
    Announced,
}

/// Everything that can differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct State {
    phase: Phase,
    committed: BTreeSet<u8>,
    /// Honest shares that were shown.
    shown: BTreeSet<(u8, Target)>,
    /// Whether anything was shown before the announcement.
    early: bool,
    /// Shares taken by the board: by whom, good or not.
    taken: BTreeSet<(u8, bool)>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Time goes on to the next phase, or officers act.
    Go(Phase),
    /// A trustee commits to a share of the sum.
    Commit(u8),
    /// An honest trustee is asked to open this and does.
    Show(u8, Target),
    /// The board takes a share, good or forged.
    Take(u8, bool),
}

impl Opening {
    fn honest(&self) -> std::ops::Range<u8> {
        self.corrupt..self.trustees
    }
    /// Shares of `target` the attacker can put together: all his own, and what was shown.
    fn shares(&self, s: &State, target: Target) -> usize {
        let shown = s.shown.iter().filter(|(_, t)| *t == target).count();
        usize::from(self.corrupt) + shown
    }
    fn opens(&self, s: &State, target: Target) -> bool {
        self.shares(s, target) >= usize::from(self.needed)
    }
    fn next_phase(&self, s: &State) -> Option<Phase> {
        let enough = s.committed.len() >= usize::from(self.needed);
        match s.phase {
            Phase::Open => Some(Phase::Closed),
            Phase::Closed if !self.rules.announce_at && enough && self.officers => {
                Some(Phase::Announced)
            }
            Phase::Closed => Some(Phase::Due),
            Phase::Due if enough && self.officers => Some(Phase::Announced),
            Phase::Due => Some(Phase::DayLater),
            Phase::DayLater if self.officers || self.rules.announced_by_time => {
                enough.then_some(Phase::Announced)
            }
            Phase::DayLater | Phase::Announced => None,
        }
    }
    fn good(&self, s: &State) -> usize {
        s.taken.iter().filter(|(_, good)| *good).count()
    }
}

/// Nobody knows the sum before it is announced.
pub const NOT_EARLY: &str = "no result before the announcement";
/// Officers alone cannot move the announcement before its time.
pub const IN_TIME: &str = "no announcement before its time";
/// Nothing but the sum is ever opened.
pub const SUM_ONLY: &str = "nothing but the sum is opened";
/// A wrong share is not added up.
pub const RIGHT: &str = "no wrong share is used";
/// The search reaches a result although all corrupt trustees refuse or lie.
pub const RESULT: &str = "a result without the corrupt trustees";

impl Model for Opening {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::default()]
    }
    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        actions.extend(self.next_phase(state).map(Action::Go));
        if state.phase >= Phase::Closed {
            let silent = (0..self.trustees).filter(|i| !state.committed.contains(i));
            actions.extend(silent.map(Action::Commit));
        }
        for i in self.honest() {
            let ready = state.phase == Phase::Announced
                || (!self.rules.waits_for_announce && state.phase >= Phase::Closed);
            if ready {
                actions.push(Action::Show(i, Target::Sum));
            }
            if !self.rules.own_target {
                actions.push(Action::Show(i, Target::Other));
            }
        }
        if state.phase == Phase::Announced {
            for i in state.committed.iter().copied() {
                let honest = i >= self.corrupt;
                if state.taken.iter().all(|(t, _)| *t != i) {
                    if !honest || state.shown.contains(&(i, Target::Sum)) {
                        actions.push(Action::Take(i, true));
                    }
                    if !honest && !self.rules.shares_checked {
                        actions.push(Action::Take(i, false));
                    }
                }
            }
        }
    }
    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = last.clone();
        match action {
            Action::Go(phase) => {
                next.early |= phase == Phase::Announced && last.phase == Phase::Closed;
                next.phase = phase;
            }
            Action::Commit(i) => {
                next.committed.insert(i);
            }
            Action::Show(i, target) => {
                if !next.shown.insert((i, target)) {
                    return None;
                }
            }
            Action::Take(i, good) => {
                next.taken.insert((i, good));
            }
        }
        Some(next)
    }
    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(NOT_EARLY, |m: &Self, s: &State| {
                s.phase == Phase::Announced || !m.opens(s, Target::Sum)
            }),
            Property::always(IN_TIME, |_, s: &State| !s.early),
            Property::always(SUM_ONLY, |m: &Self, s: &State| !m.opens(s, Target::Other)),
            Property::always(RIGHT, |_, s: &State| s.taken.iter().all(|(_, good)| *good)),
            Property::sometimes(RESULT, |m: &Self, s: &State| {
                m.good(s) >= usize::from(m.needed) && s.taken.iter().all(|(i, _)| *i >= m.corrupt)
            }),
        ]
    }
}

#[cfg(test)]
mod tests;
