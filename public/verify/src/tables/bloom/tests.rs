use super::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

#[test]
fn what_was_added_is_there_and_hardly_anything_else() {
    // A secret of the test's own: with a fresh one a run in some hundreds is unlucky.
    let mut filter = Bloom::with_secret(64 * 1024, &mut ChaCha20Rng::seed_from_u64(1));
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
