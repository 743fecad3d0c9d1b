//! What the first page says before the card: whether anybody can vote here now, and what is different
//! from what people expect.

use refusal::ErrorCode;
use ui::parts::{self, Banner, Level};
use ui::rich::Value;
use ui::{Html, errors, wareki};

use super::Page;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl Page<'_> {
    /// The machine's clock is far off. Votes go by the nodes' time, so this is advice.
    pub(super) fn clock_note(&self) -> Option<Html> {
        let error = self.place.clock_error?;
        let far = error.unsigned_abs();
        let (key, n) = match far {
            0..HOUR => ("start.minutes", far / MINUTE),
            HOUR..DAY => ("start.hours", far / HOUR),
            _ => ("start.days", far / DAY),
        };
        let ahead = if error > 0 {
            "start.offset_ahead"
        } else {
            "start.offset_behind"
        };
        let offset = self.tn(ahead, "n", self.tn(key, "n", n));
        let entry = errors::get(ErrorCode::ClockWrong);
        let message = entry.message_html(self.lang, &[("offset", Value::Text(&offset))]);
        let action = entry.action_html(self.lang);
        let body = Html::trusted(format!("<p>{action}</p>"));
        Some(parts::banner(
            self.lang,
            Banner::Warning,
            Level::Two,
            &message,
            &body,
        ))
    }

    /// Officers moved the close.
    pub(super) fn extension_note(&self) -> Option<Html> {
        let closes = self.s.closes?;
        if closes <= self.place.manifest.close_at || self.s.shut {
            return None;
        }
        let when = wareki::long(self.lang, closes);
        Some(self.note(
            "start.extended_title",
            &self.wn("start.extended", "t", when),
        ))
    }
}

#[cfg(test)]
mod tests;
