use super::*;

#[test]
fn all_forms() {
    let parse = |bytes: &'static [u8]| Command::parse(bytes).map(|c| (c.data, c.le));
    assert_eq!(parse(&[0, 1, 2, 3]), Ok((&[][..], None)));
    assert_eq!(parse(&[0, 1, 2, 3, 0]), Ok((&[][..], Some(256))));
    assert_eq!(parse(&[0, 1, 2, 3, 0, 0, 0]), Ok((&[][..], Some(65_536))));
    assert_eq!(parse(&[0, 1, 2, 3, 0, 4, 210]), Ok((&[][..], Some(1234))));
    assert_eq!(parse(&[0, 1, 2, 3, 2, 9, 8]), Ok((&[9, 8][..], None)));
    assert_eq!(parse(&[0, 1, 2, 3, 2, 9, 8, 5]), Ok((&[9, 8][..], Some(5))));
    assert_eq!(parse(&[0, 1, 2, 3, 0, 0, 2, 9, 8]), Ok((&[9, 8][..], None)));
    assert_eq!(
        parse(&[0, 1, 2, 3, 0, 0, 2, 9, 8, 1, 0]),
        Ok((&[9, 8][..], Some(256)))
    );
}

#[test]
fn wrong_lengths_are_refused() {
    for bytes in [
        &[0, 1, 2][..],
        &[0, 1, 2, 3, 5, 1],
        &[0, 1, 2, 3, 1, 1, 1, 1],
        &[0, 1, 2, 3, 0, 0, 9, 1],
    ] {
        assert_eq!(Command::parse(bytes), Err(sw::LENGTH), "{bytes:?}");
    }
}
