use super::super::tests::good;
use super::*;
use crate::checkup::Reach;
use crate::fault::Fault;

fn field(code: &str, name: &str) -> u32 {
    let fields = read(code).unwrap();
    fields.iter().find(|(own, _)| *own == name).unwrap().1
}

#[test]
fn what_was_found_can_be_read_out_on_the_telephone() {
    let code = write(&good());
    assert_eq!(code.len(), 7);
    assert_eq!(field(&code, "network"), 1);
    assert_eq!(field(&code, "readers"), 2);
    assert_eq!(field(&code, "card"), 1);
    assert_eq!(field(&code, "pin"), 3);
    let mut bad = good();
    bad.reader.readers = Err(Fault::ReaderAccess);
    bad.reader.card = Err(Fault::ReaderAccess);
    bad.storage = false;
    bad.reach = Some(Reach {
        answered: 0,
        of: 4,
        now: None,
        here: 0,
    });
    let code = write(&bad);
    assert_eq!(field(&code, "service"), 2);
    assert_eq!(field(&code, "storage"), 1);
    assert_eq!(field(&code, "network"), 3);
    assert_eq!(field(&code, "card"), 0);
}

#[test]
fn a_code_is_read_as_people_write_it() {
    let code = write(&good());
    let wide: String = code
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap())
        .collect();
    for typed in [
        code.to_lowercase(),
        code.replace('-', ""),
        wide,
        code.replace('0', "o"),
    ] {
        assert_eq!(read(&typed), read(&code), "{typed}");
    }
}

/// One digit that was misheard never passes for another finding.
#[test]
fn a_misheard_digit_is_noticed() {
    let code = write(&good()).replace('-', "");
    for at in 0..code.len() {
        for letter in ALPHABET {
            let mut typed: Vec<u8> = code.bytes().collect();
            if typed[at] == *letter {
                continue;
            }
            typed[at] = *letter;
            assert_eq!(read(std::str::from_utf8(&typed).unwrap()), None);
        }
    }
    for none in ["", "ABC", "ABC-DEFG", "あいうえお"] {
        assert_eq!(read(none), None);
    }
}

/// The help desk is never left without words.
#[test]
fn every_value_has_its_words() {
    for (field, width) in FIELDS.into_iter().skip(1) {
        for value in 0..1 << width {
            let key = format!("booth.diagnosis.{field}_{value}");
            assert!(ui::strings::row(&key).is_some(), "{key}");
        }
    }
}
