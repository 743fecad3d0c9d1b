//! Addresses of the portal that other programs print and open. The portal's tests ask its own
//! router for each of them.

use refusal::ErrorCode;

use crate::lang::Lang;

fn page(portal: &str, lang: Lang, rest: &str) -> String {
    format!("{}/{}/{rest}", portal.trim_end_matches('/'), lang.code())
}

/// The page for those who are stuck.
#[must_use]
pub fn help(portal: &str, lang: Lang) -> String {
    page(portal, lang, "help")
}

/// The entry of a code in the list of messages.
#[must_use]
pub fn error(portal: &str, lang: Lang, code: ErrorCode) -> String {
    page(portal, lang, &format!("errors#{code}"))
}

/// The page where a receipt number is typed.
#[must_use]
pub fn receipts(portal: &str, lang: Lang) -> String {
    page(portal, lang, "receipt")
}

/// The answer for a receipt number.
#[must_use]
pub fn receipt(portal: &str, lang: Lang, code: &str) -> String {
    page(portal, lang, &format!("receipt?code={code}"))
}
