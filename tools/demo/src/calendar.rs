//! The election's days, read from the demo's content file.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// Milliseconds in a second, a minute, an hour and a day.
pub const SECOND: u64 = 1_000;
/// One minute.
pub const MINUTE: u64 = 60 * SECOND;
/// One hour.
pub const HOUR: u64 = 60 * MINUTE;
/// One day.
pub const DAY: u64 = 24 * HOUR;

/// Japan's distance from UTC.
const JST: UtcOffset = match UtcOffset::from_hms(9, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

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
    let time = OffsetDateTime::parse(text, &Rfc3339).with_context(|| text.to_owned())?;
    ensure!(time.offset() == JST, "not a Japanese time: {text}");
    let seconds = u64::try_from(time.unix_timestamp()).context("before 1970")?;
    Ok(seconds * SECOND)
}

/// Shows ms as `2027-01-22 08:30:00` in Japanese time.
pub fn show(ms: u64) -> String {
    let seconds = i64::try_from(ms / SECOND).unwrap_or(i64::MAX);
    let Ok(utc) = OffsetDateTime::from_unix_timestamp(seconds) else {
        return format!("{ms} ms");
    };
    let time = utc.to_offset(JST);
    format!(
        "{} {:02}:{:02}:{:02}",
        time.date(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// The date part of [`show`].
pub fn show_day(ms: u64) -> String {
    show(ms).split(' ').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
