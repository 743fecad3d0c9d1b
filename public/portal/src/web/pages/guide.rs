//! How to vote, check, start, help.

use askama::Template;
use axum::response::Response;
use refusal::ErrorCode;
use ui::{Html, Words, errors, parts, strings};

use super::super::site::{Ask, Title};
use super::home::{Way, ways};
use crate::reader::Seen;

#[derive(Template)]
#[template(path = "how.html")]
struct How {
    w: Words,
    base: String,
    ways: Vec<Way>,
    steps: Vec<Step>,
}

/// One of the six steps of the home channel.
struct Step {
    n: usize,
    name: Html,
    text: Html,
}

fn six_steps(w: Words) -> Vec<Step> {
    const TEXTS: [&str; 6] = [
        "how.one",
        "how.two",
        "how.three",
        "how.four",
        "how.five",
        "how.six",
    ];
    parts::STEPS
        .iter()
        .zip(TEXTS)
        .zip(1..)
        .map(|((name, text), n)| Step {
            n,
            name: w.h(name),
            text: w.h(text),
        })
        .collect()
}

pub(super) fn how(ask: &Ask<'_>) -> Response {
    let page = How {
        w: ask.w,
        base: ask.base(),
        ways: ways(ask),
        steps: six_steps(ask.w),
    };
    ask.ok(&Title::new("how", "nav.how", "P-5"), &page)
}

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    w: Words,
    open: bool,
    sentence: Html,
    hash: String,
    releases: Vec<(String, String, String)>,
    demo: bool,
}

pub(super) fn start(ask: &Ask<'_>) -> Response {
    let manifest = ask.site.content.manifest();
    let state = manifest
        .channel(ballot::manifest::Channel::Home)
        .and_then(|c| ask.channel_state(c));
    let page = StartPage {
        w: ask.w,
        open: ask.view.withdrawn.is_none() && state.is_some_and(ui::calendar::State::is_open),
        sentence: state.map_or_else(Html::default, |s| s.sentence_html(ask.lang)),
        hash: grouped(&ask.site.content.hash().to_hex()),
        releases: ask
            .view
            .releases
            .iter()
            .map(|r| {
                (
                    r.version.clone(),
                    r.platform.clone(),
                    grouped(&crypto::hash::to_hex(&r.sha256)),
                )
            })
            .collect(),
        demo: ask.site.practice,
    };
    ask.ok(&Title::new("start", "start.title", "P-6"), &page)
}

/// Hex digits in groups of eight, so that people can compare them.
fn grouped(hex: &str) -> String {
    let mut out = String::with_capacity(hex.len() + hex.len() / 8);
    for (i, c) in hex.chars().enumerate() {
        if i > 0 && i % 8 == 0 {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

#[derive(Template)]
#[template(path = "check.html")]
struct Check {
    w: Words,
    base: String,
    verdict: Html,
}

pub(super) fn check(ask: &Ask<'_>, seen: Seen) -> Response {
    let name = format!(
        "{}／{}",
        seen.system.unwrap_or("―"),
        seen.browser.unwrap_or("―")
    );
    let (kind, key) = if seen.fits() {
        (parts::Banner::Success, "check.fits")
    } else if seen.mobile {
        (parts::Banner::Warning, "check.mobile")
    } else {
        (parts::Banner::Warning, "check.other")
    };
    let page = Check {
        w: ask.w,
        base: ask.base(),
        verdict: parts::banner(
            ask.lang,
            kind,
            parts::Level::Two,
            &ask.w.h(key),
            &ask.w.h1("check.seen", "name", &name),
        ),
    };
    ask.ok(&Title::new("check", "check.title", "P-7"), &page)
}

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    w: Words,
    base: String,
    telephone: String,
    help_hours: String,
}

pub(super) fn help(ask: &Ask<'_>) -> Response {
    let help = &ask.site.content.manifest().help;
    let page = Help {
        w: ask.w,
        base: ask.base(),
        telephone: help.telephone.clone(),
        help_hours: ask.say(&help.hours).to_owned(),
    };
    ask.ok(&Title::new("help", "nav.help", "P-10"), &page)
}

#[derive(Template)]
#[template(path = "faq.html")]
struct Faq {
    w: Words,
    items: Vec<(String, Html, Html)>,
}

/// The questions of the catalogue: `faq.q01` with `faq.a01`.
fn questions(w: Words) -> Vec<(String, Html, Html)> {
    strings::keys("faq.q")
        .map(|key| {
            let number = key.trim_start_matches("faq.q");
            (
                format!("q{number}"),
                w.h(key),
                w.h(&format!("faq.a{number}")),
            )
        })
        .collect()
}

pub(super) fn faq(ask: &Ask<'_>) -> Response {
    let page = Faq {
        w: ask.w,
        items: questions(ask.w),
    };
    ask.ok(&Title::new("faq", "faq.title", "P-11"), &page)
}

/// One message of the list.
struct Message {
    code: ErrorCode,
    text: Html,
    action: Html,
    staff: &'static str,
    vote: Html,
}

#[derive(Template)]
#[template(path = "errors.html")]
struct Errors {
    w: Words,
    messages: Vec<Message>,
}

pub(super) fn errors(ask: &Ask<'_>) -> Response {
    let messages = errors::all()
        .iter()
        .map(|e| Message {
            code: e.code,
            text: e.message_html(ask.lang, &errors::SAMPLE),
            action: e.action_html(ask.lang),
            staff: &e.staff,
            vote: e.vote_html(ask.lang),
        })
        .collect();
    let page = Errors { w: ask.w, messages };
    ask.ok(&Title::new("errors", "errors.title", "P-12"), &page)
}

#[derive(Template)]
#[template(path = "glossary.html")]
struct Glossary {
    w: Words,
    items: Vec<(Html, Html)>,
}

pub(super) fn glossary(ask: &Ask<'_>) -> Response {
    let items = strings::keys("glossary.t")
        .map(|key| {
            let number = key.trim_start_matches("glossary.t");
            (ask.w.h(key), ask.w.h(&format!("glossary.d{number}")))
        })
        .collect();
    let page = Glossary { w: ask.w, items };
    ask.ok(&Title::new("glossary", "nav.glossary", "P-13"), &page)
}
