use super::*;

fn parent() -> Header {
    Header {
        network: [7; 32],
        parent: [0; 32],
        height: 4,
        time_ms: 1000,
        entries_root: merkle::root(&[]),
        count: 0,
    }
}

#[test]
fn headers_have_one_length_and_round_trip() {
    let h = parent();
    assert_eq!(h.to_bytes().len(), Header::LEN);
    assert_eq!(Header::from_bytes(&h.to_bytes()), Ok(h));
}

#[test]
fn blocks_round_trip_and_every_flipped_bit_is_refused_or_changes_the_digest() {
    let b = Block::new(
        &parent(),
        1001,
        vec![b"one".to_vec(), b"two".to_vec(), vec![]],
    );
    let bytes = b.to_bytes();
    assert_eq!(Block::from_bytes(&bytes), Ok(b.clone()));
    for i in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[i / 8] ^= 1 << (i % 8);
        if let Ok(other) = Block::from_bytes(&flipped) {
            assert_ne!(other.header.digest(), b.header.digest(), "bit {i}");
        }
    }
}
