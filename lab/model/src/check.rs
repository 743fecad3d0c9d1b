//! Check or cast (spec 03 §5, 05 §2.1, §4): a booth that knows everything and may lie, a phone
//! that holds what it scanned before the choice, a board that keeps its rules.
//!
//! Two worlds run in parallel from the same commitment: in one the voter casts, in the
//! other she checks. A booth is unseen when it cheats in the first and would have passed the
//! second. The model says nothing about voters who never check or have no phone: they are not
//! protected.

use stateright::{Model, Property};
use std::collections::BTreeSet;

/// A complete ballot the booth can make. The voter wants [`Mark::Wanted`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// What is inside.
    pub choice: Mark,
    /// Which randomness it was made with; one randomness never serves two choices.
    pub randomness: u8,
    /// Which of two pictures it carries: another picture is another entry hash.
    pub picture: u8,
}

/// A choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// What the voter wants.
    Wanted,
    /// What a cheating booth wants.
    Cheated,
}

/// One wanted ballot, the same ciphertexts with another picture, and a cheated one.
const ENTRIES: [Entry; 3] = [
    Entry {
        choice: Mark::Wanted,
        randomness: 0,
        picture: 0,
    },
    Entry {
        choice: Mark::Wanted,
        randomness: 0,
        picture: 1,
    },
    Entry {
        choice: Mark::Cheated,
        randomness: 1,
        picture: 0,
    },
];

/// The voter's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// 投票する.
    Cast,
    /// 確かめる.
    Check,
}

/// The rules, each of which can be broken on purpose.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one rule of the protocol, switched off alone"
)]
pub struct Rules {
    /// The entry hash is shown before the voter decides.
    pub shown_first: bool,
    /// The phone takes no opening for another entry hash than it scanned.
    pub phone_compares: bool,
    /// The phone waits until the opened ballot is final on the board.
    pub phone_waits: bool,
    /// R5.26, R5.27: nothing is both cast and opened.
    pub exclusive: bool,
    /// R3.18: only the voting key opens a ballot.
    pub opening_signed: bool,
}

impl Rules {
    /// As specified.
    #[must_use]
    pub fn specified() -> Self {
        Self {
            shown_first: true,
            phone_compares: true,
            phone_waits: true,
            exclusive: true,
            opening_signed: true,
        }
    }
}

/// The model.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Whether the booth does what it likes.
    pub lying_booth: bool,
    /// Under which rules.
    pub rules: Rules,
}

/// How the phone ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Phone {
    /// It waits.
    #[default]
    Waiting,
    /// All is as the voter wanted.
    Content,
    /// Something is wrong and the voter knows.
    Alarm,
}

/// One of the two worlds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct World {
    /// What the phone scanned before the decision.
    scanned: Option<Entry>,
    /// The ballot on the board; there is one number to fill.
    cast: Option<Entry>,
    opened: BTreeSet<Entry>,
    phone: Phone,
}

/// Both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct State {
    cast: World,
    check: World,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The entry hash of this entry is shown in both worlds.
    Show(Entry),
    /// It is shown in one world, after the decision (broken rule).
    ShowLate(Decision, Entry),
    /// A ballot reaches the board.
    Cast(Decision, Entry),
    /// A check ballot reaches the board.
    Open(Decision, Entry),
    /// The booth shows the phone seed and signature of this entry.
    Seed(Entry),
    /// The phone looks for the ballot it scanned.
    Look,
    /// The voter gives up waiting.
    GiveUp(Decision),
}

impl State {
    fn world(&mut self, d: Decision) -> &mut World {
        match d {
            Decision::Cast => &mut self.cast,
            Decision::Check => &mut self.check,
        }
    }
}

impl World {
    fn spent(&self, e: &Entry) -> bool {
        let same = |o: &Entry| o.randomness == e.randomness;
        self.opened.iter().any(same) || self.cast.as_ref().is_some_and(same)
    }
}

impl Check {
    /// What the booth of this world wants to do with the entry.
    fn would(&self, w: &World, d: Decision, wanted: Decision, e: Entry) -> bool {
        self.lying_booth || (d == wanted && w.scanned == Some(e))
    }
    fn in_world(&self, w: &World, d: Decision, actions: &mut Vec<Action>) {
        for e in ENTRIES {
            let free = !self.rules.exclusive || !w.spent(&e);
            if w.cast.is_none() && free && self.would(w, d, Decision::Cast, e) {
                actions.push(Action::Cast(d, e));
            }
            let by_others = !self.rules.opening_signed && w.scanned == Some(e);
            let opens = self.would(w, d, Decision::Check, e) || by_others;
            if !w.opened.contains(&e) && free && opens {
                actions.push(Action::Open(d, e));
            }
        }
        if w.scanned.is_some() && w.phone == Phone::Waiting {
            actions.push(Action::GiveUp(d));
        }
    }
    /// The phone recomputes the entry from the seed and says what is inside.
    fn seed(&self, w: &mut World, e: Entry) {
        let known = w.scanned == Some(e) || !self.rules.phone_compares;
        let open = w.opened.contains(&e) || !self.rules.phone_waits;
        w.phone = if known && open && e.choice == Mark::Wanted {
            Phone::Content
        } else {
            Phone::Alarm
        };
    }
    fn look(w: &mut World) {
        w.phone = if w.cast == w.scanned {
            Phone::Content
        } else {
            Phone::Alarm
        };
    }
}

