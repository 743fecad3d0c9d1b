//! The page around every body: head, skip link, demo label, languages, menu, footer.

use askama::Template;

use crate::html::Html;
use crate::lang::Lang;
use crate::strings::Words;

/// A link of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Where to.
    pub href: String,
    /// What it says.
    pub label: Html,
    /// Whether this is the page shown.
    pub current: bool,
}

/// An urgent notice above everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emergency {
    /// Heading, without 【緊急】.
    pub title: String,
    /// Text.
    pub body: String,
    /// When it was written, in words.
    pub updated: String,
}

/// Everything around the body of a page.
#[derive(Clone, Debug, Default)]
pub struct PageFrame {
    /// Language of the page.
    pub lang: Lang,
    /// The municipality.
    pub city: String,
    /// Name of the service.
    pub service: String,
    /// Name of this page (or step).
    pub title: String,
    /// 画面番号, if the page has one.
    pub screen: Option<String>,
    /// Whether the red demo label is shown.
    pub demo: bool,
    /// Where the name of the service leads.
    pub home_href: String,
    /// Address of the style sheet ([`crate::assets::CSS`]).
    pub css_href: String,
    /// Address of the icon ([`crate::assets::ICON`]).
    pub icon_href: String,
    /// Further style sheets.
    pub styles: Vec<String>,
    /// Scripts (modules of the same origin).
    pub scripts: Vec<String>,
    /// This page in each language; empty: no selector.
    pub languages: Vec<(Lang, String)>,
    /// `large` or `huge`; none for the normal size.
    pub size: Option<&'static str>,
    /// White on black.
    pub inverted: bool,
    /// Choices of size and colours; empty: no selector.
    pub display: Vec<NavItem>,
    /// Telephone and hours of the help desk, for the footer; may be empty.
    pub help: String,
    /// Main menu.
    pub nav: Vec<NavItem>,
    /// Breadcrumbs; not inside the voting steps.
    pub crumbs: Vec<NavItem>,
    /// Links of the footer.
    pub foot: Vec<NavItem>,
    /// Server time of the page, in words.
    pub now: Option<Html>,
    /// Urgent notice.
    pub emergency: Option<Emergency>,
}

#[derive(Template)]
#[template(path = "frame.html")]
struct FrameTemplate<'a> {
    f: &'a PageFrame,
    w: Words,
    plain: bool,
    body: &'a Html,
}

/// The whole page as HTML.
#[must_use]
pub fn page(frame: &PageFrame, body: &Html) -> String {
    let template = FrameTemplate {
        f: frame,
        w: Words(frame.lang),
        plain: frame.lang == Lang::Plain,
        body,
    };
    // Writing into a String cannot fail.
    template.render().unwrap_or_default()
}

#[cfg(test)]
mod tests;
