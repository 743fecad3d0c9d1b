//! `plan.json`: what every voter is going to do, made from the seed before anything starts.
//!
//! `expected_votes` and `expected_refused` are computed from the plan alone. Nothing here ever
//! sees a ballot.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use refusal::ErrorCode;
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, DAY, MINUTE, SECOND, Window};

/// How often each option is chosen, relative to the others.
const WEIGHTS: [u64; 11] = [5, 7, 9, 11, 13, 15, 14, 12, 10, 8, 6];
/// Fewest voters for which re-votes and faults are planted.
const FEWEST_FOR_FAULTS: usize = 20;
/// Planned instants keep this distance from openings and closes.
const MARGIN: u64 = 10 * MINUTE;

/// How long before the close the last ballot is sent. Booths stop two seconds before it, and
/// a slow machine needs some seconds to encrypt and send.
const JUST_BEFORE: u64 = 15 * SECOND;

/// Something that is made to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlantedFault {
    /// The PIN is typed wrongly three times.
    ThreeWrongPins,
    /// The card certificate has expired.
    Expired,
    /// The card certificate is on the revocation list.
    Revoked,
    /// The card certificate was issued after the opening.
    IssuedAfterOpening,
    /// Another person sits in front of the camera, three times, in a browser.
    WrongFace,
    /// The comparing program is killed in front of the camera, in a browser; the vote goes on.
    WorkerKilled,
    /// The counter is tried on a Saturday.
    CounterOnSaturday,
    /// A ballot a few seconds before the close. It counts.
    JustBeforeClose,
    /// A ballot in the second of the close.
    AtClose,
    /// A vote at the counter, which nobody at home can make the voter replace.
    HomeAfterStation,
    /// A booth that votes for something else and shows what was pressed, in a browser. The voter
    /// compares, sees it, and votes again at the counter.
    CheatingBooth,
}

impl PlantedFault {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::ThreeWrongPins,
        Self::Expired,
        Self::Revoked,
        Self::IssuedAfterOpening,
        Self::WrongFace,
        Self::WorkerKilled,
        Self::CounterOnSaturday,
        Self::JustBeforeClose,
        Self::AtClose,
        Self::HomeAfterStation,
        Self::CheatingBooth,
    ];

    /// The error code the voter must see in the last visit; none where the ballot counts.
    pub fn expected(self) -> Option<ErrorCode> {
        match self {
            Self::ThreeWrongPins => Some(ErrorCode::PinLocked),
            Self::Expired => Some(ErrorCode::CertificateExpired),
            Self::Revoked => Some(ErrorCode::CertificateRevoked),
            Self::IssuedAfterOpening => Some(ErrorCode::IssuedAfterOpening),
            Self::WrongFace => Some(ErrorCode::FaceRefused),
            Self::CounterOnSaturday => Some(ErrorCode::ChannelClosed),
            Self::WorkerKilled | Self::JustBeforeClose | Self::CheatingBooth => None,
            Self::AtClose => Some(ErrorCode::AfterClose),
            Self::HomeAfterStation => Some(ErrorCode::StationOnly),
        }
    }

    /// The kind of card that is at fault; none where the card is good.
    pub fn card(self) -> Option<&'static str> {
        match self {
            Self::Expired => Some("expired"),
            Self::Revoked => Some("revoked"),
            Self::IssuedAfterOpening => Some("issued-after-opening"),
            _ => None,
        }
    }
}

/// One visit of a voter to a booth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// `home`, `counter` or `venue`.
    pub channel: String,
    /// When, ms.
    pub at_ms: u64,
    /// The same for people, Japanese time.
    pub at: String,
    /// The option chosen.
    pub choice: String,
    /// Goes through Chromium instead of the driver.
    pub browser: bool,
}

