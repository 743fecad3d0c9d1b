//! The small markup of catalogue texts: `[漢字|かんじ]` is furigana, `**word**` is strong,
//! `{name}` is filled in. Values that are filled in are never read as markup.

use crate::html::{Html, escape};

/// A value for `{name}`.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Text; escaped in HTML.
    Text(&'a str),
    /// HTML; in plain text it leaves its place empty, so use [`Value::Text`] there.
    Html(&'a Html),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Html> for Value<'a> {
    fn from(html: &'a Html) -> Self {
        Self::Html(html)
    }
}

/// A piece of a catalogue text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Ruby(&'a str, &'a str),
    Strong,
    Place(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['[', '{', '*']) {
        let (before, after) = rest.split_at(at);
        let (piece, tail) = special(after).unwrap_or_else(|| {
            let end = after.chars().next().map_or(0, char::len_utf8);
            let (one, tail) = after.split_at(end);
            (Piece::Text(one), tail)
        });
        if !before.is_empty() {
            out.push(Piece::Text(before));
        }
        out.push(piece);
        rest = tail;
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest));
    }
    out
}

fn special(text: &str) -> Option<(Piece<'_>, &str)> {
    if let Some(tail) = text.strip_prefix("**") {
        return Some((Piece::Strong, tail));
    }
    if let Some(inner) = text.strip_prefix('{') {
        let (name, tail) = inner.split_once('}')?;
        let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        return fits.then_some((Piece::Place(name), tail));
    }
    let (inner, tail) = text.strip_prefix('[')?.split_once(']')?;
    let (base, reading) = inner.split_once('|')?;
    Some((Piece::Ruby(base, reading), tail))
}

fn value<'a>(values: &[(&str, Value<'a>)], name: &str) -> Option<Value<'a>> {
    values.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
}

/// As HTML: escaped, readings as `<ruby>`, values filled in.
#[must_use]
pub fn html(text: &str, values: &[(&str, Value<'_>)]) -> Html {
    let mut out = String::with_capacity(text.len() * 2);
    let mut strong = false;
    for piece in pieces(text) {
        match piece {
            Piece::Text(t) => out.push_str(&escape(t)),
            Piece::Ruby(base, reading) => {
                out.push_str("<ruby>");
                out.push_str(&escape(base));
                out.push_str("<rp>（</rp><rt>");
                out.push_str(&escape(reading));
                out.push_str("</rt><rp>）</rp></ruby>");
            }
            Piece::Strong => {
                out.push_str(if strong { "</strong>" } else { "<strong>" });
                strong = !strong;
            }
            Piece::Place(name) => match value(values, name) {
                Some(Value::Text(t)) => out.push_str(&escape(t)),
                Some(Value::Html(h)) => out.push_str(h.as_str()),
                None => out.push_str(&escape(&format!("{{{name}}}"))),
            },
        }
    }
    if strong {
        out.push_str("</strong>");
    }
    Html::trusted(out)
}

/// As plain text without readings, values filled in: for titles, attributes, JSON and logs.
#[must_use]
pub fn text(text: &str, values: &[(&str, Value<'_>)]) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(t) | Piece::Ruby(t, _) => out.push_str(t),
            Piece::Strong => {}
            Piece::Place(name) => match value(values, name) {
                Some(Value::Text(t)) => out.push_str(t),
                Some(Value::Html(_)) => {}
                None => {
                    out.push('{');
                    out.push_str(name);
                    out.push('}');
                }
            },
        }
    }
    out
}

/// The names of the places in a text, in order.
#[must_use]
pub fn places(text: &str) -> Vec<&str> {
    pieces(text)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Place(name) => Some(name),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests;
