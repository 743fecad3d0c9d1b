//! Words of the pages in three languages, and the texts of faults.

mod rich;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::fault::Fault;

pub use rich::{plain, ruby};

/// The languages every page offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// 日本語.
    #[default]
    Ja,
    /// English.
    En,
    /// やさしい日本語.
    Plain,
}

impl Lang {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Ja, Self::En, Self::Plain];

    /// The word used in requests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
            Self::Plain => "plain",
        }
    }

    /// The HTML `lang` attribute.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ja | Self::Plain => "ja",
            Self::En => "en",
        }
    }

    /// What the switch shows.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Ja => "日本語",
            Self::En => "English",
            Self::Plain => "やさしい日本語",
        }
    }

    /// This language's part of a manifest text; Japanese where it was left empty.
    #[must_use]
    pub fn of(self, text: &ballot::text::Text) -> &str {
        let own = match self {
            Self::Ja => &text.ja,
            Self::En => &text.en,
            Self::Plain => &text.plain,
        };
        if own.is_empty() { &text.ja } else { own }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    ja: String,
    en: String,
    plain: String,
}

impl Row {
    fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
            Lang::Plain => &self.plain,
        }
    }
}

type Catalogue = BTreeMap<String, BTreeMap<String, Row>>;

static PAGES: LazyLock<Catalogue> = LazyLock::new(|| {
    toml::from_str(include_str!("../text/pages.toml")).expect("the catalogue is part of the build")
});

fn row(key: &str) -> Option<&'static Row> {
    let (page, name) = key.split_once('.')?;
    PAGES.get(page)?.get(name)
}

/// The words of one language.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Lang);

impl Words {
    /// As plain text, readings in parentheses.
    #[must_use]
    pub fn text(self, key: &str) -> String {
        row(key).map_or_else(|| key.to_owned(), |row| plain(row.get(self.0)))
    }

    /// As HTML, readings as ruby. Only catalogue text passes through here.
    #[must_use]
    pub fn html(self, key: &str) -> String {
        row(key).map_or_else(|| key.to_owned(), |row| ruby(row.get(self.0)))
    }

    /// As plain text with `{n}` filled in.
    #[must_use]
    pub fn with(self, key: &str, name: &str, value: &str) -> String {
        self.text(key).replace(&format!("{{{name}}}"), value)
    }

    /// As HTML with `{n}` filled in; the value is escaped.
    #[must_use]
    pub fn html_with(self, key: &str, name: &str, value: &str) -> String {
        self.html(key)
            .replace(&format!("{{{name}}}"), &rich::escape(value))
    }
}

/// What happened, in the words of the error list.
#[must_use]
pub fn message(fault: &Fault, _lang: Lang) -> String {
    fault.code().to_owned()
}

/// What the voter can do now, in the words of the error list.
#[must_use]
pub fn next_step(_fault: &Fault, _lang: Lang) -> String {
    String::new()
}

/// [`message`] as HTML.
#[must_use]
pub fn message_html(fault: &Fault, lang: Lang) -> String {
    rich::escape(&message(fault, lang))
}

/// [`next_step`] as HTML.
#[must_use]
pub fn next_html(fault: &Fault, lang: Lang) -> String {
    rich::escape(&next_step(fault, lang))
}

#[cfg(test)]
mod tests;
