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
    fn whatever_is_typed(text in "\\PC{0,20}") {
        let plain = text.chars().filter(char::is_ascii_digit).count() == 4 && text.len() == 4;
        let pin = Pin::parse(&text);
        if plain { prop_assert!(pin.is_ok()); }
        if let Ok(pin) = pin { prop_assert!(pin.bytes().iter().all(u8::is_ascii_digit)); }
    }
}
