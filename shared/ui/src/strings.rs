//! Texts of the pages: `data/strings/*.toml`, compiled in.
//!
//! Each row has its three languages side by side, so no row can lack one. A key is
//! `section.name`, on the booth's screens `booth.section.name`. A text names a button or another
//! text by its key, `[@booth.common.next]`, and says that row's own words.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::html::Html;
use crate::lang::Lang;
use crate::rich::{self, Value};

/// The catalogue files, and what their keys begin with: the booth's screens have sections of the
/// same names as other pages.
const FILES: &[(&str, &str, &str)] = &[
    (
        "common",
        "",
        include_str!("../../../data/strings/common.toml"),
    ),
    (
        "portal",
        "",
        include_str!("../../../data/strings/portal.toml"),
    ),
    (
        "guide",
        "",
        include_str!("../../../data/strings/guide.toml"),
    ),
    ("faq", "", include_str!("../../../data/strings/faq.toml")),
    (
        "policy",
        "",
        include_str!("../../../data/strings/policy.toml"),
    ),
    (
        "booth",
        "booth.",
        include_str!("../../../data/strings/booth.toml"),
    ),
];

/// One text in three languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
    /// やさしい日本語.
    pub plain: String,
}

impl Row {
    /// The text of one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.ja, &self.en, &self.plain)
    }

    pub(crate) fn get_mut(&mut self, lang: Lang) -> &mut String {
        match lang {
            Lang::Ja => &mut self.ja,
            Lang::En => &mut self.en,
            Lang::Plain => &mut self.plain,
        }
    }
}

type Catalogue = BTreeMap<String, Row>;

/// How deep a text may be named inside another one.
const DEPTH: usize = 3;

static ALL: LazyLock<Catalogue> = LazyLock::new(|| {
    let written = written();
    let mut all = written.clone();
    for row in all.values_mut() {
        for lang in Lang::ALL {
            let text = row.get(lang).to_owned();
            *row.get_mut(lang) = named(&written, lang, text, DEPTH);
        }
    }
    all
});

/// `text` with the words of every row that it names; [`MISSING`] in place of a row that is not there.
fn named(written: &Catalogue, lang: Lang, text: String, depth: usize) -> String {
    let Some((before, rest)) = text.split_once("[@") else {
        return text;
    };
    let (key, after) = rest.split_once(']').unwrap_or((rest, ""));
    let words = match written.get(key).filter(|_| depth > 0) {
        Some(row) => named(written, lang, row.get(lang).to_owned(), depth - 1),
        None => format!("{MISSING}{key}⟧"),
    };
    let after = named(written, lang, after.to_owned(), depth);
    format!("{before}{words}{after}")
}

/// `text` of another catalogue with the words of every row that it names by `[@key]`.
pub(crate) fn resolved(lang: Lang, text: &str) -> String {
    named(&ALL, lang, text.to_owned(), DEPTH)
}

/// The rows as they are in the files.
fn written() -> Catalogue {
    let mut all = Catalogue::new();
    for (name, prefix, source) in FILES {
        let file: BTreeMap<String, Catalogue> = toml::from_str(source)
            .unwrap_or_else(|e| unreachable!("data/strings/{name}.toml is part of the build: {e}"));
        for (section, rows) in file {
            for (key, row) in rows {
                let known = all.insert(format!("{prefix}{section}.{key}"), row);
                debug_assert!(known.is_none(), "{prefix}{section}.{key} appears twice");
            }
        }
    }
    all
}

/// Marks a key without a text; tests look for it in every page.
pub const MISSING: &str = "⟦";

/// The row of a key.
#[must_use]
pub fn row(key: &str) -> Option<&'static Row> {
    ALL.get(key)
}

/// All keys that begin with `prefix`, in order.
pub fn keys(prefix: &str) -> impl Iterator<Item = &'static str> {
    ALL.range(prefix.to_owned()..)
        .map(|(key, _)| key.as_str())
        .take_while(move |key| key.starts_with(prefix))
}

/// The texts of one language; the usual handle of a template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words(pub Lang);

impl Words {
    fn source(self, key: &str) -> Option<&'static str> {
        row(key).map(|row| row.get(self.0))
    }

    /// As HTML.
    #[must_use]
    pub fn h(self, key: &str) -> Html {
        self.hv(key, &[])
    }

    /// As HTML with values.
    #[must_use]
    pub fn hv(self, key: &str, values: &[(&str, Value<'_>)]) -> Html {
        self.source(key).map_or_else(
            || Html::text(&format!("{MISSING}{key}⟧")),
            |source| rich::html(source, values),
        )
    }

    /// As HTML with one value.
    #[must_use]
    pub fn h1(self, key: &str, name: &str, value: &str) -> Html {
        self.hv(key, &[(name, value.into())])
    }

    /// As HTML with one value that is HTML already (a `<time>`, a link).
    #[must_use]
    pub fn hw(self, key: &str, name: &str, value: &Html) -> Html {
        self.hv(key, &[(name, value.into())])
    }

    /// As plain text.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        self.tv(key, &[])
    }

    /// As plain text with values.
    #[must_use]
    pub fn tv(self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        self.source(key).map_or_else(
            || format!("{MISSING}{key}⟧"),
            |source| rich::text(source, values),
        )
    }

    /// The HTML `lang` attribute.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.0.tag()
    }

    /// The word in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }
}

#[cfg(test)]
mod tests;
