//! Against published numbers: Unix times of the dates (`date -d … +%s`), week days of the calendar.

use super::*;

/// Moment in Japan, seconds since the epoch, week day (0 = Sunday).
const PUBLISHED: [(&str, u64, u8); 12] = [
    // The epoch, and midnight in Japan nine hours into it.
    ("1970-01-01T09:00:00+09:00", 0, 4),
    ("1970-01-02T00:00:00+09:00", 54_000, 5),
    // Eras change: the last second of Showa and Heisei, the first of Heisei and Reiwa.
    ("1989-01-07T23:59:59+09:00", 600_188_399, 6),
    ("1989-01-08T00:00:00+09:00", 600_188_400, 0),
    ("2019-04-30T23:59:59+09:00", 1_556_636_399, 2),
    ("2019-05-01T00:00:00+09:00", 1_556_636_400, 3),
    // A leap day of a year that 400 divides, one of an ordinary leap year, and the day after.
    ("2000-02-29T00:00:00+09:00", 951_750_000, 2),
    ("2024-02-29T12:00:00+09:00", 1_709_175_600, 4),
    ("2024-03-01T00:00:00+09:00", 1_709_218_800, 5),
    // 100 divides 2100: no leap day.
    ("2100-03-01T00:00:00+09:00", 4_107_510_000, 1),
    // Years end in Japan nine hours earlier.
    ("2026-12-31T23:59:59+09:00", 1_798_729_199, 4),
    ("2027-01-01T00:00:00+09:00", 1_798_729_200, 5),
];

#[test]
fn published_dates_are_read_and_written() {
    for (text, seconds, weekday) in PUBLISHED {
        let at = Jst::from_ms(seconds * 1000);
        assert_eq!(at.machine(), text);
        assert_eq!(at.weekday(), weekday, "{text}");
        assert_eq!(Jst::parse(text).map(Jst::ms), Some(seconds * 1000));
    }
}

#[test]
fn a_millisecond_before_midnight_is_the_day_before() {
    for (text, seconds, _) in PUBLISHED {
        if !text.contains("T00:00:00") {
            continue;
        }
        let [before, at] = [1, 0].map(|less| Jst::from_ms(seconds * 1000 - less));
        assert_eq!(before.clock(), "23:59:59", "{text}");
        assert_eq!((before.weekday() + 1) % 7, at.weekday(), "{text}");
    }
}

#[test]
fn what_is_no_date_in_japan_is_not_read() {
    for text in [
        "",
        "2027-01-22",
        "2027-01-22T08:30:00Z",
        "2027-01-22T08:30:00+08:00",
        "2027-01-22T08:30:00",
        "2026-02-29T00:00:00+09:00",
        "2100-02-29T00:00:00+09:00",
        "2027-13-01T00:00:00+09:00",
        "2027-01-22T24:00:00+09:00",
        "1970-01-01T08:59:59+09:00",
    ] {
        assert_eq!(Jst::parse(text), None, "{text}");
    }
}

#[test]
fn no_moment_is_out_of_the_calendar() {
    let last = Jst::from_ms(LAST_MS);
    for ms in [LAST_MS + 1, 253_402_300_799_000, u64::MAX] {
        assert_eq!(Jst::from_ms(ms), last);
    }
    assert_eq!(last.year(), 9987);
}
