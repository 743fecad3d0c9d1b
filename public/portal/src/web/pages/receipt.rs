//! 票の確認: is the vote with this number in the box?

use std::net::IpAddr;
use std::time::Instant;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use ballot::code::normalise_code;
use refusal::ErrorCode;
use ui::parts::{Banner, Level, TextField, banner, text_field};
use ui::{Html, Words, errors, wareki};

use super::super::site::{Ask, Title};
use crate::follow::{Found, LookUp, Standing};

/// Longest input that is looked at.
const MAX_TYPED: usize = 64;

/// What is shown under the form.
struct Answer {
    state: &'static str,
    banner: Html,
    facts: Vec<(Html, Html)>,
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct Page {
    w: Words,
    base: String,
    field: Html,
    answer: Option<Answer>,
}

fn failed(ask: &Ask<'_>, state: &'static str, code: ErrorCode) -> Answer {
    let error = errors::get(code);
    let body = format!(
        "<p>{}</p><p>{} <a href=\"{}#{code}\">{code}</a></p>",
        error.action_html(ask.lang),
        ask.w.h("receipt.code_help"),
        ask.href("errors"),
    );
    Answer {
        state,
        banner: banner(
            ask.lang,
            Banner::Error,
            Level::Two,
            &error.message_html(ask.lang, &[]),
            &Html::trusted(body),
        ),
        facts: Vec::new(),
    }
}

fn found(ask: &Ask<'_>, found: &Found) -> Answer {
    let (state, kind, key) = match found.standing {
        Standing::InBox => ("in_box", Banner::Success, "in_box"),
        Standing::Counted => ("counted", Banner::Success, "counted"),
        Standing::Overwritten => ("overwritten", Banner::Info, "overwritten"),
        Standing::CheckBallot => ("spoiled", Banner::Warning, "spoiled"),
        Standing::NotAVote => ("not_a_vote", Banner::Warning, "not_a_vote"),
    };
    let mut facts = vec![
        (
            ask.w.h("receipt.code"),
            Html::trusted(format!(
                "<span class=\"code\">{}</span>",
                ui::escape(&found.code)
            )),
        ),
        (
            ask.w.h("receipt.time"),
            Html::text(&wareki::exact(ask.lang, found.time_ms)),
        ),
        (
            ask.w.h("receipt.block"),
            ask.w.h1("receipt.block_no", "n", &found.height.to_string()),
        ),
    ];
    if let Some(chosen) = found.pictures {
        facts.insert(1, (ask.w.h("receipt.mark"), pictures(ask.w, chosen)));
    }
    Answer {
        state,
        banner: banner(
            ask.lang,
            kind,
            Level::Two,
            &ask.w.h(&format!("receipt.{key}")),
            &ask.w.h(&format!("receipt.{key}_text")),
        ),
        facts,
    }
}

/// Drawing and name, the same as on the booth's screens.
fn pictures(w: Words, chosen: [u8; 2]) -> Html {
    let names: Vec<String> = chosen
        .iter()
        .map(|n| {
            let (svg, name) = (ui::pictures::svg(*n), ui::pictures::name(w.0, *n));
            format!("<span class=\"nowrap\">{svg} <strong>{name}</strong></span>")
        })
        .collect();
    Html::trusted(names.join(&w.h("mark.and").into_string()))
}

pub(super) async fn page(ask: &Ask<'_>, typed: Option<&str>, from: IpAddr) -> Response {
    let typed = typed.map(|t| t.trim().chars().take(MAX_TYPED).collect::<String>());
    let typed = typed.filter(|t| !t.is_empty());
    let mut error = None;
    let mut shown = typed.clone().unwrap_or_default();
    let (mut status, mut answer) = (StatusCode::OK, None);
    if let Some(typed) = &typed {
        if let Some(code) = normalise_code(typed) {
            let allowed = ask.site.limits.look_ups.allow(from, Instant::now());
            let look_up = if allowed {
                ask.site.board.look_up(&code).await
            } else {
                LookUp::Unreachable
            };
            (status, answer) = match &look_up {
                LookUp::Found(f) => (StatusCode::OK, Some(found(ask, f))),
                LookUp::NotFound => (
                    StatusCode::NOT_FOUND,
                    Some(failed(ask, "not_found", ErrorCode::ReceiptUnknown)),
                ),
                LookUp::Unreachable => (
                    StatusCode::SERVICE_UNAVAILABLE,
                    Some(failed(ask, "unreachable", ErrorCode::BoardUnreachable)),
                ),
            };
            shown = code;
        } else {
            status = StatusCode::BAD_REQUEST;
            error = Some(errors::get(ErrorCode::ReceiptFormat).message_html(ask.lang, &[]));
            answer = Some(failed(ask, "format", ErrorCode::ReceiptFormat));
        }
    }
    let field = text_field(
        ask.lang,
        &TextField {
            name: "code",
            label: ask.w.h("receipt.field"),
            support: ask.w.h("receipt.support"),
            value: &shown,
            required: true,
            error,
            class: "input-code",
            max: MAX_TYPED,
        },
    );
    let body = Page {
        w: ask.w,
        base: ask.base(),
        field,
        answer,
    };
    let title = Title::new("receipt", "nav.receipt", "P-8");
    ask.respond(status, &title, &body)
}
