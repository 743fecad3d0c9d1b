//! The proposals: list, one, print.

use askama::Template;
use axum::response::Response;
use ui::Words;

use super::super::site::{Ask, Title};

/// One proposal as shown.
pub(super) struct Row {
    /// Printed number.
    pub number: u16,
    /// Title.
    pub title: String,
    /// Who proposes it.
    pub proposer: String,
    /// What it is about.
    pub summary: String,
}

/// All proposals in the order of their numbers.
pub(super) fn rows(ask: &Ask<'_>) -> Vec<Row> {
    ask.site
        .content
        .proposals()
        .into_iter()
        .map(|o| row(ask, o))
        .collect()
}

fn row(ask: &Ask<'_>, option: &ballot::manifest::OptionItem) -> Row {
    Row {
        number: option.number,
        title: ask.say(&option.title).to_owned(),
        proposer: ask.say(&option.proposer).to_owned(),
        summary: ask.say(&option.summary).to_owned(),
    }
}

#[derive(Template)]
#[template(path = "proposals.html")]
struct List {
    w: Words,
    base: String,
    count: String,
    rows: Vec<Row>,
}

pub(super) fn list(ask: &Ask<'_>) -> Response {
    let rows = rows(ask);
    let page = List {
        w: ask.w,
        base: ask.base(),
        count: rows.len().to_string(),
        rows,
    };
    let title = Title::new("proposals", "nav.proposals", "P-2");
    ask.ok(&title, &page)
}

#[derive(Template)]
#[template(path = "print.html")]
struct Print {
    w: Words,
    title: String,
    rows: Vec<Row>,
}

pub(super) fn print(ask: &Ask<'_>) -> Response {
    let page = Print {
        w: ask.w,
        title: ask.say(&ask.site.content.manifest().title).to_owned(),
        rows: rows(ask),
    };
    let title = Title::new("proposals/print", "proposals.print_title", "P-4");
    ask.ok(&title, &page)
}

#[derive(Template)]
#[template(path = "proposal.html")]
struct Detail {
    w: Words,
    base: String,
    row: Row,
    total: usize,
    before: Option<Row>,
    after: Option<Row>,
}

pub(super) fn detail(ask: &Ask<'_>, number: u16) -> Response {
    let content = &ask.site.content;
    let Some(option) = content.proposal(number) else {
        return super::info::not_found(ask);
    };
    let near = |n: Option<u16>| n.and_then(|n| content.proposal(n)).map(|o| row(ask, o));
    let row = row(ask, option);
    let name = row.title.clone();
    let page = Detail {
        w: ask.w,
        base: ask.base(),
        row,
        total: content.proposals().len(),
        before: near(number.checked_sub(1)),
        after: near(number.checked_add(1)),
    };
    let path = format!("proposals/{number}");
    let title = Title {
        path: &path,
        key: "nav.proposals",
        own: Some(&name),
        screen: "P-3",
    };
    ask.ok(&title, &page)
}
