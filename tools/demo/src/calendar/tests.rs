use super::*;

#[test]
fn times_go_both_ways() {
    for (text, ms) in [
        ("2027-01-22T08:30:00+09:00", 1_800_574_200_000),
        ("2019-08-28T16:00:00+09:00", 1_566_975_600_000),
        ("2024-02-29T00:00:00+09:00", 1_709_132_400_000),
        ("1970-01-01T09:00:00+09:00", 0),
    ] {
        assert_eq!(parse_time(text).unwrap(), ms, "{text}");
        assert_eq!(show(ms), text.replace('T', " ").replace("+09:00", ""));
    }
}

#[test]
fn other_zones_and_forms_are_refused() {
    for text in [
        "2027-01-22T08:30:00Z",
        "2027-01-22T08:30:00+00:00",
        "2027-13-01T08:30:00+09:00",
        "",
    ] {
        assert!(parse_time(text).is_err(), "{text}");
    }
}

#[test]
fn boundaries_come_in_order() {
    let window = |opens, closes| Window { opens, closes };
    let calendar = Calendar {
        channels: vec![
            ("home".to_owned(), vec![window(10, 100)]),
            ("counter".to_owned(), vec![window(10, 20), window(50, 60)]),
        ],
        announce_at: 120,
    };
    let mut now = 0;
    let mut seen = Vec::new();
    while let Some(next) = calendar.next_boundary(now) {
        seen.push(next);
        now = next;
    }
    assert_eq!(seen, [10, 20, 50, 60, 100, 120]);
    assert_eq!((calendar.opens(), calendar.closes()), (10, 100));
}
