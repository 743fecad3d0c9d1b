//! What must hold, and what must be possible.

use super::{Author, Card, Credential, Entry, Key, State};
use stateright::Property;

/// One person, one counted ballot.
pub const ONE: &str = "one person, one counted ballot";
/// Nobody but voters with a card of their own has a key that counts.
pub const OWN_RIGHT: &str = "no voter's right is used up by somebody else's key";
/// Every ballot on the board has a card signature of its own.
pub const PRESENT: &str = "every ballot has a card signature of its own";
/// The same, of the voter's own card: known not to hold once s is stolen (documented limit).
pub const OWN_CARD: &str = "every ballot has a signature of its own voter's card";
/// The attacker's choice counts for the honest voter only after s was stolen.
pub const OWN_CHOICE: &str = "nobody else chooses for a voter who was not robbed";
/// What counts is never older than another ballot of the same voter that was received.
pub const LAST: &str = "the last received ballot counts";
/// The ballot before is the one the voter was shown.
pub const HISTORY: &str = "a ballot follows the one its voter was shown";
/// Nobody learns s but by stealing it.
pub const UNLINKED: &str = "nobody computes a voter's secret";
/// What malware took away with it does not outlive a vote from a clean computer.
pub const CLEAN: &str = "a vote from a clean computer stays";
/// What malware took away with it replaces nothing.
pub const GONE: &str = "malware that is gone replaces no ballot";
/// The same once the window has ended in which it was there.
pub const OUTLIVED: &str = "malware that is gone replaces no ballot after its window";
/// The search reaches a re-vote that counts.
pub const REVOTE: &str = "a re-vote counts";
/// The search reaches two voters counted.
pub const BOTH: &str = "both voters count";

fn attackers_keys(s: &State) -> usize {
    [Key::First, Key::Second]
        .into_iter()
        .filter(|k| s.counted(*k).is_some())
        .count()
}

fn one(_: &Credential, s: &State) -> bool {
    s.board.len() <= s.first.len()
}

fn own_right(m: &Credential, s: &State) -> bool {
    attackers_keys(s) <= usize::from(m.scenario.corrupt_voter)
}

fn present(_: &Credential, s: &State) -> bool {
    s.board.values().map(Vec::len).sum::<usize>() <= s.spent.len()
}

fn own_card(_: &Credential, s: &State) -> bool {
    let signed = s.spent.iter().filter(|a| a.card == Card::Honest).count();
    s.on_board(Key::Honest).len() <= signed
}

fn own_choice(m: &Credential, s: &State) -> bool {
    let robbed = s.stolen && m.scenario.theft.of_secret();
    robbed
        || s.on_board(Key::Honest)
            .iter()
            .all(|e| e.author != Author::Attacker)
}

fn last(_: &Credential, s: &State) -> bool {
    let rounds = s
        .on_board(Key::Honest)
        .iter()
        .filter_map(|e| match e.author {
            Author::Round(r) => Some(r),
            Author::Attacker => None,
        });
    rounds.is_sorted()
}

fn history(_: &Credential, s: &State) -> bool {
    let there = s.on_board(Key::Honest);
    there.iter().enumerate().all(|(i, e)| {
        let before = i.checked_sub(1).and_then(|i| there.get(i));
        e.author == Author::Attacker || e.prev.as_deref() == before
    })
}

fn unlinked(m: &Credential, s: &State) -> bool {
    m.scenario.theft.of_secret() || !s.secret
}

fn clean(_: &Credential, s: &State) -> bool {
    let Some(from) = s.clean_from else {
        return true;
    };
    let there = s.on_board(Key::Honest);
    let clean = |e: &&Entry| matches!(e.author, Author::Round(r) if r >= from);
    let after = there.iter().skip_while(|e| !clean(e));
    after.into_iter().all(|e| e.author != Author::Attacker)
}

fn gone(_: &Credential, s: &State) -> bool {
    !s.replaced
}

fn outlived(_: &Credential, s: &State) -> bool {
    !s.outlived
}

fn revote(_: &Credential, s: &State) -> bool {
    let counted = s.counted(Key::Honest);
    counted.is_some_and(|e| e.seq > 1 && e.author != Author::Attacker)
}

fn both(_: &Credential, s: &State) -> bool {
    s.counted(Key::Honest).is_some() && attackers_keys(s) > 0
}

pub(super) fn all() -> Vec<Property<Credential>> {
    vec![
        Property::always(ONE, one),
        Property::always(OWN_RIGHT, own_right),
        Property::always(PRESENT, present),
        Property::always(OWN_CARD, own_card),
        Property::always(OWN_CHOICE, own_choice),
        Property::always(LAST, last),
        Property::always(HISTORY, history),
        Property::always(UNLINKED, unlinked),
        Property::always(CLEAN, clean),
        Property::always(GONE, gone),
        Property::always(OUTLIVED, outlived),
        Property::sometimes(REVOTE, revote),
        Property::sometimes(BOTH, both),
    ]
}
