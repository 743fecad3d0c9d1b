//! The catalogue of messages: `data/errors.toml`, compiled in.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::html::Html;
use crate::lang::Lang;
use crate::rich::{self, Value};
use crate::strings::{Row, Words};

/// What is known about the vote when a message appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoteState {
    /// Nothing was sent.
    NotSent,
    /// On its way, not confirmed.
    Pending,
    /// Received.
    Accepted,
    /// To be looked up.
    Unknown,
}

impl VoteState {
    /// The sentence for the voter.
    #[must_use]
    pub fn sentence(self, lang: Lang) -> Html {
        Words(lang).h(match self {
            Self::NotSent => "vote.not_sent",
            Self::Pending => "vote.pending",
            Self::Accepted => "vote.accepted",
            Self::Unknown => "vote.unknown",
        })
    }
}

/// One message of the catalogue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// `E-11`, `E-04b`.
    pub code: String,
    /// Short English name.
    pub slug: String,
    /// What happened, for staff (Japanese).
    pub situation: String,
    /// What is known about the vote.
    pub vote: VoteState,
    ja: String,
    en: String,
    plain: String,
    voter: Row,
    /// What the staff do (Japanese).
    pub staff: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    error: Vec<Entry>,
}

static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    toml::from_str::<File>(include_str!("../../../data/errors.toml"))
        .unwrap_or_else(|e| unreachable!("data/errors.toml is part of the build: {e}"))
        .error
});

/// All messages, in the order of the catalogue.
#[must_use]
pub fn all() -> &'static [Entry] {
    &ALL
}

/// The message of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Entry> {
    ALL.iter().find(|e| e.code == code)
}

/// The message of a code; E-30 when the code is unknown, so that there always is a text.
#[must_use]
pub fn get(code: &str) -> &'static Entry {
    find(code)
        .or_else(|| find("E-30"))
        .or_else(|| ALL.first())
        .unwrap_or_else(|| unreachable!("the catalogue is part of the build and not empty"))
}

/// What to fill in where no value is at hand (the list of messages).
pub const SAMPLE: [(&str, Value<'static>); 4] = [
    ("when", Value::Text("○月○日○時")),
    ("left", Value::Text("○")),
    ("offset", Value::Text("○分")),
    ("number", Value::Text("○○○○")),
];

impl Entry {
    fn source(&self, lang: Lang) -> &str {
        lang.pick(&self.ja, &self.en, &self.plain)
    }

    /// The message in catalogue markup, without the sentences whose values are not known.
    fn complete(&self, lang: Lang, values: &[(&str, Value<'_>)]) -> String {
        let known = |s: &&str| {
            rich::places(s)
                .iter()
                .all(|place| values.iter().any(|(name, _)| name == place))
        };
        self.source(lang)
            .split_inclusive(['。', '.'])
            .filter(known)
            .collect()
    }

    /// What happened, as HTML. Values: `when`, `left`, `offset`, `number`.
    #[must_use]
    pub fn message_html(&self, lang: Lang, values: &[(&str, Value<'_>)]) -> Html {
        rich::html(self.complete(lang, values).trim(), values)
    }

    /// What happened, as plain text.
    #[must_use]
    pub fn message(&self, lang: Lang, values: &[(&str, Value<'_>)]) -> String {
        rich::text(self.complete(lang, values).trim(), values)
    }

    /// What the voter does now, as HTML.
    #[must_use]
    pub fn action_html(&self, lang: Lang) -> Html {
        rich::html(self.voter.get(lang), &[])
    }

    /// What the voter does now, as plain text.
    #[must_use]
    pub fn action(&self, lang: Lang) -> String {
        rich::text(self.voter.get(lang), &[])
    }
}

#[cfg(test)]
mod tests;
