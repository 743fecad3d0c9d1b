//! The result. The page shows nothing until the result is on the board.

use askama::Template;
use axum::response::Response;
use ui::chart::{Bar, columns, row_bar};
use ui::{Html, Words};

use super::super::site::{Ask, Title};

/// One proposal with its votes.
#[derive(Clone)]
pub(in crate::web) struct Ranked {
    /// 1 = most votes; equal votes share a rank.
    pub rank: usize,
    /// Printed number.
    pub number: u16,
    /// Title.
    pub title: String,
    /// Proposer.
    pub proposer: String,
    /// Votes.
    pub votes: u64,
    /// A bar for the row.
    pub bar: Html,
}

/// The proposals by votes; none before the result is on the board.
pub(in crate::web) fn ranking(ask: &Ask<'_>) -> Option<Vec<Ranked>> {
    let result = ask.view.result.as_ref()?;
    let options = &ask.site.content.contest()?.options;
    let most = result.votes.iter().copied().max().unwrap_or(0);
    let mut rows: Vec<Ranked> = options
        .iter()
        .zip(&result.votes)
        .map(|(o, votes)| Ranked {
            rank: 1 + result.votes.iter().filter(|v| *v > votes).count(),
            number: o.number,
            title: ask.say(&o.title).to_owned(),
            proposer: ask.say(&o.proposer).to_owned(),
            votes: *votes,
            bar: row_bar(*votes, most, *votes == most && most > 0),
        })
        .collect();
    rows.sort_by_key(|r| (r.rank, r.number));
    Some(rows)
}

/// The chart in the order of the printed numbers.
pub(in crate::web) fn chart(ask: &Ask<'_>) -> Option<Html> {
    let mut rows = ranking(ask)?;
    rows.sort_by_key(|r| r.number);
    let bars: Vec<Bar> = rows
        .iter()
        .map(|r| Bar {
            label: r.number.to_string(),
            value: r.votes,
            strong: r.rank == 1 && r.votes > 0,
        })
        .collect();
    Some(columns(
        "result-chart",
        &ask.w.t("result.chart_title"),
        &ask.w.t("result.chart_text"),
        &bars,
    ))
}

#[derive(Template)]
#[template(path = "result.html")]
struct Page {
    w: Words,
    rows: Vec<Ranked>,
    winners: Vec<Ranked>,
    tie: bool,
    tie_rule: String,
    chart: Html,
    received: u64,
    overwritten: u64,
    counted: u64,
    check_ballots: u64,
    issued: Vec<u64>,
    unused: Option<u64>,
    margin: u64,
    hash: String,
}

#[derive(Template)]
#[template(path = "curtain.html")]
struct Curtain {
    w: Words,
    base: String,
    banner: Html,
    phase: Html,
}

pub(super) fn page(ask: &Ask<'_>) -> Response {
    let title = Title::new("result", "nav.result", "P-9");
    let (Some(rows), Some(result)) = (ranking(ask), ask.view.result.as_ref()) else {
        let curtain = Curtain {
            w: ask.w,
            base: ask.base(),
            banner: ui::parts::banner(
                ask.lang,
                ui::parts::Banner::Info,
                ui::parts::Level::Two,
                &ask.w.h("result.not_yet"),
                &super::home::withheld(ask),
            ),
            phase: super::info::phase(ask),
        };
        return ask.ok(&title, &curtain);
    };
    let winners: Vec<Ranked> = rows
        .iter()
        .filter(|r| r.rank == 1 && r.votes > 0)
        .cloned()
        .collect();
    let first = rows.first().map_or(0, |r| r.votes);
    let second = rows
        .iter()
        .map(|r| r.votes)
        .find(|v| *v < first)
        .unwrap_or(0);
    let least = result.issued.iter().copied().min();
    let page = Page {
        w: ask.w,
        tie: winners.len() > 1,
        tie_rule: ask
            .say(&ask.site.content.manifest().tie_rule.words)
            .to_owned(),
        winners,
        chart: chart(ask).unwrap_or_default(),
        received: result.received,
        overwritten: result.overwritten,
        counted: result.counted,
        check_ballots: result.check_ballots,
        unused: least.map(|n| n.saturating_sub(result.counted)),
        issued: result.issued.clone(),
        margin: first.saturating_sub(second),
        hash: ask.site.content.hash().to_hex(),
        rows,
    };
    ask.ok(&title, &page)
}
