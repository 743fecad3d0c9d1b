//! One page per step, rendered here from the snapshot. The browser only shows it.

mod qr;
mod view;

use std::sync::Arc;

use askama::Template as _;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::Web;
use super::answer::{PAGE_UNIT, padded, refusal};
use super::api::Asked;
use view::Page;

/// `GET /page`: the screen of this moment. Its length does not depend on what was picked.
pub(super) async fn page(State(web): State<Arc<Web>>, Query(asked): Query<Asked>) -> Response {
    let page = Page {
        s: web.actor.snapshot(),
        place: &web.place,
        lang: asked.lang(),
    };
    match page.render() {
        Ok(html) => {
            let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
            (kind, padded(html, PAGE_UNIT)).into_response()
        }
        Err(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "page"),
    }
}

#[cfg(test)]
mod tests;
