use super::*;

#[test]
fn what_was_added_is_there_and_hardly_anything_else() {
    let mut filter = Bloom::new(64 * 1024);
    let key = |n: u64, len: usize| -> Vec<u8> {
        let mut key = vec![7; len];
        key[..8].copy_from_slice(&n.to_le_bytes());
        key
    };
    for n in 0..20_000 {
        filter.add(&key(n, 36));
    }
    assert!((0..20_000).all(|n| filter.may_hold(&key(n, 36))));
    // 26 bits a key and six probes: about one in a thousand.
    let wrong = (0..20_000).filter(|n| filter.may_hold(&key(n + 1_000_000, 36)));
    assert!(wrong.count() < 400);
    let longer = (0..20_000).filter(|n| filter.may_hold(&key(*n, 37)));
    assert!(longer.count() < 400, "the length is not hashed");
}
