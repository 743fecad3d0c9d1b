//! The civil calendar in Japan, UTC+9 without summer time: numbers of milliseconds and the dates
//! people write. The calendar itself is crate `time`'s.

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

const JAPAN: UtcOffset = match UtcOffset::from_hms(9, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};
/// Later moments are shown as this one, in the year 9987: no offset leads from it beyond the
/// calendar.
const LAST_MS: u64 = 253_000_000_000_000;

/// A wall-clock moment in Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Jst(OffsetDateTime);

impl Jst {
    /// From milliseconds since the Unix epoch.
    #[must_use]
    pub fn from_ms(ms: u64) -> Self {
        let nanos = i128::from(ms.min(LAST_MS)) * 1_000_000;
        let at = OffsetDateTime::from_unix_timestamp_nanos(nanos);
        Self(at.unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(JAPAN))
    }

    /// Reads `2027-01-22T08:30:00+09:00`. None for another form, another offset than Japan's, a date
    /// that is not in the calendar, or a moment before 1970.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        (at.offset() == JAPAN && at.unix_timestamp() >= 0).then_some(Self(at))
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn ms(self) -> u64 {
        u64::try_from(self.0.unix_timestamp_nanos() / 1_000_000).unwrap_or(0)
    }

    /// Year of the common era.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// 1–12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.0.month().into()
    }

    /// `January` …
    #[must_use]
    pub fn month_name(self) -> String {
        self.0.month().to_string()
    }

    /// 1–31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.0.day()
    }

    /// 0–23.
    #[must_use]
    pub fn hour(self) -> u8 {
        self.0.hour()
    }

    /// 0–59.
    #[must_use]
    pub fn minute(self) -> u8 {
        self.0.minute()
    }

    /// 0–59.
    #[must_use]
    pub fn second(self) -> u8 {
        self.0.second()
    }

    /// 0 = Sunday.
    #[must_use]
    pub fn weekday(self) -> u8 {
        self.0.weekday().number_days_from_sunday()
    }

    /// `2027-01-22`.
    #[must_use]
    pub fn date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }

    /// `08:30:00`.
    #[must_use]
    pub fn clock(self) -> String {
        format!(
            "{:02}:{:02}:{:02}",
            self.hour(),
            self.minute(),
            self.second()
        )
    }

    /// `2027-01-22T08:30:00+09:00`.
    #[must_use]
    pub fn machine(self) -> String {
        format!("{}T{}+09:00", self.date(), self.clock())
    }
}

#[cfg(test)]
mod tests;
