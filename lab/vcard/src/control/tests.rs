use super::*;

#[test]
fn addresses() {
    assert_eq!("unix:/a/b".parse(), Ok(Address::Unix("/a/b".into())));
    assert!(matches!("127.0.0.1:5".parse(), Ok(Address::Tcp(_))));
    assert!("nowhere".parse::<Address>().is_err());
}

#[test]
fn lines_are_answered() {
    let mut slot = Slot::new("/nonexistent".into(), ([127, 0, 0, 1], 9).into());
    assert_eq!(slot.answer("status"), "ok empty");
    assert_eq!(slot.answer("remove\n"), "ok removed");
    assert_eq!(slot.answer("fault sw-on verify 6983"), "ok fault set");
    for wrong in [
        "insert ../../etc",
        "insert nobody",
        "insert",
        "fault sw-on dance 6983",
        "x",
        "",
    ] {
        assert!(slot.answer(wrong).starts_with("error "), "{wrong}");
    }
}
