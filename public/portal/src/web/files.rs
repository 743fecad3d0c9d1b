//! Files: start file, manifest, result as CSV and SVG, assets.

use std::sync::Arc;
use std::time::Instant;

use api::portal::Refusal;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use host::problem::{Problem, refuse};
use ui::Lang;

use super::look::Look;
use super::site::{Ask, Peer, Site, address};
use crate::start::{TICKET_MS, Ticket};

type Shared = State<Arc<Site>>;

/// `GET /start.irefuda`: the start file with a fresh ticket.
pub(super) async fn start(State(site): Shared, peer: Peer) -> Response {
    if !site.limits.tickets.allow(address(&peer), Instant::now()) {
        let mut problem = Problem::from(Refusal::StartFilesTooOften);
        // A person may meet this one: it is a link on a page.
        problem.title = ui::errors::get(problem.code).message(Lang::Ja, &[]);
        return problem.into_response();
    }
    let now = site.clock.now_ms();
    let expires = now.saturating_add(TICKET_MS);
    let ticket = Ticket::random();
    if let Err(error) = site.store.keep_ticket(&ticket, now, expires).await {
        tracing::error!("ticket: {error}");
        return refuse(Refusal::Internal);
    }
    (
        [
            (header::CACHE_CONTROL, "no-store"),
            (
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"start.irefuda\"",
            ),
        ],
        Json(site.start.with_ticket(&ticket, expires)),
    )
        .into_response()
}

/// `GET /manifest.bin`: the sealed manifest.
pub(super) async fn manifest(State(site): Shared) -> Response {
    (
        [(header::CONTENT_TYPE, "application/octet-stream")],
        site.content.bytes().to_vec(),
    )
        .into_response()
}

/// `GET /assets/…`.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let forever = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    if format!("/assets/{name}") == ui::assets::css_path() {
        return (
            [(header::CONTENT_TYPE, "text/css; charset=utf-8"), forever],
            ui::assets::CSS,
        )
            .into_response();
    }
    if name == "icon.svg" {
        return ([(header::CONTENT_TYPE, "image/svg+xml")], ui::assets::ICON).into_response();
    }
    StatusCode::NOT_FOUND.into_response()
}

/// `GET /result.csv`: only once the result is on the board.
pub(super) async fn result_csv(State(site): Shared) -> Response {
    let Some(rows) = super::pages::ranking(&Ask::new(&site, Lang::Ja, Look::default())) else {
        return not_yet();
    };
    // A mark at the start tells spreadsheet programs that this is UTF-8.
    let mut text = String::from("\u{feff}順位,番号,提案,提案者,票数\r\n");
    for row in rows {
        let line = [
            row.rank.to_string(),
            row.number.to_string(),
            quoted(&row.title),
            quoted(&row.proposer),
            row.votes.to_string(),
        ];
        text.push_str(&line.join(","));
        text.push_str("\r\n");
    }
    (
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"result.csv\"",
            ),
        ],
        text,
    )
        .into_response()
}

/// A CSV field; a spreadsheet never reads it as a formula.
fn quoted(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if risky { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// `GET /result.svg`: the chart as a file.
pub(super) async fn result_svg(State(site): Shared) -> Response {
    super::pages::chart(&Ask::new(&site, Lang::Ja, Look::default())).map_or_else(not_yet, |svg| {
        ([(header::CONTENT_TYPE, "image/svg+xml")], svg.into_string()).into_response()
    })
}

fn not_yet() -> Response {
    (
        StatusCode::NOT_FOUND,
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        "結果はまだ発表されていません。\n",
    )
        .into_response()
}
