//! Note, choose, open; and check ballots.

use axum::http::StatusCode;
use axum::response::Response;
use ballot::Side;
use serde::Deserialize;

use super::answer::refusal;
use super::api::{Ask, Nothing};
use crate::session::Command;

/// `{side}`: `"0"` for ア, the mask, or `"1"` for イ, the masked sum.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SideBody {
    side: String,
}

/// `POST /api/slip`: the slip is printed, or cannot be.
pub(super) async fn slip(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Slip).await
}

/// `POST /api/noted`: both numbers are on paper.
pub(super) async fn noted(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Noted).await
}

/// `POST /api/side`: makes the opening.
pub(super) async fn side(ask: Ask<SideBody>) -> Response {
    let side = match ask.body.side.as_str() {
        "0" => Side::Mask,
        "1" => Side::Masked,
        _ => return refusal(StatusCode::BAD_REQUEST, "body"),
    };
    ask.run(Command::Side(side)).await
}

/// `POST /api/open`: sends the opening and waits for its receipt; again sends the same.
pub(super) async fn open(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Open).await
}

/// `POST /api/closed`: finishes without an opening.
pub(super) async fn closed(ask: Ask<Nothing>) -> Response {
    ask.run(Command::LeaveClosed).await
}

/// `POST /api/spoil`: makes a check ballot of the prepared one.
pub(super) async fn spoil(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Spoil).await
}

/// `POST /api/check`: sends the check ballot and waits for its receipt; again sends the same.
pub(super) async fn check(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Check).await
}

/// `POST /api/checked`: back to the list.
pub(super) async fn checked(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Checked).await
}
