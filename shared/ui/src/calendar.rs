//! Opening hours of a channel and how to say them.
//!
//! Windows are half-open: at `opens` it is open, at `closes` it is closed.

use crate::html::Html;
use crate::lang::Lang;
use crate::strings::Words;
use crate::wareki;

/// One opening, milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First moment that is open.
    pub opens: u64,
    /// First moment that is closed again.
    pub closes: u64,
}

/// What a channel does at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Open now.
    Open {
        /// First moment that is closed again.
        closes: u64,
    },
    /// Never was open yet.
    Before {
        /// The first opening.
        opens: u64,
    },
    /// Closed for now (night, weekend).
    ClosedUntil {
        /// The next opening.
        opens: u64,
    },
    /// No further opening.
    Ended {
        /// The last close.
        closed: u64,
    },
}

/// The state of a channel with these windows (in order of time). None without any window.
#[must_use]
pub fn state_at(windows: &[Window], now: u64) -> Option<State> {
    if let Some(open) = windows.iter().find(|w| (w.opens..w.closes).contains(&now)) {
        return Some(State::Open {
            closes: open.closes,
        });
    }
    let first = windows.iter().map(|w| w.opens).min()?;
    let next = windows.iter().map(|w| w.opens).filter(|o| *o > now).min();
    Some(match next {
        Some(opens) if opens == first => State::Before { opens },
        Some(opens) => State::ClosedUntil { opens },
        None => State::Ended {
            closed: windows.iter().map(|w| w.closes).max()?,
        },
    })
}

impl State {
    /// Whether one can vote this way now.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// The word of the state, also the CSS class suffix.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Before { .. } => "before",
            Self::ClosedUntil { .. } => "closed",
            Self::Ended { .. } => "ended",
        }
    }

    /// 「受付中」 and the like, for a label.
    #[must_use]
    pub fn label(self, lang: Lang) -> Html {
        Words(lang).h(match self {
            Self::Open { .. } => "state.open",
            Self::Before { .. } => "state.before",
            Self::ClosedUntil { .. } => "state.closed",
            Self::Ended { .. } => "state.ended",
        })
    }

    /// One sentence: what the state is and until when.
    #[must_use]
    pub fn sentence(self, lang: Lang) -> String {
        let words = Words(lang);
        let (key, at) = self.parts();
        words.tv(key, &[("when", (&wareki::month_day(lang, at)).into())])
    }

    /// [`State::sentence`] as HTML.
    #[must_use]
    pub fn sentence_html(self, lang: Lang) -> Html {
        let (key, at) = self.parts();
        let when = match lang {
            Lang::Plain => wareki::month_day_html(lang, at),
            Lang::Ja | Lang::En => Html::text(&wareki::month_day(lang, at)),
        };
        Words(lang).hw(key, "when", &when)
    }

    /// Key of the sentence, and the moment it speaks of.
    fn parts(self) -> (&'static str, u64) {
        match self {
            Self::Open { closes } => ("state.open_text", closes),
            Self::Before { opens } => ("state.before_text", opens),
            Self::ClosedUntil { opens } => ("state.closed_text", opens),
            Self::Ended { closed } => ("state.ended_text", closed),
        }
    }

    /// Time left until the state changes, in words: 「あと1日3時間20分」. None after the end.
    #[must_use]
    pub fn countdown(self, lang: Lang, now: u64) -> Option<String> {
        let (key, at) = match self {
            Self::Open { closes } => ("state.left_close", closes),
            Self::Before { opens } | Self::ClosedUntil { opens } => ("state.left_open", opens),
            Self::Ended { .. } => return None,
        };
        let left = span(lang, at.saturating_sub(now));
        Some(Words(lang).tv(key, &[("left", (&left).into())]))
    }
}

/// A length of time in days, hours and minutes, rounded down; never promises too much.
#[must_use]
pub fn span(lang: Lang, ms: u64) -> String {
    let minutes = ms / 60_000;
    let (d, h, m) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let words = Words(lang);
    if minutes == 0 {
        return words.t("span.under_minute");
    }
    let unit = |n: u64, one: &str, many: &str| {
        (n > 0).then(|| {
            let n_text = n.to_string();
            words.tv(if n == 1 { one } else { many }, &[("n", (&n_text).into())])
        })
    };
    let parts: Vec<String> = [
        unit(d, "span.day", "span.days"),
        unit(h, "span.hour", "span.hours"),
        unit(m, "span.minute", "span.minutes"),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.join(if lang == Lang::En { " " } else { "" })
}

#[cfg(test)]
mod tests;
