use super::*;

#[test]
fn a_40_only_headers_near_the_own_clock_get_a_vote() {
    let now = 1_000_000_000;
    assert_eq!(timing(now, now), Timing::Fits);
    assert_eq!(timing(now + EARLY_MS, now), Timing::Fits);
    assert_eq!(timing(now - LATE_MS, now), Timing::Fits);
    assert_eq!(timing(now - LATE_MS - 1, now), Timing::Stale);
    assert_eq!(
        timing(now + EARLY_MS + 1, now),
        Timing::Early(Duration::from_millis(1))
    );
    // However far ahead, the wait is short: the clock may be stepped.
    assert_eq!(timing(now + 86_400_000, now), Timing::Early(GLANCE));
    assert_eq!(timing(u64::MAX, u64::MAX - 1), Timing::Fits);
    assert_eq!(timing(0, 0), Timing::Fits);
}
