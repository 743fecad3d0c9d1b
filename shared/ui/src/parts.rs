//! Components as functions that give HTML. The classes are in `assets/parts.css`.

use core::fmt::Write as _;

use crate::html::{Html, escape};
use crate::lang::Lang;
use crate::strings::Words;

/// Kind of a notification banner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Banner {
    /// Something is done.
    Success,
    /// Something went wrong.
    Error,
    /// Something is still open or needs care.
    Warning,
    /// Something to know.
    Info,
}

impl Banner {
    fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    fn drawing(self) -> &'static str {
        match self {
            Self::Success => {
                "<circle cx=\"14\" cy=\"14\" r=\"12\" fill=\"currentColor\"/><path d=\"m8.5 14.5 3.8 3.8 7.4-8\" fill=\"none\" stroke=\"#fff\" stroke-width=\"2.4\"/>"
            }
            Self::Error => {
                "<path d=\"M9 2h10l7 7v10l-7 7H9l-7-7V9z\" fill=\"currentColor\"/><path d=\"M14 8v8m0 2.6v2.8\" stroke=\"#fff\" stroke-width=\"2.6\"/>"
            }
            Self::Warning => {
                "<path d=\"M14 2.5 26.5 25h-25z\" fill=\"currentColor\"/><path d=\"M14 10v7m0 2.4v2.6\" stroke=\"#fff\" stroke-width=\"2.4\"/>"
            }
            Self::Info => {
                "<circle cx=\"14\" cy=\"14\" r=\"12\" fill=\"currentColor\"/><path d=\"M14 7v3m0 2.6V21\" stroke=\"#fff\" stroke-width=\"2.6\"/>"
            }
        }
    }
}

/// Heading level of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// `h1`.
    One,
    /// `h2`.
    Two,
    /// `h3`.
    Three,
}

impl Level {
    fn tag(self) -> &'static str {
        match self {
            Self::One => "h1",
            Self::Two => "h2",
            Self::Three => "h3",
        }
    }
}

/// A notification banner: icon with a name, heading, text.
#[must_use]
pub fn banner(lang: Lang, kind: Banner, level: Level, title: &Html, body: &Html) -> Html {
    let name = kind.name();
    let label = escape(&Words(lang).t(&format!("banner.{name}")));
    let tag = level.tag();
    // The heading of a page takes the focus.
    let focus = if level == Level::One {
        " id=\"title\" tabindex=\"-1\""
    } else {
        ""
    };
    let body = if body.is_empty() {
        String::new()
    } else {
        format!("<div class=\"banner-body\">{body}</div>")
    };
    Html::trusted(format!(
        "<div class=\"banner banner-{name}\"><svg class=\"banner-icon\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 28 28\">{}</svg><{tag} class=\"banner-title\"{focus}>{title}</{tag}>{body}</div>",
        kind.drawing()
    ))
}

/// The six steps of the vote, in order.
pub const STEPS: [&str; 6] = [
    "step.one",
    "step.two",
    "step.three",
    "step.four",
    "step.five",
    "step.six",
];

/// Step navigation: 「3/6 顔の確認」 and the list. `current` counts from 1; 0 shows
/// the list without a position.
#[must_use]
pub fn steps(lang: Lang, current: usize) -> Html {
    let words = Words(lang);
    let mut out = format!(
        "<nav class=\"steps\" aria-label=\"{}\">",
        escape(&words.t("steps.list"))
    );
    if current > 0 {
        let (n, total) = (current.to_string(), STEPS.len().to_string());
        let name = STEPS
            .get(current - 1)
            .map_or_else(Html::default, |key| words.h(key));
        let position = words.hv(
            "steps.position",
            &[
                ("n", (&n).into()),
                ("total", (&total).into()),
                ("name", (&name).into()),
            ],
        );
        let _ = write!(out, "<p class=\"steps-position\">{position}</p>");
    }
    out.push_str("<ol>");
    for (i, key) in STEPS.iter().enumerate() {
        let n = i + 1;
        let (class, now, state) = if n < current {
            (" class=\"is-done\"", "", "steps.done")
        } else if n == current {
            ("", " aria-current=\"step\"", "steps.now")
        } else {
            ("", "", "steps.next")
        };
        let spoken = if current > 0 {
            format!(
                "<span class=\"hidden-visually\">（{}）</span>",
                words.h(state)
            )
        } else {
            String::new()
        };
        let _ = write!(
            out,
            "<li{class}{now}><span class=\"steps-no\">{n}</span><span>{}{spoken}</span></li>",
            words.h(key)
        );
    }
    out.push_str("</ol></nav>");
    Html::trusted(out)
}

/// Style of a button or of a link that looks like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// The one main action of a view.
    Fill,
    /// Other actions.
    Outline,
    /// Minor actions.
    Text,
}

impl Style {
    fn class(self) -> &'static str {
        match self {
            Self::Fill => "btn btn-fill btn-l",
            Self::Outline => "btn btn-outline",
            Self::Text => "btn btn-text",
        }
    }
}

/// A button that submits its form (it acts).
#[must_use]
pub fn submit(label: &Html, style: Style) -> Html {
    Html::trusted(format!(
        "<button class=\"{}\" type=\"submit\">{label}</button>",
        style.class()
    ))
}

/// A text field with label, badge, support text and error.
#[derive(Clone, Debug, Default)]
pub struct TextField<'a> {
    /// Name and id.
    pub name: &'a str,
    /// Label.
    pub label: Html,
    /// Support text between label and field.
    pub support: Html,
    /// What was typed before.
    pub value: &'a str,
    /// Whether it must be filled in.
    pub required: bool,
    /// What is wrong; the word 「エラー：」 goes before it.
    pub error: Option<Html>,
    /// Further classes of the input.
    pub class: &'a str,
    /// Longest input.
    pub max: usize,
}

/// A text field.
#[must_use]
pub fn text_field(lang: Lang, field: &TextField<'_>) -> Html {
    let words = Words(lang);
    let name = escape(field.name);
    let badge = if field.required {
        format!("<span class=\"must\">{}</span>", words.h("form.required"))
    } else {
        format!("<span class=\"may\">{}</span>", words.h("form.optional"))
    };
    let mut described = Vec::new();
    let mut support = String::new();
    if !field.support.is_empty() {
        described.push(format!("{name}-support"));
        support = format!(
            "<p class=\"support\" id=\"{name}-support\">{}</p>",
            field.support
        );
    }
    let (mut invalid, mut error) = ("", String::new());
    if let Some(text) = &field.error {
        described.push(format!("{name}-error"));
        invalid = " aria-invalid=\"true\"";
        error = format!(
            "<p class=\"error-text\" id=\"{name}-error\"><strong>{}</strong>{text}</p>",
            words.h("form.error")
        );
    }
    let described = if described.is_empty() {
        String::new()
    } else {
        format!(" aria-describedby=\"{}\"", described.join(" "))
    };
    Html::trusted(format!(
        "<div class=\"field\"><label for=\"{name}\">{}{badge}</label>{support}<input class=\"input {}\" id=\"{name}\" name=\"{name}\" type=\"text\" value=\"{}\" maxlength=\"{}\" autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\"{invalid}{described}>{error}</div>",
        field.label,
        escape(field.class),
        escape(field.value),
        field.max
    ))
}

/// A checklist that can be ticked on paper.
#[must_use]
pub fn checklist(items: &[Html]) -> Html {
    let mut out = String::from("<ul class=\"checklist\">");
    for item in items {
        let _ = write!(out, "<li>{item}</li>");
    }
    out.push_str("</ul>");
    Html::trusted(out)
}

#[cfg(test)]
mod tests;
