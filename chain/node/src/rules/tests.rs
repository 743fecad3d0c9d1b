use super::*;
use ballot::code::confirmation_code;

#[test]
fn code_and_prefix_agree() {
    for n in 0..200u32 {
        let hash = crypto::hash::hash("test", &[&n.to_le_bytes()]);
        let prefix = code_prefix(&confirmation_code(&hash)).unwrap();
        assert_eq!(prefix.0[..12], hash.0[..12]);
        assert_eq!(prefix.0[12], hash.0[12] & 0xf0);
        assert_eq!(prefix.0[13..], [0; 51]);
    }
    assert_eq!(code_prefix("0000"), None);
}
