//! What is left when everything is over (spec 04, 05, 07): the registrars' tables and the board.
//! Two elections that differ only in who of two voters chose what must leave the same sets of
//! views. The observer is everybody together – registrars, validators, and enough trustees to
//! open every single ballot – so each ballot on the board shows its choice.
//!
//! Voting keys, requests, tokens and ciphertexts are names without meaning: only where the same
//! name appears twice can two places be linked. A blinded request shares no name with the board.

use std::collections::BTreeSet;

/// What the registrars keep of a person, and whether requests are blinded.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing a table could hold"
)]
pub struct Kept {
    /// Requests are blinded, so they do not show the voting key.
    pub blinded: bool,
    /// The order in which people came.
    pub order: bool,
    /// The day of each person.
    pub day: bool,
    /// How often each person came again.
    pub again: bool,
}

impl Kept {
    /// As built: days and numbers, no order.
    #[must_use]
    pub fn as_built() -> Self {
        Self {
            blinded: true,
            order: false,
            day: true,
            again: true,
        }
    }
}

/// When the two voters come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Both on one day, at any times.
    OneDay,
    /// On one day, each casting at once after identifying: nobody comes in between.
    AtOnce,
    /// On one day or on two, in either order.
    TwoDays,
}

/// The choices of one voter, ballot after ballot.
pub type Choices<'a> = &'a [char];

/// One step of one voter.
#[derive(Clone, Copy, Debug)]
enum Event {
    Identify,
    Cast(char),
}

/// One run: who did what on which day.
type Run = Vec<(usize, u8, Event)>;

/// What is left of one person in the registrars' tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    day: Option<u8>,
    again: Option<usize>,
    /// The voting key's name, where requests show it.
    key: Option<usize>,
}

/// What is left of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct View {
    /// By person.
    persons: [Row; 2],
    /// Persons in the order of their coming.
    order: Vec<usize>,
    /// (key's name, day, choice): names are numbers in the order of appearance, for the names
    /// themselves mean nothing.
    board: Vec<(usize, u8, char)>,
}

fn events(choices: Choices<'_>) -> Vec<Event> {
    choices
        .iter()
        .flat_map(|c| [Event::Identify, Event::Cast(*c)])
        .collect()
}

/// All ways to shuffle two sequences that keep each one's own order; `step` events at a time.
fn shuffles(left: &[Event], right: &[Event], step: usize) -> Vec<Vec<(usize, Event)>> {
    let take = |who: usize, from: &[Event], rest: Vec<Vec<(usize, Event)>>| {
        let head: Vec<_> = from.iter().take(step).map(|e| (who, *e)).collect();
        rest.into_iter()
            .map(|r| [head.clone(), r].concat())
            .collect::<Vec<_>>()
    };
    let all = |who, events: &[Event]| vec![events.iter().map(|e| (who, *e)).collect()];
    match (left.get(step..), right.get(step..)) {
        (None, _) => all(1, right),
        (_, None) => all(0, left),
        (Some(l), Some(r)) => [
            take(0, left, shuffles(l, right, step)),
            take(1, right, shuffles(left, r, step)),
        ]
        .concat(),
    }
}

fn runs(choices: [Choices<'_>; 2], calendar: Calendar) -> Vec<Run> {
    let [a, b] = choices.map(events);
    let step = if calendar == Calendar::AtOnce { 2 } else { 1 };
    let one_day = shuffles(&a, &b, step).into_iter();
    let mut out: Vec<Run> = one_day
        .map(|run| run.into_iter().map(|(who, e)| (who, 1, e)).collect())
        .collect();
    if calendar == Calendar::TwoDays {
        let on = |day: u8, who: usize, events: &[Event]| -> Run {
            events.iter().map(|e| (who, day, *e)).collect()
        };
        out.push([on(1, 0, &a), on(2, 1, &b)].concat());
        out.push([on(1, 1, &b), on(2, 0, &a)].concat());
    }
    out
}

fn view(run: &Run, kept: Kept) -> View {
    let mut view = View::default();
    let mut names: Vec<usize> = Vec::new();
    for (who, day, event) in run {
        match event {
            Event::Identify => {
                if kept.order {
                    view.order.push(*who);
                }
                if let Some(row) = view.persons.get_mut(*who) {
                    if kept.day {
                        row.day = Some(*day);
                    }
                    if kept.again {
                        row.again = Some(row.again.map_or(0, |n| n + 1));
                    }
                }
            }
            Event::Cast(choice) => {
                if !names.contains(who) {
                    names.push(*who);
                }
                let name = names.iter().position(|n| n == who).unwrap_or(0);
                view.board.push((name, *day, *choice));
            }
        }
    }
    if !kept.blinded {
        for (name, who) in names.iter().enumerate() {
            if let Some(row) = view.persons.get_mut(*who) {
                row.key = Some(name);
            }
        }
    }
    view
}

/// Everything that can be left when the two voters choose this.
#[must_use]
pub fn views(choices: [Choices<'_>; 2], calendar: Calendar, kept: Kept) -> BTreeSet<View> {
    let runs = runs(choices, calendar);
    runs.iter().map(|run| view(run, kept)).collect()
}

/// A view that is left only when the voters choose as given, not when they change places; it
/// tells an observer who chose what.
#[must_use]
pub fn telling(choices: [Choices<'_>; 2], calendar: Calendar, kept: Kept) -> Option<View> {
    let [a, b] = choices;
    let changed = views([b, a], calendar, kept);
    views(choices, calendar, kept)
        .into_iter()
        .find(|v| !changed.contains(v))
}

#[cfg(test)]
mod tests;
