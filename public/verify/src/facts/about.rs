//! What the manifest tells voters: who may vote, whom to ask, where to go, what decides a tie.

use ballot::Manifest;
use ballot::text::{Text, shown};
use serde::Serialize;

/// Words of the manifest in two of its languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Words {
    pub(super) fn of(text: &Text) -> Self {
        Self {
            ja: text.ja.clone(),
            en: text.en.clone(),
        }
    }
}

impl core::fmt::Display for Words {
    /// As a terminal may get them.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} / {}", shown(&self.ja), shown(&self.en))
    }
}

/// A room where people vote or get help.
#[derive(Clone, Debug, Serialize)]
pub struct Room {
    /// `counter` or `venue`.
    pub channel: &'static str,
    /// Its name.
    pub name: Words,
    /// Its address.
    pub address: Words,
}

/// What the manifest tells voters besides the contests.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    /// `any card` or `codes`: what registrars ask for.
    pub entitled: &'static str,
    /// Who may vote, in words.
    pub eligibility: Words,
    /// How many voters the authority expects.
    pub expected: u32,
    /// Telephone of the help.
    pub telephone: String,
    /// When somebody answers it.
    pub hours: Words,
    /// Rooms of counter and venue.
    pub places: Vec<Room>,
    /// `shared`, `lot` or `runoff`: what decides between equally many votes.
    pub tie_rule: &'static str,
    /// The same in words.
    pub tie_words: Words,
}

impl About {
    pub(super) fn new(m: &Manifest) -> Self {
        let room = |p: &ballot::manifest::Place| Room {
            channel: p.channel.as_str(),
            name: Words::of(&p.name),
            address: Words::of(&p.address),
        };
        Self {
            entitled: m.eligibility.entitled.as_str(),
            eligibility: Words::of(&m.eligibility.words),
            expected: m.eligibility.expected,
            telephone: m.help.telephone.clone(),
            hours: Words::of(&m.help.hours),
            places: m.places.iter().map(room).collect(),
            tie_rule: m.tie_rule.kind.as_str(),
            tie_words: Words::of(&m.tie_rule.words),
        }
    }
    /// Lines for people.
    pub(super) fn to_text(&self) -> String {
        use core::fmt::Write as _;
        let mut out = String::new();
        let _ = writeln!(
            out,
            "投票できる人 who may vote     [{}] {}",
            self.entitled, self.eligibility
        );
        let _ = writeln!(
            out,
            "問い合わせ先 help            {}  {}",
            shown(&self.telephone),
            self.hours
        );
        for place in &self.places {
            let _ = writeln!(
                out,
                "場所 place                  [{}] {}  {}",
                place.channel, place.name, place.address
            );
        }
        let _ = writeln!(
            out,
            "同数のとき tie rule          [{}] {}",
            self.tie_rule, self.tie_words
        );
        out
    }
}
