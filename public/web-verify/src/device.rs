//! The second device: notes an entry hash before the voter decides, then follows it (spec 09).

mod opening;

pub use opening::{Found, OpenedBallot, OpenedNumber};

use crate::pins::{Known, Pins};
use crate::receipt::Facts;
use ballot::check::{CheckError, Revealed, Shown, from_code, is_the_noted, recompute};
use ballot::code::{PICTURES, board_number, board_number_text, confirmation_code};
use ballot::{Ballot, CheckBallot};
use board::entry::Entry;
use board::receipt::{Receipt, ReceiptError};
use crypto::{Hash, Rule};
use serde::Serialize;
use std::collections::BTreeMap;

/// Why the device does not say yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// Rules R9.01–R9.11.
    Check(CheckError),
    /// Rules R6.20–R6.33: the node's receipt.
    Receipt(ReceiptError),
    /// Rules R3.10–R3.21: the entry is not a ballot or opening of this election.
    Form(Rule),
    /// Nothing was pinned, or no manifest is at hand.
    NoElection,
}

impl Alarm {
    /// The rule's number; none without an election.
    #[must_use]
    pub fn rule(&self) -> Option<Rule> {
        match self {
            Self::Check(e) => Some(e.rule()),
            Self::Receipt(e) => Some(e.rule()),
            Self::Form(rule) => Some(*rule),
            Self::NoElection => None,
        }
    }
}

impl core::fmt::Display for Alarm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Check(e) => write!(f, "{e}"),
            Self::Receipt(e) => write!(f, "{e}"),
            Self::Form(rule) => write!(f, "not a ballot of this election ({rule})"),
            Self::NoElection => f.write_str("the election is not known"),
        }
    }
}

impl std::error::Error for Alarm {}

impl From<CheckError> for Alarm {
    fn from(e: CheckError) -> Self {
        Self::Check(e)
    }
}

impl From<ReceiptError> for Alarm {
    fn from(e: ReceiptError) -> Self {
        Self::Receipt(e)
    }
}

/// What was noted, for the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Entry hash, hex.
    #[serde(rename = "fingerprint")]
    pub entry_hash: String,
    /// 控えの番号.
    pub code: String,
    /// Voting key, hex.
    pub vk: String,
    /// Keys of the two pictures.
    #[serde(rename = "mark")]
    pub pictures: [&'static str; 2],
}

/// A title in Japanese and English.
pub type Titles = (String, String);

/// A marked option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Title of the contest.
    pub contest: Titles,
    /// Printed number.
    pub number: u16,
    /// Title of the option.
    pub option: Titles,
}

/// What a cast ballot that was followed looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cast {
    /// Its receipt.
    pub receipt: Facts,
    /// Which ballot of its voting key it is.
    pub seq: u32,
    /// 掲示板番号, two groups of four digits.
    pub board_number: String,
}

/// A check ballot that is on the board and final, and is the one that was noted. Only with it a
/// seed is looked at.
#[derive(Debug)]
struct Opened {
    entry: CheckBallot,
}

/// The device: what it noted, and what it found final.
#[derive(Debug)]
pub struct Device {
    pins: Pins,
    noted: BTreeMap<Hash, Shown>,
    opened: BTreeMap<Hash, Opened>,
}