/// One voter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voter {
    /// `v001` …
    pub voter: String,
    /// Name of the card.
    pub persona: String,
    /// Visits in order of time.
    pub visits: Vec<Visit>,
    /// What is planted.
    pub fault: Option<PlantedFault>,
    /// The error code to be seen in the last visit.
    pub expected: Option<String>,
}

/// The whole plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Where all of it comes from.
    pub seed: u64,
    /// Voters without planted faults (N).
    pub voters: usize,
    /// Options in printed order.
    pub options: Vec<String>,
    /// All voters, the planted faults last.
    pub people: Vec<Voter>,
}

impl Voter {
    /// The number in the name.
    pub fn number(&self) -> usize {
        let digits = self.voter.trim_start_matches('v');
        digits.parse().unwrap_or(0)
    }

    /// The visits in which a ballot is meant to be accepted: all but a refused last one.
    pub fn accepted(&self) -> &[Visit] {
        let refused = usize::from(self.expected.is_some());
        let n = self.visits.len().saturating_sub(refused);
        self.visits.get(..n).unwrap_or_default()
    }

    /// The error code to be seen in this visit.
    pub fn expected_in(&self, visit: &Visit) -> Option<&str> {
        self.expected
            .as_deref()
            .filter(|_| !self.accepted().contains(visit))
    }
}

impl Plan {
    /// Makes the plan of `count` voters.
    pub fn make(seed: u64, count: usize, options: &[String], calendar: &Calendar) -> Self {
        let mut dice = Dice(seed);
        let mut people: Vec<Voter> = (1..=count)
            .map(|n| ordinary(n, &mut dice, options, calendar))
            .collect();
        choose_browsers(&mut people);
        if count >= FEWEST_FOR_FAULTS {
            add_revotes(&mut people, &mut dice, options, calendar);
            let planted = PlantedFault::ALL.iter().zip(count + 1..);
            let planted: Vec<Voter> = planted
                .map(|(fault, n)| faulty((n, count), *fault, &mut dice, options, calendar))
                .collect();
            people.extend(planted);
        }
        Self {
            seed,
            voters: count,
            options: options.to_vec(),
            people,
        }
    }

    /// Leaves out the browsers: their pictures show what was chosen.
    pub fn without_browsers(&mut self) {
        let visits = self.people.iter_mut().flat_map(|voter| &mut voter.visits);
        visits.for_each(|visit| visit.browser = false);
    }

    /// Changes the first choice of one voter and nothing else.
    ///
    /// # Errors
    /// There is no such voter.
    pub fn choose_otherwise(&mut self, voter: &str) -> Result<()> {
        let found = self.people.iter_mut().find(|one| one.voter == voter);
        let visit = found.and_then(|one| one.visits.first_mut());
        let visit = visit.with_context(|| format!("no voter {voter}"))?;
        let chosen = self.options.iter().position(|one| *one == visit.choice);
        let next = chosen.map_or(0, |n| (n + 1) % self.options.len());
        let next = self.options.get(next).context("no options")?;
        next.clone_into(&mut visit.choice);
        Ok(())
    }

    /// Every visit with its voter, in order of time.
    pub fn visits(&self) -> Vec<(&Voter, &Visit)> {
        let mut all: Vec<_> = self
            .people
            .iter()
            .flat_map(|voter| voter.visits.iter().map(move |visit| (voter, visit)))
            .collect();
        all.sort_by_key(|(voter, visit)| (visit.at_ms, voter.voter.clone()));
        all
    }

    /// Votes per option if everything goes as planned: the last visit of each voter in which a
    /// ballot is meant to be accepted.
    pub fn expected_votes(&self) -> BTreeMap<String, u64> {
        let mut votes: BTreeMap<String, u64> = self
            .options
            .iter()
            .map(|option| (option.clone(), 0))
            .collect();
        for last in self.people.iter().filter_map(|one| one.accepted().last()) {
            *votes.entry(last.choice.clone()).or_default() += 1;
        }
        votes
    }

