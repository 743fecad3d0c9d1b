use super::*;

/// 2019-05-01 00:00 in Japan is 1 556 636 400 s after the epoch (`date +%s`): 18 017 days after
/// 1970-01-01 there, still 18 016 in UTC.
const REIWA_MS: u64 = 1_556_636_400_000;

#[test]
fn days_change_at_midnight_in_japan() {
    assert_eq!(japan_day(REIWA_MS), 18_017);
    assert_eq!(japan_day(REIWA_MS - 1), 18_016);
    assert_eq!(japan_day_start_ms(18_017), REIWA_MS);
    assert_eq!(japan_day(0), 0);
}

#[test]
fn days_of_utc_change_nine_hours_later() {
    let midnight = REIWA_MS + 9 * 3_600_000;
    assert_eq!(utc_day(REIWA_MS), 18_016);
    assert_eq!((utc_day(midnight - 1), utc_day(midnight)), (18_016, 18_017));
}

#[test]
fn no_number_is_too_large() {
    assert_eq!(japan_day(u64::MAX), utc_day(u64::MAX));
    assert_eq!(japan_day_start_ms(0), 0);
    assert!(japan_day_start_ms(u64::MAX) > 0);
}
