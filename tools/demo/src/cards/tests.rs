use super::*;

#[test]
fn serials_are_read_with_and_without_a_leading_zero() {
    assert_eq!(unhex("0a12"), [0x0a, 0x12]);
    assert_eq!(unhex("a12"), [0x0a, 0x12]);
    assert_eq!(unhex("0A:12:FF"), [0x0a, 0x12, 0xff]);
}
