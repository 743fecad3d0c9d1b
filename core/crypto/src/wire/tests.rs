use super::*;

#[test]
fn rejects_r0_01_trailing_bytes() {
    let mut r = Reader::new(&[1, 2]);
    assert_eq!(r.u8(), Ok(1));
    assert_eq!(r.end(), Err(WireError::Trailing));
}

#[test]
fn rejects_r0_02_unknown_version_and_type() {
    assert_eq!(Reader::top(&[1, 7], 7).err(), Some(WireError::Version(1)));
    assert_eq!(Reader::top(&[2, 8], 7).err(), Some(WireError::Type(8)));
    assert_eq!(Reader::top(&[2], 7).err(), Some(WireError::Truncated));
}

#[test]
fn rejects_r0_03_lengths_above_the_limit() {
    let mut w = Writer::new();
    w.bytes(b"hello");
    let bytes = w.finish();
    assert_eq!(Reader::new(&bytes).bytes(4), Err(WireError::TooLong));
    assert_eq!(Reader::new(&bytes).bytes(5), Ok(&b"hello"[..]));
}

#[test]
fn rejects_r0_04_text_outside_nfc() {
    // "が" as two code points (NFD) is refused; the writer composes it.
    let nfd = "か\u{3099}";
    let mut raw = Writer::new();
    raw.bytes(nfd.as_bytes());
    assert_eq!(Reader::new(&raw.finish()).text(100), Err(WireError::Text));
    let mut w = Writer::new();
    w.text(nfd);
    assert_eq!(Reader::new(&w.finish()).text(100).as_deref(), Ok("が"));
}

#[test]
fn rejects_r0_04_characters_that_unicode_14_does_not_assign() {
    let read = |text: &str| {
        let mut raw = Writer::new();
        raw.bytes(text.as_bytes());
        let bytes = raw.finish();
        Reader::new(&bytes).text(100).err()
    };
    // Two letters of Unicode 16.0 that its tables compose and older ones leave alone; what they
    // compose to; a goose of 15.0; one never assigned; noncharacters.
    for text in [
        "\u{11382}\u{113c9}",
        "\u{11383}",
        "\u{1fabf}",
        "\u{378}",
        "\u{fdd0}",
        "\u{10ffff}",
    ] {
        assert_eq!(read(text), Some(WireError::Text), "{text:?}");
        assert_eq!(
            read(&format!("あ{text}い")),
            Some(WireError::Text),
            "{text:?}"
        );
    }
    for text in [
        "",
        "ひばり野市 2026\n",
        "𠮷野家",
        "\u{e000}",
        "\u{10fffd}",
        "🫠",
    ] {
        assert_eq!(read(text), None, "{text:?}");
    }
}

#[test]
fn rejects_r0_05_option_and_bool_bytes_other_than_0_and_1() {
    assert_eq!(Reader::new(&[2]).bool(), Err(WireError::Tag(2)));
    assert_eq!(
        Reader::new(&[3, 0, 0]).option::<u16>(),
        Err(WireError::Tag(3))
    );
    assert_eq!(Reader::new(&[1, 5, 0]).option::<u16>(), Ok(Some(5)));
}

#[test]
fn truncated_lists_do_not_allocate_the_claimed_count() {
    let bytes = u32::MAX.to_le_bytes();
    assert_eq!(
        Reader::new(&bytes).list::<u64>(usize::MAX),
        Err(WireError::Truncated)
    );
}
