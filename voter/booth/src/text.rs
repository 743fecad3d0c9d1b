//! Words of the pages in three languages, and the texts of faults.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use ui::rich::{self, Value};
use ui::{Html, Lang, errors, wareki};

use crate::fault::Fault;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    ja: String,
    en: String,
    plain: String,
}

impl Row {
    fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.ja, &self.en, &self.plain)
    }
}

type Catalogue = BTreeMap<String, BTreeMap<String, Row>>;

static PAGES: LazyLock<Catalogue> = LazyLock::new(|| {
    toml::from_str(include_str!("../text/pages.toml")).expect("the catalogue is part of the build")
});

fn source(key: &str, lang: Lang) -> &str {
    let row = key
        .split_once('.')
        .and_then(|(page, name)| PAGES.get(page)?.get(name));
    row.map_or(key, |row| row.get(lang))
}

/// The words of one language.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Lang);

impl Words {
    /// As plain text, without furigana.
    #[must_use]
    pub fn text(self, key: &str) -> String {
        rich::text(source(key, self.0), &[])
    }

    /// As HTML, readings as ruby.
    #[must_use]
    pub fn html(self, key: &str) -> Html {
        rich::html(source(key, self.0), &[])
    }

    /// As plain text with one place filled in.
    #[must_use]
    pub fn with(self, key: &str, name: &str, value: &str) -> String {
        rich::text(source(key, self.0), &[(name, Value::Text(value))])
    }

    /// As HTML with one place filled in; the value is escaped.
    #[must_use]
    pub fn html_with(self, key: &str, name: &str, value: &str) -> Html {
        rich::html(source(key, self.0), &[(name, Value::Text(value))])
    }
}

/// This language's part of a manifest text; Japanese where it was left empty.
#[must_use]
pub fn pick(lang: Lang, text: &ballot::text::Text) -> &str {
    lang.pick(&text.ja, &text.en, &text.plain)
}

/// What happened, in the words of the error list.
#[must_use]
pub fn message(fault: &Fault, lang: Lang) -> String {
    with_values(fault, lang, |entry, values| entry.message(lang, values))
}

/// [`message`] as HTML.
#[must_use]
pub fn message_html(fault: &Fault, lang: Lang) -> Html {
    with_values(fault, lang, |entry, values| {
        entry.message_html(lang, values)
    })
}

/// What the voter can do now, in the words of the error list.
#[must_use]
pub fn next_step(fault: &Fault, lang: Lang) -> String {
    errors::get(fault.code()).action(lang)
}

/// [`next_step`] as HTML.
#[must_use]
pub fn next_html(fault: &Fault, lang: Lang) -> Html {
    errors::get(fault.code()).action_html(lang)
}

fn with_values<T>(
    fault: &Fault,
    lang: Lang,
    read: impl FnOnce(&errors::Entry, &[(&str, Value<'_>)]) -> T,
) -> T {
    let left = fault.left().map(|n| n.to_string());
    let when = fault.when().map(|ms| wareki::month_day(lang, ms));
    let number = fault.detail();
    let known = [
        ("left", left.as_deref()),
        ("when", when.as_deref()),
        ("number", number),
    ];
    let values: Vec<(&str, Value<'_>)> = known
        .into_iter()
        .filter_map(|(name, value)| Some((name, Value::Text(value?))))
        .collect();
    read(errors::get(fault.code()), &values)
}

#[cfg(test)]
mod tests;
