//! The pages a browser opens.

mod guide;
mod home;
mod info;
mod proposals;
mod receipt;
mod result;

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use ui::Lang;

use super::look::Look;
use super::site::{Ask, Peer, Site, address};
use crate::reader::Seen;

pub(super) use result::{chart, ranking};

type Shared = State<Arc<Site>>;

/// What may follow the `?`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// A receipt code, as typed.
    code: Option<String>,
}

/// `/` → Japanese.
pub(super) async fn root() -> Redirect {
    Redirect::to("/ja")
}

/// Pages that are also found without a language, as somebody types them.
const TYPED: [&str; 9] = [
    "help", "errors", "receipt", "faq", "start", "check", "how", "status", "result",
];

/// `/ja`; `/help` leads to `/ja/help`.
pub(super) async fn home(
    State(site): Shared,
    Path(lang): Path<String>,
    RawQuery(query): RawQuery,
    look: Look,
) -> Response {
    if TYPED.contains(&lang.as_str()) {
        let query = query.map_or_else(String::new, |q| format!("?{q}"));
        return Redirect::to(&format!("/ja/{lang}{query}")).into_response();
    }
    match Lang::parse(&lang) {
        Some(lang) => home::home(&Ask::new(&site, lang, look)),
        None => info::not_found(&Ask::new(&site, Lang::Ja, look)),
    }
}

/// `/ja/…`.
pub(super) async fn page(
    State(site): Shared,
    Path((lang, rest)): Path<(String, String)>,
    query: Result<Query<Asked>, QueryRejection>,
    peer: Peer,
    look: Look,
    headers: HeaderMap,
) -> Response {
    let Some(lang) = Lang::parse(&lang) else {
        return info::not_found(&Ask::new(&site, Lang::Ja, look));
    };
    let ask = Ask::new(&site, lang, look);
    let rest = rest.trim_end_matches('/');
    match rest {
        "proposals" => proposals::list(&ask),
        "proposals/print" => proposals::print(&ask),
        "how" => guide::how(&ask),
        "start" => guide::start(&ask),
        "check" => guide::check(&ask, seen(&headers)),
        "help" => guide::help(&ask),
        "faq" => guide::faq(&ask),
        "errors" => guide::errors(&ask),
        "glossary" => guide::glossary(&ask),
        "receipt" => {
            let code = query.ok().and_then(|Query(q)| q.code);
            receipt::page(&ask, code.as_deref(), address(&peer)).await
        }
        "result" => result::page(&ask),
        "status" => info::status(&ask),
        "survey" => info::survey(&ask).await,
        "promise" | "privacy" | "accessibility" => info::policy(&ask, rest),
        _ => match rest.strip_prefix("proposals/").map(str::parse) {
            Some(Ok(number)) => proposals::detail(&ask, number),
            _ => info::not_found(&ask),
        },
    }
}

fn seen(headers: &HeaderMap) -> Seen {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|v| v.to_str().ok());
    Seen::from_agent(agent.unwrap_or(""))
}

/// Everything else.
pub(super) async fn lost(State(site): Shared, look: Look) -> Response {
    info::not_found(&Ask::new(&site, Lang::Ja, look))
}

/// `/demo`.
pub(super) async fn demo(State(site): Shared, look: Look) -> Response {
    info::demo(&Ask::new(&site, Lang::Ja, look))
}

/// `POST /demo/clock/next`: to the next boundary. Only from the page itself.
pub(super) async fn clock_next(State(site): Shared, look: Look, headers: HeaderMap) -> Response {
    let Some(hands) = &site.hands else {
        return info::not_found(&Ask::new(&site, Lang::Ja, look));
    };
    if !from_our_own_page(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let boundaries = site.content.boundaries(site.board.view().close_at);
    let stepped = match crate::demo::next(&boundaries, site.clock.now_ms()) {
        Some(target) => hands.step_to(target).map(|_| ()),
        None => Ok(()),
    };
    if let Err(error) = stepped {
        tracing::error!("the demo clock: {error}");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    Redirect::to("/demo").into_response()
}

/// Did one of the portal's own pages send this? A browser says so in two headers, of which older
/// ones send `Origin` alone; a request with neither comes from no page.
fn from_our_own_page(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text("origin").map(|origin| {
        let host = origin.split_once("://").map(|(_, host)| host);
        host.is_some() && host == text("host")
    });
    match (text("sec-fetch-site"), origin) {
        (Some(site), origin) => site == "same-origin" && origin != Some(false),
        (None, Some(own)) => own,
        (None, None) => false,
    }
}
