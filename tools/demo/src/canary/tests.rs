use super::spelling::{base64_inside, decimal, hex, utf16};
use super::*;

fn canary(name: &str, secret: &[u8]) -> Canary {
    Canary {
        name: name.to_owned(),
        secret: secret.to_vec(),
    }
}

fn search(secret: &[u8]) -> Search {
    Search::new(vec![canary("c", secret)]).unwrap()
}

fn spellings(secret: &[u8], data: &[u8]) -> Vec<&'static str> {
    search(secret)
        .bytes("x", data)
        .iter()
        .map(|finding| finding.spelling)
        .collect()
}

#[test]
fn a_pin_is_found_alone_only() {
    assert_eq!(spellings(b"4821", b"pin=4821&"), ["text"]);
    assert_eq!(spellings(b"4821", b"\"4821\""), ["text"]);
    assert!(spellings(b"4821", b"at 12:00:01.482155 and 0x4821ff and 148212").is_empty());
    assert_eq!(spellings(b"4821", b"4\x008\x002\x001\x00"), ["UTF-16LE"]);
    assert_eq!(spellings(b"4821", b"..34383231.."), ["hex"]);
    assert_eq!(spellings(b"4821", b"Basic NDgyMQ==\r\n"), ["base64"]);
    assert!(spellings(b"4821", b"xNDgyMQ==").is_empty());
}

#[test]
fn long_secrets_are_found_in_pieces_and_spellings() {
    let secret: Vec<u8> = (0..64u8)
        .map(|n| n.wrapping_mul(37).wrapping_add(11))
        .collect();
    assert_eq!(spellings(&secret, &secret[16..32]), ["raw"]);
    assert_eq!(spellings(&secret, &hex(&secret, false)), ["hex"]);
    assert_eq!(spellings(&secret, &hex(&secret, true)), ["HEX"]);
    assert!(spellings(&secret, &secret[1..16]).is_empty());
}

#[test]
fn two_persons_with_one_pin_are_both_named() {
    let search = Search::new(vec![canary("a", b"0821"), canary("b", b"0821")]).unwrap();
    let names: Vec<String> = search
        .bytes("x", b"pin 0821")
        .into_iter()
        .map(|finding| finding.name)
        .collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn a_number_of_few_different_digits_is_searched_as_it_is() {
    let number = b"11111120290111";
    assert_eq!(spellings(number, number), ["raw"]);
    assert!(spellings(number, &hex(number, false)).contains(&"hex"));
}

#[test]
fn every_piece_of_a_picture_is_searched_as_it_lies() {
    let mut state = 1u32;
    let picture: Vec<u8> = (0..100_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect();
    let search = search(&picture);
    for at in [0, 1_600, 77_776, 99_984] {
        let found = search.bytes("x", &picture[at..at + PIECE]);
        assert_eq!(found.len(), 1, "piece at {at}");
    }
}

#[test]
fn what_is_planted_is_found_and_what_cannot_be_is_said() {
    let key: Vec<u8> = (0..32u8).map(|n| n.wrapping_mul(73) | 1).collect();
    let noise: Vec<u8> = (0..999u32).map(|n| (n * n / 7 % 251) as u8).collect();
    let mut canaries = vec![
        canary("PIN", b"0821"),
        canary("number", b"11111120290111"),
        canary("serial", &[0x11, 2, 3, 4, 5, 6, 7, 8]),
        canary("key", &key),
        canary("picture", &noise),
    ];
    let (count, missed) = Search::new(canaries.split_off(0)).unwrap().planted();
    assert!(count > 80 && missed.is_empty(), "{count} {missed:?}");
    let (_, missed) = search(&[7; 4_000]).planted();
    assert_eq!(missed.len(), 1);
    let mut deaf = search(&key);
    deaf.patterns.clear();
    let (count, missed) = deaf.planted();
    assert_eq!(count, missed.len());
    let mut deaf = search(b"0821");
    deaf.words.clear();
    assert_eq!(deaf.planted().1.len(), 2);
}

#[test]
fn base64_is_found_at_every_alignment() {
    let secret: Vec<u8> = (0..48u8)
        .map(|n| n.wrapping_mul(91).wrapping_add(7))
        .collect();
    for shift in 0..3 {
        let mut whole = vec![0xaa; shift];
        whole.extend_from_slice(&secret);
        whole.resize(whole.len().next_multiple_of(3), 0);
        let text = base64_inside(&whole, 0, false);
        assert_eq!(spellings(&secret, &text), ["base64"], "shift {shift}");
    }
    assert_eq!(base64_inside(b"Many hands", 0, false), b"TWFueSBoYW5k");
}

#[test]
fn a_serial_of_eight_bytes_is_found_in_decimal() {
    assert_eq!(decimal(&[1, 0]), b"256");
    assert_eq!(decimal(&[0xff; 8]), b"18446744073709551615");
    let serial = [0x0a, 0xbc, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc];
    assert_eq!(spellings(&serial, &decimal(&serial)), ["decimal"]);
}

#[test]
fn a_key_is_found_in_every_spelling() {
    let key: Vec<u8> = (0..32u8)
        .map(|n| n.wrapping_mul(73).wrapping_add(5))
        .collect();
    let backwards: Vec<u8> = key.iter().rev().copied().collect();
    for (data, spelling) in [
        (key.clone(), "raw"),
        (hex(&key, false), "hex"),
        (hex(&key, true), "HEX"),
        (decimal(&key), "decimal"),
        (decimal(&backwards), "decimal"),
        (utf16(&hex(&key, false), true), "hex in UTF-16"),
        (
            utf16(&base64_inside(&key, 0, false), false),
            "base64 in UTF-16",
        ),
    ] {
        let data = [b"..".as_slice(), &data, b".."].concat();
        assert_eq!(spellings(&key, &data), [spelling]);
    }
}

#[test]
fn an_even_part_of_a_picture_is_no_pattern() {
    let mut picture = vec![200; 5 * PIECE];
    assert!(spellings(&picture, &picture.clone()).is_empty());
    for (byte, n) in picture.iter_mut().skip(PIECE).zip(0..16) {
        *byte = n * 11;
    }
    assert_eq!(spellings(&picture, &picture.clone()), ["raw"]);
}

#[test]
fn folders_are_searched_but_for_the_personas_own() {
    let dir = std::env::temp_dir().join(format!("irefuda-canary-{}", std::process::id()));
    fs::create_dir_all(dir.join("own")).unwrap();
    fs::create_dir_all(dir.join("run/booth")).unwrap();
    fs::write(dir.join("own/pin"), "4821").unwrap();
    fs::write(dir.join("run/booth/stderr.log"), "tried 4821\n").unwrap();
    let (count, findings) = search(b"4821").folder(&dir, &[dir.join("own")]).unwrap();
    assert_eq!((count, findings.len()), (1, 1));
    assert!(findings[0].place.ends_with("stderr.log"));
    fs::remove_dir_all(&dir).unwrap();
}
