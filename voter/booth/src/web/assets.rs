//! The shell page, scripts, styles and fonts: the same for everybody, without any data of a voter.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer::refusal;

const SHELL: &str = include_str!("../../assets/shell.html");
const SCRIPTS: [(&str, &str); 4] = [
    ("booth.js", include_str!("../../assets/booth.js")),
    ("camera.js", include_str!("../../assets/camera.js")),
    ("cameras.js", include_str!("../../assets/cameras.js")),
    ("form.js", include_str!("../../assets/form.js")),
];
const STYLE: &str = include_str!("../../assets/booth.css");

/// `GET /`.
pub(super) async fn shell() -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], SHELL).into_response()
}

/// `GET /assets/NAME`.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    if name == "ui.css" {
        return (
            [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
            ui::assets::CSS,
        )
            .into_response();
    }
    if name == "icon.svg" {
        return ([(header::CONTENT_TYPE, "image/svg+xml")], ui::assets::ICON).into_response();
    }
    if name == "booth.css" {
        return ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response();
    }
    match SCRIPTS.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => (
            [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
            *text,
        )
            .into_response(),
        None => nothing().await,
    }
}

/// Everything else.
pub(super) async fn nothing() -> Response {
    refusal(StatusCode::NOT_FOUND, "address")
}
