use super::*;

/// The u-coordinates whose order divides 8: 0 and p − 1, 1, and the two of order 8.
const SMALL: [&str; 5] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
];
/// p and p + 1, the other encodings of 0 and 1.
const NOT_REDUCED: [&str; 2] = [
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

fn bytes(hex: &str) -> [u8; 32] {
    crate::hash::from_hex(hex).unwrap().try_into().unwrap()
}

fn with_top_bit(mut key: [u8; 32]) -> [u8; 32] {
    key[31] |= 0x80;
    key
}

#[test]
fn rejects_r1_05_r2_01_every_encoding_of_small_order() {
    for hex in SMALL.iter().chain(&NOT_REDUCED) {
        let key = bytes(hex);
        // These are what they are said to be: nothing is left of them after a multiplication.
        assert_eq!(MontgomeryPoint(key).mul_clamped([77; 32]).0, [0; 32]);
        assert!(!is_sealable(&key), "{hex}");
        assert!(!is_sealable(&with_top_bit(key)), "{hex} with the top bit");
    }
}

#[test]
fn rejects_r1_05_r2_01_another_encoding_of_a_good_key() {
    let nine = bytes("0900000000000000000000000000000000000000000000000000000000000000");
    assert!(is_sealable(&nine));
    assert!(!is_sealable(&with_top_bit(nine)));
    // p + 9 is 9 again.
    let above = bytes("f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    assert_eq!(
        MontgomeryPoint(above).mul_clamped([5; 32]),
        MontgomeryPoint(nine).mul_clamped([5; 32])
    );
    assert!(!is_sealable(&above));
    // p − 2 is the greatest canonical u of large order.
    assert!(is_sealable(&bytes(
        "ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
    )));
}

#[test]
fn every_public_key_of_a_secret_is_good() {
    for i in 0..64 {
        assert!(is_sealable(&public(&[i; 32])));
    }
}
