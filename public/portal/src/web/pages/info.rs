//! Status, survey report, policies, demo, and the page for an address that does not exist.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use ui::chart::{Bar, columns};
use ui::{Html, Words, strings, wareki};

use super::super::site::{Ask, Title};
use crate::survey;

/// What the board is doing, in one sentence.
pub(super) fn phase(ask: &Ask<'_>) -> Html {
    ask.w.h(&format!("phase.{}", ask.view.phase))
}

struct Node {
    name: String,
    answers: bool,
    height: u64,
}

#[derive(Template)]
#[template(path = "status.html")]
struct Status {
    w: Words,
    phase: Html,
    found: bool,
    close: Html,
    extended: bool,
    received: u64,
    counted: u64,
    check_ballots: u64,
    height: u64,
    block_time: Html,
    nodes: Vec<Node>,
    trustees: String,
    chart: Option<Html>,
    daily: Vec<(String, u64)>,
    hash: String,
    network: String,
}

pub(super) fn status(ask: &Ask<'_>) -> Response {
    let manifest = ask.site.content.manifest();
    let view = &ask.view;
    let nodes = manifest
        .validators
        .iter()
        .zip(&view.nodes)
        .map(|(v, n)| Node {
            name: ask.say(&v.name).to_owned(),
            answers: n.answers,
            height: n.height,
        })
        .collect();
    let days: Vec<(u64, u64)> = view
        .daily
        .iter()
        .map(|(day, n)| (ballot::day::japan_day_start_ms(*day), *n))
        .collect();
    let bars: Vec<Bar> = days
        .iter()
        .map(|(ms, n)| Bar {
            label: ui::Jst::from_ms(*ms).day().to_string(),
            value: *n,
            strong: false,
        })
        .collect();
    let chart = (!bars.is_empty()).then(|| {
        columns(
            "turnout",
            &ask.w.t("status.chart_title"),
            &ask.w.t("status.chart_text"),
            &bars,
        )
    });
    let (commitments, shares) = (view.commitments.to_string(), view.shares.to_string());
    let page = Status {
        w: ask.w,
        phase: phase(ask),
        found: view.found,
        close: wareki::long_html(ask.lang, view.close_at),
        extended: view.close_at != manifest.close_at,
        received: view.received,
        counted: view.counted,
        check_ballots: view.check_ballots,
        height: view.height,
        block_time: wareki::long_html(ask.lang, view.block_time),
        nodes,
        trustees: ask.w.tv(
            "status.trustees_text",
            &[
                ("commitments", (&commitments).into()),
                ("shares", (&shares).into()),
            ],
        ),
        chart,
        daily: days
            .into_iter()
            .map(|(ms, n)| (wareki::date(ask.lang, ms), n))
            .collect(),
        hash: ask.site.content.hash().to_hex(),
        network: crypto::hash::to_hex(&manifest.network),
    };
    ask.ok(&Title::new("status", "nav.status", "P-14"), &page)
}

struct Question {
    text: String,
    rows: Vec<(String, Option<u64>)>,
    texts: Option<Option<u64>>,
}

#[derive(Template)]
#[template(path = "survey.html")]
struct Survey {
    w: Words,
    shown: bool,
    total: usize,
    questions: Vec<Question>,
}

pub(super) async fn survey(ask: &Ask<'_>) -> Response {
    let stored = match ask.site.store.answers().await {
        Ok(stored) => stored,
        Err(error) => {
            tracing::error!("survey: {error}");
            return broken(ask);
        }
    };
    let asked = &ask.site.content.manifest().survey;
    let questions = survey::report(asked, &stored)
        .into_iter()
        .zip(asked)
        .map(|(tally, q)| Question {
            text: ask.say(&q.text).to_owned(),
            rows: q
                .options
                .iter()
                .map(|o| ask.say(&o.text).to_owned())
                .zip(tally.cells)
                .collect(),
            texts: (q.kind == ballot::manifest::QuestionKind::Text).then_some(tally.texts),
        })
        .collect();
    let total = stored.len();
    let page = Survey {
        w: ask.w,
        // While voting goes on, or with very few answers, a report would say too much.
        shown: ask.view.is_closed() && u64::try_from(total).is_ok_and(|n| n >= survey::SMALL),
        total,
        questions,
    };
    ask.ok(&Title::new("survey", "nav.survey", "P-15"), &page)
}

#[derive(Template)]
#[template(path = "policy.html")]
struct Policy {
    heading: Html,
    lead: Html,
    parts: Vec<(Html, Html)>,
}

/// `promise`, `privacy`, `accessibility`: `promise.h1` with `promise.p1` and so on.
pub(super) fn policy(ask: &Ask<'_>, name: &str) -> Response {
    let prefix = format!("{name}.h");
    let parts = strings::keys("")
        .filter(|key| key.starts_with(&prefix))
        .map(|key| {
            let number = key.trim_start_matches(&prefix);
            (ask.w.h(key), ask.w.h(&format!("{name}.p{number}")))
        })
        .collect();
    let key = format!("nav.{name}");
    let page = Policy {
        heading: ask.w.h(&key),
        lead: ask.w.h(&format!("{name}.lead")),
        parts,
    };
    ask.ok(&Title::new(name, &key, "P-16"), &page)
}

#[derive(Template)]
#[template(path = "demo.html")]
struct Demo {
    w: Words,
    now: Html,
    next: Option<Html>,
    clock: bool,
}

pub(super) fn demo(ask: &Ask<'_>) -> Response {
    if !ask.site.practice {
        return not_found(ask);
    }
    let boundaries = ask.site.content.boundaries(ask.view.close_at);
    let page = Demo {
        w: ask.w,
        now: wareki::long_html(ask.lang, ask.now),
        next: crate::demo::next(&boundaries, ask.now)
            .map(|ms| Html::text(&wareki::exact(ask.lang, ms))),
        clock: ask.site.hands.is_some(),
    };
    ask.ok(&Title::new("../demo", "demo.title", "P-90"), &page)
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice {
    w: Words,
    base: String,
    heading: Html,
    text: Html,
}

fn notice(ask: &Ask<'_>, status: StatusCode, key: &str) -> Response {
    let heading = format!("{key}.title");
    let page = Notice {
        w: ask.w,
        base: ask.base(),
        heading: ask.w.h(&heading),
        text: ask.w.h(&format!("{key}.text")),
    };
    ask.respond(status, &Title::new("", &heading, "P-99"), &page)
}

pub(super) fn not_found(ask: &Ask<'_>) -> Response {
    notice(ask, StatusCode::NOT_FOUND, "lost")
}

fn broken(ask: &Ask<'_>) -> Response {
    notice(ask, StatusCode::INTERNAL_SERVER_ERROR, "broken")
}
