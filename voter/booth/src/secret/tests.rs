use super::{NumberB, Pin};

#[test]
fn a_pin_is_four_digits_and_nothing_else() {
    assert_eq!(Pin::parse("0420").unwrap().expose(), "0420");
    assert_eq!(Pin::parse("０４２０").unwrap().expose(), "0420");
    for wrong in [
        "",
        "123",
        "12345",
        "12a4",
        "ABC123",
        " 123",
        "1234 ",
        "一二三四",
    ] {
        assert!(Pin::parse(wrong).is_none(), "{wrong:?}");
    }
}

#[test]
fn number_b_is_fourteen_digits_with_or_without_gaps() {
    assert_eq!(
        NumberB::parse("550217 2035-2285").unwrap().expose(),
        "55021720352285"
    );
    for wrong in [
        "5502172035228",
        "550217203522855",
        "12 digits",
        "1234-5678-9012",
    ] {
        assert!(NumberB::parse(wrong).is_none(), "{wrong:?}");
    }
}

#[test]
fn debug_shows_no_digit() {
    let shown = format!(
        "{:?} {:?}",
        Pin::parse("8317"),
        NumberB::parse("55021720352285")
    );
    assert!(!shown.chars().any(|c| c.is_ascii_digit()), "{shown}");
}
