//! The catalogue of messages: `data/errors.toml`, compiled in.

use std::sync::LazyLock;

use refusal::{ErrorCode, VoteState};
use serde::Deserialize;

use crate::html::Html;
use crate::lang::Lang;
use crate::rich::{self, Value};
use crate::strings::{self, Row, Words};

/// One message of the catalogue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its code.
    pub code: ErrorCode,
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
    /// Which part will raise it, as long as none does.
    #[serde(default)]
    pub to_be_raised_by: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    error: Vec<Entry>,
}

static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut all = toml::from_str::<File>(include_str!("../../../data/errors.toml"))
        .unwrap_or_else(|e| unreachable!("data/errors.toml is part of the build: {e}"))
        .error;
    for entry in &mut all {
        entry.name_buttons();
    }
    all
});

/// All messages, in the order of the catalogue.
#[must_use]
pub fn all() -> &'static [Entry] {
    &ALL
}

/// The message of a code.
#[must_use]
pub fn get(code: ErrorCode) -> &'static Entry {
    let mut all = ALL.iter();
    all.find(|e| e.code == code)
        .unwrap_or_else(|| unreachable!("the catalogue is part of the build and has every code"))
}

/// What to fill in where no value is at hand (the list of messages).
pub const SAMPLE: [(&str, Value<'static>); 4] = [
    ("when", Value::Text("○月○日○時")),
    ("left", Value::Text("○")),
    ("offset", Value::Text("○分")),
    ("number", Value::Text("○○○○")),
];

impl Entry {
    /// Puts the words of buttons and pages in the place of their keys (`[@booth.common.retry]`).
    fn name_buttons(&mut self) {
        self.ja = strings::resolved(Lang::Ja, &self.ja);
        self.en = strings::resolved(Lang::En, &self.en);
        self.plain = strings::resolved(Lang::Plain, &self.plain);
        for lang in Lang::ALL {
            let text = strings::resolved(lang, self.voter.get(lang));
            *self.voter.get_mut(lang) = text;
        }
    }

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

    /// The state of the vote, as a sentence for the voter.
    #[must_use]
    pub fn vote_html(&self, lang: Lang) -> Html {
        Words(lang).h(match self.vote {
            VoteState::NotSent => "vote.not_sent",
            VoteState::Stored => "vote.stored",
            VoteState::Pending => "vote.pending",
            VoteState::Overtaken => "vote.overtaken",
            VoteState::Accepted => "vote.accepted",
            VoteState::Unknown => "vote.unknown",
        })
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
