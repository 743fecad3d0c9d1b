//! Persons, as numbers that are never shown: each once at each registrar, and the same at all.

use crate::card::{Kind, Person, Proven};
use crate::fault::Fault;
use ballot::manifest::Channel;
use std::collections::{BTreeMap, BTreeSet};

/// So many further tokens a day a registrar gives one person unless it is configured otherwise.
pub(crate) const AGAIN_PER_DAY: u32 = 5;

/// What one person got from one registrar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Got {
    /// The day of the credential.
    first: Option<u32>,
    /// The first day at a station.
    station: Option<u32>,
    /// Further ballots.
    again: u64,
    /// Further ballots of each day.
    days: BTreeMap<u32, u32>,
}

/// Everybody at one registrar. Records must be taken in the order of their days, first requests of a
/// day before further ones.
#[derive(Default)]
pub(crate) struct Persons {
    got: BTreeMap<Person, Got>,
    nonces: BTreeSet<(Kind, [u8; 32])>,
    requests: BTreeSet<[u8; 32]>,
}

impl Persons {
    /// Takes a good record; a sample cannot tell whether a first request is missing.
    pub(crate) fn take(&mut self, proven: &Proven, whole: bool) -> Result<(), Fault> {
        if !self.nonces.insert((proven.kind, proven.nonce)) {
            return Err(Fault::SignatureTwice);
        }
        if !self.requests.insert(proven.request) {
            return Err(Fault::RequestTwice);
        }
        let got = self.got.entry(proven.person).or_default();
        let at_home = proven.channel == Channel::Home;
        // Within a day the order is not known.
        let bound = got.station.is_some_and(|day| day < proven.day);
        if proven.kind == Kind::Again && at_home && bound {
            return Err(Fault::HomeAfterStation);
        }
        match proven.kind {
            Kind::First if got.first.is_some() => return Err(Fault::FirstTwice),
            Kind::First => got.first = Some(proven.day),
            Kind::Again if whole && got.first.is_none() => return Err(Fault::AgainWithoutFirst),
            Kind::Again => {
                got.again = got.again.saturating_add(1);
                let day = got.days.entry(proven.day).or_default();
                *day = day.saturating_add(1);
            }
        }
        if !at_home {
            got.station.get_or_insert(proven.day);
        }
        Ok(())
    }
    /// How many persons got more further tokens on one day than [`AGAIN_PER_DAY`].
    pub(crate) fn crowded(&self) -> u64 {
        let over = |got: &&Got| got.days.values().any(|n| *n > AGAIN_PER_DAY);
        self.got.values().filter(over).count() as u64
    }
    fn voters(&self) -> BTreeMap<&Person, u64> {
        let with = self.got.iter().filter(|(_, got)| got.first.is_some());
        with.map(|(person, got)| (person, got.again)).collect()
    }
}

/// What all registrars together say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Compared {
    /// Persons to whom every registrar gave a credential.
    pub with_all: u64,
    /// Persons to whom some did and some did not.
    pub with_some: u64,
    /// Further tokens that every registrar gave to the same person.
    pub again_with_all: u64,
}

/// Compares registrars person by person.
pub(crate) fn compare(registrars: &[Persons]) -> Compared {
    let all: Vec<BTreeMap<&Person, u64>> = registrars.iter().map(Persons::voters).collect();
    let everybody: BTreeSet<&Person> = all.iter().flat_map(|of| of.keys().copied()).collect();
    let (mut with_all, mut with_some, mut again_with_all) = (0, 0, 0);
    for person in everybody {
        let again: Vec<u64> = all
            .iter()
            .filter_map(|of| of.get(person).copied())
            .collect();
        if again.len() == all.len() {
            with_all += 1;
            again_with_all += again.iter().min().copied().unwrap_or(0);
        } else {
            with_some += 1;
        }
    }
    Compared {
        with_all,
        with_some,
        again_with_all,
    }
}