    /// Refusals per code if everything goes as planned.
    pub fn expected_refused(&self) -> BTreeMap<String, u64> {
        let mut refused = BTreeMap::new();
        for code in self
            .people
            .iter()
            .filter_map(|voter| voter.expected.clone())
        {
            *refused.entry(code).or_default() += 1;
        }
        refused
    }

    /// Cards without anything special, `p001` and so on.
    pub fn good_cards(&self) -> usize {
        self.people
            .iter()
            .filter(|voter| voter.persona.starts_with('p'))
            .count()
    }

    /// Voters who sit down at a booth that cheats.
    pub fn cheated(&self) -> u64 {
        let fault = Some(PlantedFault::CheatingBooth);
        let cheated =
            |voter: &&Voter| voter.fault == fault && voter.visits.iter().any(|visit| visit.browser);
        self.people.iter().filter(cheated).count() as u64
    }

    /// Ballots the board must accept.
    pub fn expected_received(&self) -> u64 {
        let accepted = self.people.iter().map(Voter::accepted);
        accepted.map(|visits| visits.len() as u64).sum()
    }
}

fn ordinary(n: usize, dice: &mut Dice, options: &[String], calendar: &Calendar) -> Voter {
    let channel = match dice.below(10) {
        0..=4 => "home",
        5..=7 => "counter",
        _ => "venue",
    };
    let visit = random_visit(channel, 0, dice, options, calendar);
    Voter {
        voter: format!("v{n:03}"),
        persona: format!("p{n:03}"),
        visits: vec![visit],
        fault: None,
        expected: None,
    }
}

/// The first voter of each channel goes through a browser.
fn choose_browsers(people: &mut [Voter]) {
    for channel in ["home", "counter", "venue"] {
        let first = people
            .iter_mut()
            .flat_map(|voter| &mut voter.visits)
            .find(|visit| visit.channel == channel);
        if let Some(visit) = first {
            visit.browser = true;
        }
    }
}

/// A tenth of the voters, at least two, vote again; the first of them through another channel.
fn add_revotes(people: &mut [Voter], dice: &mut Dice, options: &[String], calendar: &Calendar) {
    let wanted = (people.len().div_ceil(10)).max(2);
    let latest = calendar.closes() - 2 * MARGIN - 20 * MINUTE;
    let early = people.iter_mut().filter(|voter| {
        voter
            .visits
            .iter()
            .all(|visit| visit.at_ms < latest && visit.channel != "venue")
    });
    for (voter, n) in early.take(wanted).zip(0..) {
        let Some(first) = voter.visits.first() else {
            continue;
        };
        // Who voted at a staffed station votes again at one.
        let at_home = n > 0 && n % 2 == 0 && first.channel == "home";
        let channel = if at_home { "home" } else { "venue" };
        // Registrars let a person wait for a quarter of an hour.
        let after = first.at_ms + 20 * MINUTE;
        let again = random_visit(channel, after, dice, options, calendar);
        voter.visits.push(again);
    }
}

fn faulty(
    (n, voters): (usize, usize),
    fault: PlantedFault,
    dice: &mut Dice,
    options: &[String],
    calendar: &Calendar,
) -> Voter {
    let mut visit = random_visit("home", 0, dice, options, calendar);
    match fault {
        PlantedFault::CounterOnSaturday => {
            "counter".clone_into(&mut visit.channel);
            visit.at_ms = saturday_noon(calendar);
        }
        PlantedFault::WrongFace | PlantedFault::WorkerKilled => visit.browser = true,
        PlantedFault::JustBeforeClose => visit.at_ms = calendar.closes() - JUST_BEFORE,
        PlantedFault::AtClose => visit.at_ms = calendar.closes(),
        _ => {}
    }
    visit.at = crate::calendar::show(visit.at_ms);
    let visits = match fault {
        PlantedFault::HomeAfterStation => home_after_station(dice, options, calendar),
        PlantedFault::CheatingBooth => counter_after_cheating(visit, dice, options, calendar),
        _ => vec![visit],
    };
    let good_cards = PlantedFault::ALL
        .iter()
        .take_while(|other| **other != fault);
    let good_cards = good_cards.filter(|other| other.card().is_none()).count();
    let persona = match fault.card() {
        Some(kind) => format!("{kind}-1"),
        None => format!("p{:03}", voters + good_cards + 1),
    };
    Voter {
        voter: format!("v{n:03}"),
        persona,
        visits,
        fault: Some(fault),
        expected: fault.expected().map(|code| code.to_string()),
    }
}

