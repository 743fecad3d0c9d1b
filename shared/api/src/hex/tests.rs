use crypto::Scalar;

use super::*;

fn reads<T: HexValue>(text: &str) -> bool {
    let json = serde_json::to_string(text).unwrap();
    let read = serde_json::from_str::<Hex<T>>(&json);
    assert_eq!(read.is_ok(), text.parse::<Hex<T>>().is_ok(), "{text:?}");
    if let Ok(value) = &read {
        assert_eq!(serde_json::to_string(value).unwrap(), json);
    }
    read.is_ok()
}

#[test]
fn a_value_has_one_spelling_and_one_length() {
    assert!(reads::<[u8; 2]>("0fa0"));
    for text in [
        "", "0f", "0fa0b1", "0FA0", "+fa0", "0fa", " 0fa0", "0xa0", "0fg0",
    ] {
        assert!(!reads::<[u8; 2]>(text), "{text:?}");
    }
    assert!(serde_json::from_str::<Hex<[u8; 2]>>("[15, 160]").is_err());
}

#[test]
fn a_hash_has_64_bytes() {
    assert!(reads::<Hash>(&"ab".repeat(64)));
    for n in [0, 32, 63, 65] {
        assert!(!reads::<Hash>(&"ab".repeat(n)), "{n}");
    }
}

#[test]
fn a_key_is_a_point_other_than_the_neutral_one() {
    let key = Point::mul_base(&Scalar::from(7u64)).unwrap();
    assert!(reads::<Point>(&key.to_hex()));
    assert!(!reads::<Point>(&"00".repeat(32)));
    assert!(!reads::<Point>(&"ff".repeat(32)));
}

#[test]
fn a_signature_has_scalars_below_the_order_and_nothing_behind() {
    assert!(reads::<Signature>(&"00".repeat(64)));
    assert!(!reads::<Signature>(&"ff".repeat(64)));
    assert!(!reads::<Signature>(&"00".repeat(65)));
}

#[test]
fn bounded_bytes_may_be_shorter_but_not_longer() {
    for (n, good) in [(0, true), (1, true), (3, true), (4, false)] {
        assert_eq!(reads::<Bounded<3>>(&"0a".repeat(n)), good, "{n}");
    }
}

#[test]
fn long_values_are_not_printed() {
    let long = HexBytes::<64>::of(vec![1; 40]);
    assert_eq!(format!("{long:?}"), "40 bytes");
}