impl Device {
    /// A device that trusts these keys.
    #[must_use]
    pub fn new(pins: Pins) -> Self {
        Self {
            pins,
            noted: BTreeMap::new(),
            opened: BTreeMap::new(),
        }
    }
    /// What it trusts.
    #[must_use]
    pub fn pins(&self) -> &Pins {
        &self.pins
    }
    fn known(&self) -> Result<&Known, Alarm> {
        self.pins.election.as_ref().ok_or(Alarm::NoElection)
    }
    /// Notes the first code.
    ///
    /// # Errors
    /// [`CheckError::Code`], [`CheckError::Unsigned`].
    pub fn note(&mut self, code: &str) -> Result<Note, CheckError> {
        let shown: Shown = from_code(code)?;
        let picture = |m: u8| {
            PICTURES
                .get(usize::from(m))
                .copied()
                .ok_or(CheckError::Code)
        };
        let [a, b] = shown.pictures;
        let note = Note {
            entry_hash: shown.entry_hash.to_hex(),
            code: confirmation_code(&shown.entry_hash),
            vk: shown.vk.to_hex(),
            pictures: [picture(a)?, picture(b)?],
        };
        shown.check()?;
        self.noted.insert(shown.entry_hash, shown);
        Ok(note)
    }
    fn noted(&self, entry_hash: &Hash) -> Result<Shown, CheckError> {
        let found = self.noted.get(entry_hash).copied();
        found.ok_or(CheckError::Unseen)
    }
    /// *Check*: the check ballot on the board is the noted one, and final.
    ///
    /// # Errors
    /// [`Alarm`].
    pub fn found_check(
        &mut self,
        entry_hash: &Hash,
        receipt: &[u8],
        entry: &[u8],
    ) -> Result<Facts, Alarm> {
        let shown = self.noted(entry_hash)?;
        let receipt = Receipt::decode(receipt)?;
        receipt.verify_entry(&self.pins.committee, entry)?;
        let rules = &self.known()?.rules;
        let check = rules.check_opened_form(entry);
        let entry = check.map_err(|e| Alarm::Form(e.rule()))?;
        is_the_noted(rules, &shown, &entry)?;
        self.opened.insert(*entry_hash, Opened { entry });
        Ok(Facts::of(&receipt, true))
    }
    /// *Check*: takes the second code and names what was encrypted.
    ///
    /// # Errors
    /// [`Alarm`]; a seed is refused when its entry hash was not noted before, or while the
    /// check ballot is not final.
    pub fn open(&self, code: &str) -> Result<Vec<Named>, Alarm> {
        let opening: Revealed = from_code(code)?;
        let shown = self.noted(&opening.entry_hash)?;
        let opened = self.opened.get(&opening.entry_hash);
        let opened = opened.ok_or(CheckError::Other)?;
        let known = self.known()?;
        let marks = recompute(&known.rules, &shown, &opened.entry, &opening)?;
        let contests = known.manifest.contests.iter().zip(marks);
        Ok(contests
            .flat_map(|(contest, marks)| {
                marks.into_iter().filter_map(|m| {
                    let option = contest.options.get(usize::from(m))?;
                    Some(Named {
                        contest: (contest.title.ja.clone(), contest.title.en.clone()),
                        number: option.number,
                        option: (option.title.ja.clone(), option.title.en.clone()),
                    })
                })
            })
            .collect())
    }
    /// *Cast*: the noted entry hash is a final ballot; `last` is the receipt of the last ballot of
    /// its voting key, as a node gives it.
    ///
    /// # Errors
    /// [`Alarm`]; [`CheckError::Replaced`] when another ballot came after it.
    pub fn found_cast(
        &self,
        entry_hash: &Hash,
        receipt: &[u8],
        entry: &[u8],
        last: &[u8],
    ) -> Result<Cast, Alarm> {
        let (receipt, b) = self.noted_ballot(entry_hash, receipt, entry)?;
        let last = Receipt::decode(last)?;
        last.verify(&self.pins.committee, &last.entry)?;
        if last.entry != *entry_hash {
            return Err(CheckError::Replaced.into());
        }
        Ok(Cast {
            receipt: Facts::of(&receipt, true),
            seq: b.seq,
            board_number: number_of(&receipt),
        })
    }
    /// The noted entry hash is a final ballot, with the noted voting key and pictures.
    fn noted_ballot(
        &self,
        entry_hash: &Hash,
        receipt: &[u8],
        entry: &[u8],
    ) -> Result<(Receipt, Ballot), Alarm> {
        let shown = self.noted(entry_hash)?;
        let receipt = Receipt::decode(receipt)?;
        receipt.verify_entry(&self.pins.committee, entry)?;
        let substituted = Alarm::Check(CheckError::Substituted);
        if !matches!(Entry::decode(entry), Ok(Entry::Ballot(_))) || receipt.entry != *entry_hash {
            return Err(substituted);
        }
        let form = self.known()?.rules.check_form(entry);
        let b = form.map_err(|e| Alarm::Form(e.rule()))?;
        if b.vk != shown.vk || b.pictures != shown.pictures {
            return Err(substituted);
        }
        Ok((receipt, b))
    }
}

/// The board number of a ballot with a verified receipt.
fn number_of(receipt: &Receipt) -> String {
    let digest = receipt.headers.first().map(board::Header::digest);
    let number = digest.map(|d| board_number(&d, &receipt.entry));
    number.map(board_number_text).unwrap_or_default()
}