/// A vote in the first hour of the counter, and a try from home at any time after it.
fn home_after_station(dice: &mut Dice, options: &[String], calendar: &Calendar) -> Vec<Visit> {
    let mut counter = random_visit("counter", 0, dice, options, calendar);
    let first = calendar.windows("counter").first();
    counter.at_ms = first.map_or(0, |window| window.opens) + MARGIN + dice.below(60 * MINUTE);
    counter.at = crate::calendar::show(counter.at_ms);
    // Registrars let a person wait for a quarter of an hour.
    let after = counter.at_ms + 20 * MINUTE;
    let home = random_visit("home", after, dice, options, calendar);
    vec![counter, home]
}

/// A vote in the first hours at home, and the same choice again at the counter.
fn counter_after_cheating(
    mut home: Visit,
    dice: &mut Dice,
    options: &[String],
    calendar: &Calendar,
) -> Vec<Visit> {
    home.at_ms = calendar.opens() + MARGIN + dice.below(60 * MINUTE);
    home.at = crate::calendar::show(home.at_ms);
    home.browser = true;
    // Registrars let a person wait for a quarter of an hour.
    let after = home.at_ms + 20 * MINUTE;
    let mut counter = random_visit("counter", after, dice, options, calendar);
    counter.choice.clone_from(&home.choice);
    vec![home, counter]
}

/// Noon of the day after the counter's first day, when it is closed and home is open.
fn saturday_noon(calendar: &Calendar) -> u64 {
    let first = calendar
        .windows("counter")
        .first()
        .map_or(0, |window| window.opens);
    first + DAY + 3 * 60 * MINUTE + 30 * MINUTE
}

/// An instant in the channel's hours, not before `after`, and a choice.
fn random_visit(
    channel: &str,
    after: u64,
    dice: &mut Dice,
    options: &[String],
    calendar: &Calendar,
) -> Visit {
    let fits: Vec<Window> = calendar
        .windows(channel)
        .iter()
        .map(|window| Window {
            opens: (window.opens + MARGIN).max(after),
            closes: window.closes - MARGIN,
        })
        .filter(|window| window.opens < window.closes)
        .collect();
    let total: u64 = fits.iter().map(|window| window.closes - window.opens).sum();
    let mut offset = dice.below(total.max(1));
    let mut at_ms = after;
    for window in fits {
        let length = window.closes - window.opens;
        if offset < length {
            at_ms = window.opens + offset;
            break;
        }
        offset -= length;
    }
    Visit {
        channel: channel.to_owned(),
        at_ms,
        at: crate::calendar::show(at_ms),
        choice: dice.weighted(options),
        browser: false,
    }
}

/// SplitMix64: small, and the same on every machine. Plans need repeatability, not secrecy.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    fn weighted(&mut self, options: &[String]) -> String {
        let weight = |n: usize| WEIGHTS.get(n % WEIGHTS.len()).copied().unwrap_or(1);
        let total: u64 = (0..options.len()).map(weight).sum();
        let mut at = self.below(total);
        for (n, option) in options.iter().enumerate() {
            if at < weight(n) {
                return option.clone();
            }
            at -= weight(n);
        }
        String::new()
    }
}

#[cfg(test)]
mod tests;
