use super::*;

const HOURS: f64 = 60.0;

#[test]
fn buckets_stay_at_16_384_voters_or_more() {
    for (voters, bits) in [(1, 0), (16_384, 0), (32_767, 0), (32_768, 1), (100_000, 2)] {
        assert_eq!(bucket_bits(voters), bits);
    }
}

/// What SECURITY.md says of a small town: a question for one key names nearly everybody, times name
/// fewer, and more of those who come again.
#[test]
fn a_82_a_question_for_one_key_names_more_voters_than_times_do() {
    for (voters, by_time) in [(600, 0.75..0.87), (5_000, 0.20..0.32)] {
        let s = scores(voters, HOURS, bucket_bits(voters), 1);
        assert!(s.first_by_question > 0.98, "{s:?}");
        assert!(by_time.contains(&s.first_by_time), "{s:?}");
        assert!(s.again_by_question > 0.98, "{s:?}");
        assert!(s.again_by_time > s.first_by_time, "{s:?}");
        // One bucket holds everybody: asking for it adds nothing.
        assert!((s.again_by_bucket - s.again_by_time).abs() < 1e-9, "{s:?}");
    }
}

/// Why buckets are large: one of 78 voters is nearly a name.
#[test]
fn a_82_a_small_bucket_names_who_votes_again() {
    let small = scores(5_000, HOURS, 6, 1);
    assert!(small.again_by_bucket > 0.95, "{small:?}");
    assert!(small.again_by_time < 0.85, "{small:?}");
}
