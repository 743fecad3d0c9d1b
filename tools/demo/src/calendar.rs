//! The election's days, read from the demo's content file.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// Milliseconds in a second, a minute, an hour and a day.
pub const SECOND: u64 = 1_000;
/// One minute.
pub const MINUTE: u64 = 60 * SECOND;
/// One hour.
pub const HOUR: u64 = 60 * MINUTE;
/// One day.
pub const DAY: u64 = 24 * HOUR;
/// Japan's distance from UTC.
const JST: u64 = 9 * HOUR;

/// What the demo reads of `data/demo/election.json`.
#[derive(Deserialize)]
pub struct Content {
    channels: Vec<ChannelText>,
    final_review: ReviewText,
    /// The proposals.
    pub proposals: Vec<Proposal>,
}

/// One proposal.
#[derive(Deserialize)]
pub struct Proposal {
    /// `P01` …
    pub id: String,
    /// Printed number.
    pub no: u16,
    /// Title.
    pub title_ja: String,
}

#[derive(Deserialize)]
struct ChannelText {
    id: String,
    windows: Vec<WindowText>,
}

#[derive(Deserialize)]
struct WindowText {
    opens: String,
    closes: String,
}

#[derive(Deserialize)]
struct ReviewText {
    announce_at: String,
}

/// Half-open hours in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First ms inside.
    pub opens: u64,
    /// First ms outside.
    pub closes: u64,
}

/// Hours of each channel and the announcement.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// `home`, `counter`, `venue` with their windows.
    pub channels: Vec<(String, Vec<Window>)>,
    /// When the result may be announced.
    pub announce_at: u64,
}

impl Content {
    /// Reads the content file's text.
    ///
    /// # Errors
    /// It has another shape.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).context("the demo's election content")
    }

    /// The hours in ms.
    ///
    /// # Errors
    /// A time is not of the form `2027-01-22T08:30:00+09:00`.
    pub fn calendar(&self) -> Result<Calendar> {
        let mut channels = Vec::new();
        for channel in &self.channels {
            let windows = channel.windows.iter().map(|window| {
                Ok(Window {
                    opens: parse_time(&window.opens)?,
                    closes: parse_time(&window.closes)?,
                })
            });
            channels.push((channel.id.clone(), windows.collect::<Result<Vec<_>>>()?));
        }
        Ok(Calendar {
            channels,
            announce_at: parse_time(&self.final_review.announce_at)?,
        })
    }
}

impl Calendar {
    /// The windows of one channel.
    pub fn windows(&self, channel: &str) -> &[Window] {
        self.channels
            .iter()
            .find(|(id, _)| id == channel)
            .map_or(&[], |(_, windows)| windows)
    }

    fn all(&self) -> impl Iterator<Item = &Window> {
        self.channels.iter().flat_map(|(_, windows)| windows)
    }

    /// First opening of any channel.
    pub fn opens(&self) -> u64 {
        self.all().map(|window| window.opens).min().unwrap_or(0)
    }

    /// Last close of any channel.
    pub fn closes(&self) -> u64 {
        self.all().map(|window| window.closes).max().unwrap_or(0)
    }

    /// The first opening or close of any channel after `now`, or the announcement.
    pub fn next_boundary(&self, now: u64) -> Option<u64> {
        let edges = self.all().flat_map(|window| [window.opens, window.closes]);
        edges
            .chain([self.announce_at])
            .filter(|edge| *edge > now)
            .min()
    }
}

/// Reads `2027-01-22T08:30:00+09:00`.
///
/// # Errors
/// Anything else.
pub fn parse_time(text: &str) -> Result<u64> {
    let numbers: Vec<u64> = text
        .split(['-', 'T', ':', '+'])
        .map(|part| part.parse().with_context(|| format!("not a time: {text}")))
        .collect::<Result<_>>()?;
    let &[year, month, day, hour, minute, second, 9, 0] = numbers.as_slice() else {
        bail!("not a Japanese time: {text}");
    };
    if !(1970..3000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        bail!("not a date: {text}");
    }
    let days = days_before(year, month) + day - 1;
    let local = days * DAY + hour * HOUR + minute * MINUTE + second * SECOND;
    local.checked_sub(JST).context("before 1970")
}

/// Shows ms as `2027-01-22 08:30:00` in Japanese time.
pub fn show(ms: u64) -> String {
    let local = ms + JST;
    let mut days = local / DAY;
    let mut year = 1970;
    while days >= year_days(year) {
        days -= year_days(year);
        year += 1;
    }
    let mut month = 1;
    while days >= month_days(year, month) {
        days -= month_days(year, month);
        month += 1;
    }
    let rest = local % DAY;
    let (hour, minute, second) = (rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE / SECOND);
    format!(
        "{year}-{month:02}-{:02} {hour:02}:{minute:02}:{second:02}",
        days + 1
    )
}

/// The date part of [`show`].
pub fn show_day(ms: u64) -> String {
    show(ms).split(' ').next().unwrap_or_default().to_owned()
}

fn leap(year: u64) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}

fn year_days(year: u64) -> u64 {
    365 + u64::from(leap(year))
}

fn month_days(year: u64, month: u64) -> u64 {
    match month {
        2 => 28 + u64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_before(year: u64, month: u64) -> u64 {
    (1970..year).map(year_days).sum::<u64>()
        + (1..month).map(|month| month_days(year, month)).sum::<u64>()
}

#[cfg(test)]
mod tests;
