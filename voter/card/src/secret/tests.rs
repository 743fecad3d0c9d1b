use proptest::prelude::*;

use super::*;

#[test]
fn four_digits_and_nothing_else() {
    for good in ["1234", "１２３４", "0000", "1２3４"] {
        assert!(Pin::parse(good).is_ok(), "{good}");
    }
    assert_eq!(Pin::parse("１２３４").expect("pin").bytes(), b"1234");
    for wrong in [
        "",
        "123",
        "12345",
        "12 4",
        "abcd",
        "PASSWORD1234",
        "一二三四",
        "١٢٣٤",
        "12³4\u{301}",
        " 1234",
        "123\n",
    ] {
        assert_eq!(
            Pin::parse(wrong).map(|_| ()),
            Err(CardError::PinFormat),
            "{wrong}"
        );
    }
}

#[test]
fn fourteen_digits_and_never_the_my_number() {
    assert_eq!(
        NumberB::parse("５５０２１７20352285")
            .expect("number")
            .bytes(),
        b"55021720352285"
    );
    for good in ["550217 2035-2285", "550217\u{3000}2035－2285"] {
        assert_eq!(
            NumberB::parse(good).expect("gaps").bytes(),
            b"55021720352285"
        );
    }
    for wrong in [
        "123456789012",
        "1234-5678-9012",
        "5502172035228",
        "550217203522850",
        "12 digits",
        "",
    ] {
        assert_eq!(
            NumberB::parse(wrong).map(|_| ()),
            Err(CardError::NumberBFormat),
            "{wrong}"
        );
    }
}

fn lines(birth: &str, expiry: &str, code: &str) -> Option<String> {
    let number = NumberB::parse(&format!("{birth}\n{expiry}\n{code}")).ok()?;
    Some(String::from_utf8(number.bytes().to_vec()).expect("digits"))
}

/// A date of birth in every way people write it, with what the card wants.
#[test]
fn dates_are_understood_as_people_write_them() {
    for (birth, wanted) in [
        ("210405", "210405"),
        ("２１０４０５", "210405"),
        ("21 04 05", "210405"),
        ("21.4.5", "210405"),
        ("21-4-5", "210405"),
        ("昭和21年4月5日", "210405"),
        ("昭和２１年　４月５日生", "210405"),
        ("昭21.4.5", "210405"),
        ("S21.4.5", "210405"),
        ("s210405", "210405"),
        ("㍼21年4月5日", "210405"),
        ("19460405", "210405"),
        ("1946/4/5", "210405"),
        ("1946年4月5日", "210405"),
        ("平成3年12月1日", "031201"),
        ("1991-12-01", "031201"),
        // On both sides of each change of era, and the first years.
        ("20190430", "310430"),
        ("20190501", "010501"),
        ("令和元年5月1日", "010501"),
        ("19890107", "640107"),
        ("19890108", "010108"),
        ("平成元年1月8日", "010108"),
        ("19261224", "151224"),
        ("19261225", "011225"),
        ("19120729", "450729"),
        ("19120730", "010730"),
    ] {
        let number = lines(birth, "2035", "2285");
        assert_eq!(number, Some(format!("{wanted}20352285")), "{birth}");
    }
    for wrong in [
        "",
        "21040",
        "2104055",
        "昭和21年",
        "昭和21年13月5日",
        "昭和21年4月32日",
        "21年4月5日1",
        "19461304",
        "18000101",
        "昭和1946年4月5日",
        "昭平21.4.5",
        "四月五日",
        "abc",
        "999999999999",
    ] {
        assert_eq!(lines(wrong, "2035", "2285"), None, "{wrong}");
    }
}

#[test]
fn the_year_of_expiry_may_be_a_whole_date() {
    for expiry in [
        "2035",
        "２０３５",
        " 2035年 ",
        "2035年4月5日",
        "2035/04/05",
        "20350405",
        "令和17年",
        "R17.4.5",
    ] {
        let number = lines("550217", expiry, "22 85");
        assert_eq!(number.as_deref(), Some("55021720352285"), "{expiry}");
    }
    for wrong in ["", "35", "203", "20355", "0035", "令和", "年"] {
        assert_eq!(lines("550217", wrong, "2285"), None, "{wrong}");
    }
    for wrong in ["", "228", "22850", "abcd"] {
        assert_eq!(lines("550217", "2035", wrong), None, "{wrong}");
    }
}

#[test]
fn nothing_is_printed() {
    let text = format!(
        "{:?} {:?}",
        Pin::parse("1234"),
        NumberB::parse("55021720352285")
    );
    assert!(!text.contains("1234") && !text.contains("5502"), "{text}");
}

proptest! {
    #[test]
    fn whatever_is_typed_is_no_panic(text in "[0-9０-９SHRM昭和平成令元年月日/. \n-]{0,24}") {
        if let Ok(number) = NumberB::parse(&text) {
            prop_assert!(number.bytes().iter().all(u8::is_ascii_digit));
        }
    }

    #[test]
    fn whatever_is_typed(text in "\\PC{0,20}") {
        let plain = text.chars().filter(char::is_ascii_digit).count() == 4 && text.len() == 4;
        let pin = Pin::parse(&text);
        if plain { prop_assert!(pin.is_ok()); }
        if let Ok(pin) = pin { prop_assert!(pin.bytes().iter().all(u8::is_ascii_digit)); }
    }
}
