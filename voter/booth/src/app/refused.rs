//! The page for somebody who double-clicked a start file that the booth refuses, in three
//! languages: written to disk and shown by the browser. It needs no server.

use refusal::ErrorCode;
use ui::parts::{Banner, Level, banner};
use ui::{Html, Lang, errors};

/// The page for a code of the error list; `why` begins with the code and names the rule
/// that failed, for the help desk.
pub(super) fn page(code: ErrorCode, why: &str) -> String {
    let entry = errors::get(code);
    let mut body = String::new();
    for lang in Lang::ALL {
        let text = Html::trusted(format!(
            "<p>{}</p><p>{}</p><p class=\"muted\">{}</p>",
            entry.action_html(lang),
            entry.vote_html(lang),
            ui::escape(why)
        ));
        let message = entry.message_html(lang, &[]);
        let notice = banner(lang, Banner::Error, Level::Two, &message, &text);
        body.push_str(&format!(
            "<section lang=\"{}\">{notice}</section>",
            lang.tag()
        ));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{code}</title><style>{}</style></head><body><main class=\"measure\">{body}</main></body></html>\n",
        ui::assets::CSS
    )
}

#[cfg(test)]
mod tests;
