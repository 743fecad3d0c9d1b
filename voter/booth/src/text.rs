//! Words of the pages in three languages, and the texts of faults.

use face::Reason;
use ui::rich::Value;
use ui::{Html, Lang, errors, wareki};

use crate::checkup::Row;
use crate::fault::Fault;

/// The booth's part of the catalogue in one language: keys are `screen.name`.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Lang);

impl Words {
    /// As plain text, without furigana.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        self.tv(key, &[])
    }

    /// As plain text with values.
    #[must_use]
    pub fn tv(self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        ui::Words(self.0).tv(&format!("booth.{key}"), values)
    }

    /// As HTML with values, readings as ruby; the values are escaped.
    #[must_use]
    pub fn hv(self, key: &str, values: &[(&str, Value<'_>)]) -> Html {
        ui::Words(self.0).hv(&format!("booth.{key}"), values)
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

/// What to change before the next picture; only where the picture is at fault.
#[must_use]
pub fn hint(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::NoFace => Some("hint.no_face"),
        Reason::SeveralFaces => Some("hint.many_faces"),
        Reason::TooSmall => Some("hint.too_small"),
        Reason::TooDark | Reason::TooBright => Some("hint.light"),
        Reason::Blurred => Some("hint.blurred"),
        Reason::Unreadable => Some("hint.unreadable"),
        Reason::NoMatch
        | Reason::Unsure
        | Reason::SamePicture
        | Reason::AttemptsUsed
        | Reason::TooManyPictures => None,
    }
}

/// What was looked at, and how it is.
#[must_use]
pub fn row(row: &Row, lang: Lang) -> (String, String) {
    let words = Words(lang);
    let what = words.t(&format!("ready.{}", row.subject));
    let what = match &row.name {
        Some(name) => format!("{what}（{name}）"),
        None => what,
    };
    if let (Some(code), "no") = (row.code, row.says) {
        return (what, errors::get(code).message(lang, &[]));
    }
    let n = row.n.map(|n| n.to_string()).unwrap_or_default();
    let at = row.at.map(|ms| wareki::date(lang, ms)).unwrap_or_default();
    let values = [("n", n.as_str().into()), ("t", at.as_str().into())];
    (what, words.tv(&format!("ready.{}", row.says), &values))
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
