use super::*;

/// Milliseconds of a moment in Japan.
pub fn jst(year: i32, month: u8, day: u8, hour: u8, minute: u8) -> u64 {
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00+09:00");
    Jst::parse(&text).expect("a date").ms()
}

#[test]
fn long_forms() {
    let table = [
        (
            jst(2027, 1, 22, 8, 30),
            "令和9年1月22日（金曜日）午前8時30分",
            "Friday 22 January 2027, 8:30 (JST)",
            "2027年1月22日（金曜日）午前8時30分",
        ),
        (
            jst(2027, 1, 27, 16, 0),
            "令和9年1月27日（水曜日）午後4時",
            "Wednesday 27 January 2027, 16:00 (JST)",
            "2027年1月27日（水曜日）午後4時",
        ),
        (
            jst(2019, 8, 23, 8, 30),
            "令和元年8月23日（金曜日）午前8時30分",
            "Friday 23 August 2019, 8:30 (JST)",
            "2019年8月23日（金曜日）午前8時30分",
        ),
        (
            jst(2019, 5, 1, 0, 0),
            "令和元年5月1日（水曜日）午前0時",
            "Wednesday 1 May 2019, 0:00 (JST)",
            "2019年5月1日（水曜日）午前0時",
        ),
        (
            jst(2019, 4, 30, 23, 59),
            "平成31年4月30日（火曜日）午後11時59分",
            "Tuesday 30 April 2019, 23:59 (JST)",
            "2019年4月30日（火曜日）午後11時59分",
        ),
        (
            jst(1989, 1, 8, 12, 0),
            "平成元年1月8日（日曜日）午後0時",
            "Sunday 8 January 1989, 12:00 (JST)",
            "1989年1月8日（日曜日）午後0時",
        ),
        (
            jst(2024, 2, 29, 0, 1),
            "令和6年2月29日（木曜日）午前0時1分",
            "Thursday 29 February 2024, 0:01 (JST)",
            "2024年2月29日（木曜日）午前0時1分",
        ),
        (
            jst(2027, 12, 31, 23, 59),
            "令和9年12月31日（金曜日）午後11時59分",
            "Friday 31 December 2027, 23:59 (JST)",
            "2027年12月31日（金曜日）午後11時59分",
        ),
    ];
    for (ms, ja, en, plain) in table {
        assert_eq!(long(Lang::Ja, ms), ja);
        assert_eq!(long(Lang::En, ms), en);
        assert_eq!(long(Lang::Plain, ms), plain);
    }
}

#[test]
fn windows_and_html() {
    let (a, b) = (jst(2027, 1, 22, 8, 30), jst(2027, 1, 22, 17, 15));
    assert_eq!(
        window(Lang::Ja, a, b),
        "1月22日（金曜日）午前8時30分から午後5時15分になる前まで"
    );
    assert_eq!(
        long_html(Lang::Ja, a).as_str(),
        "<time datetime=\"2027-01-22T08:30:00+09:00\">令和9年1月22日（金曜日）午前8時30分</time>"
    );
    assert!(
        long_html(Lang::Plain, a)
            .as_str()
            .contains("<rt>きんようび</rt>")
    );
    assert_eq!(
        exact(Lang::Ja, b + 59_000),
        "令和9年1月22日（金曜日）午後5時15分59秒"
    );
}

#[test]
fn no_moment_panics() {
    for ms in [0, 1, u64::MAX, 253_402_300_799_000] {
        assert!(!long(Lang::Ja, ms).is_empty());
    }
    assert_eq!(long(Lang::Ja, 0), "1970年1月1日（木曜日）午前9時");
}
