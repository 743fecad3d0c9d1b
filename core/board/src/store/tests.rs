use super::*;
use crate::state::{Position, Voter};

fn back<T: Item + PartialEq>(value: &T) {
    let mut bytes = Vec::new();
    value.put(&mut bytes);
    assert_eq!(T::take(&bytes).as_ref(), Some(value));
    bytes.push(0);
    assert_eq!(T::take(&bytes), None, "a byte too many was taken");
}

#[test]
fn items_are_read_back_and_nothing_else_is() {
    back(&Hash([7; 64]));
    back(&[9u8; 32]);
    back(&true);
    back(&false);
    back(&200u8);
    back(&([1u8; 32], 258u32));
    back(&(Hash([2; 64]), [3u8; 32]));
    back(&Position {
        height: 1 << 40,
        index: 77,
    });
    assert_eq!(bool::take(&[2]), None);
}

#[test]
fn a_voter_is_read_back() {
    let voter = Voter {
        seq: 3,
        hash: Hash([4; 64]),
        place: Position {
            height: 5,
            index: 6,
        },
        time_ms: 7,
        keys: vec![[9; 32], [10; 32]].into(),
        encoded: vec![8; 128].into(),
    };
    let mut bytes = Vec::new();
    voter.put(&mut bytes);
    assert_eq!(Voter::take(&bytes), Some(voter));
    assert_eq!(Voter::take(&bytes[..88]), None);
}

#[test]
fn bytes_of_numbered_keys_are_in_order() {
    let bytes = |n: u32| {
        let mut out = Vec::new();
        ([1u8; 32], n).put(&mut out);
        out
    };
    assert!(bytes(255) < bytes(256) && bytes(1) < bytes(255));
}
