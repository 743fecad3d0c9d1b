//! Days as numbers: for registrars' evidence (in Japan) and authentication texts (in UTC). Japan is
//! nine hours ahead of UTC and has no summer time, so a day is a division; dates for people are not
//! made here.

/// Milliseconds of a day.
pub const DAY_MS: u64 = 24 * 3_600_000;
/// Milliseconds by which Japan is ahead of UTC.
const JAPAN_MS: u64 = 9 * 3_600_000;

/// The day in Japan, counted from 1970-01-01.
#[must_use]
pub fn japan_day(ms: u64) -> u64 {
    ms.saturating_add(JAPAN_MS) / DAY_MS
}

/// The first millisecond of a day in Japan; the epoch for the day that began before it.
#[must_use]
pub fn japan_day_start_ms(day: u64) -> u64 {
    day.saturating_mul(DAY_MS).saturating_sub(JAPAN_MS)
}

/// The day in UTC, counted from 1970-01-01.
#[must_use]
pub fn utc_day(ms: u64) -> u64 {
    ms / DAY_MS
}

#[cfg(test)]
mod tests;
