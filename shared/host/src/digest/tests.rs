use super::*;

#[test]
fn known_answers_of_fips_180_in_one_piece_and_in_many() {
    let hex = |hash: [u8; 32]| base16ct::lower::encode_string(&hash);
    assert_eq!(
        hex(sha256(&b"abc"[..]).unwrap()),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    let million = std::io::repeat(b'a').take(1_000_000);
    assert_eq!(
        hex(sha256(million).unwrap()),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    );
}