impl Model for Check {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::default()]
    }
    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let choices = ENTRIES
            .into_iter()
            .take(if self.lying_booth { 3 } else { 1 });
        if self.rules.shown_first {
            if state.cast.scanned.is_none() {
                actions.extend(choices.map(Action::Show));
                return;
            }
        } else {
            for d in [Decision::Cast, Decision::Check] {
                if state.clone().world(d).scanned.is_none() {
                    actions.extend(choices.clone().map(|e| Action::ShowLate(d, e)));
                }
            }
        }
        self.in_world(&state.cast, Decision::Cast, actions);
        self.in_world(&state.check, Decision::Check, actions);
        if state.check.scanned.is_some() && state.check.phone == Phone::Waiting {
            let shown = |e: &Entry| self.lying_booth || state.check.opened.contains(e);
            actions.extend(ENTRIES.into_iter().filter(shown).map(Action::Seed));
        }
        let (scanned, there) = (state.cast.scanned.is_some(), state.cast.cast.is_some());
        if scanned && there && state.cast.phone == Phone::Waiting {
            actions.push(Action::Look);
        }
    }
    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = last.clone();
        match action {
            Action::Show(e) => {
                next.cast.scanned = Some(e);
                next.check.scanned = Some(e);
            }
            Action::ShowLate(d, e) => next.world(d).scanned = Some(e),
            Action::Cast(d, e) => next.world(d).cast = Some(e),
            Action::Open(d, e) => {
                next.world(d).opened.insert(e);
            }
            Action::Seed(e) => self.seed(&mut next.check, e),
            Action::Look => Self::look(&mut next.cast),
            Action::GiveUp(d) => next.world(d).phone = Phone::Alarm,
        }
        Some(next)
    }
    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(SEEN, seen),
            Property::always(INTENDED, intended),
            Property::always(AS_SHOWN, as_shown),
            Property::always(EITHER, either),
            Property::always(NOT_BLOCKED, not_blocked),
            Property::sometimes(CONTENT, |_, s: &State| {
                s.cast.phone == Phone::Content && s.check.phone == Phone::Content
            }),
        ]
    }
}

/// If a booth cheats a voter who casts, a voter who checks would have caught it.
pub const SEEN: &str = "no booth cheats and would pass the check";
/// A check that ends well has opened what the voter wanted, and what she scanned.
pub const INTENDED: &str = "a good check opened what was scanned and wanted";
/// A cast that ends well counts what the voter scanned.
pub const AS_SHOWN: &str = "a good cast counts what was scanned";
/// No randomness is both cast and opened.
pub const EITHER: &str = "nothing is both cast and opened";
/// An honest booth's ballot cannot be kept off the board by opening it.
pub const NOT_BLOCKED: &str = "nobody opens an honest booth's ballot that is to be cast";
/// The search reaches a good cast next to a good check.
pub const CONTENT: &str = "cast and check end well";

fn seen(_: &Check, s: &State) -> bool {
    let cheated = s.cast.cast.is_some_and(|e| e.choice == Mark::Cheated);
    let unseen = s.cast.phone == Phone::Content && s.check.phone == Phone::Content;
    !(cheated && unseen)
}

fn intended(_: &Check, s: &State) -> bool {
    let good = |e: Entry| e.choice == Mark::Wanted && s.check.opened.contains(&e);
    s.check.phone != Phone::Content || s.check.scanned.is_some_and(good)
}

fn as_shown(_: &Check, s: &State) -> bool {
    s.cast.phone != Phone::Content || (s.cast.cast.is_some() && s.cast.cast == s.cast.scanned)
}

fn either(_: &Check, s: &State) -> bool {
    [&s.cast, &s.check].into_iter().all(|w| {
        let cast = w.cast.as_ref();
        cast.is_none_or(|c| w.opened.iter().all(|o| o.randomness != c.randomness))
    })
}

fn not_blocked(m: &Check, s: &State) -> bool {
    m.lying_booth || s.cast.opened.is_empty()
}

#[cfg(test)]
mod tests;
