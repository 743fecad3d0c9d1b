//! Entries: decoded, and judged without state.

use crate::property::canonical;
use crate::seeds::WORLD;
use board::check_stateless;
use board::entry::{Entry, kind, peek_election};
use rand_core::SeedableRng as _;

pub(super) fn entry(bytes: &[u8]) -> bool {
    let good = canonical(bytes, |b| Entry::decode(b).ok(), Entry::encode);
    if let Ok(e) = Entry::decode(bytes) {
        assert_eq!(Some(&e.kind()), bytes.get(1));
        let named = match e.kind() {
            kind::SETUP | kind::SEAL => None,
            _ => e.election(),
        };
        assert_eq!(peek_election(bytes), named, "two readings of the election");
    }
    good
}

/// Everything but a result, an opening and a `Late` is signed as a whole: what was changed is
/// refused. The first two the state compares with what it has, and it judges the promises in a
/// `Late`, because it knows who is in office.
pub(super) fn judged(bytes: &[u8]) -> bool {
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
    let Ok(checked) = check_stateless(&WORLD.context, bytes, &mut rng) else {
        return false;
    };
    assert_eq!(*checked.hash(), board::entry_hash(bytes));
    let ours = || WORLD.entries.iter().any(|e| e == bytes);
    assert!(
        matches!(
            bytes.get(1),
            Some(&kind::RESULT | &kind::OPENING | &kind::LATE)
        ) || ours(),
        "a changed entry is accepted"
    );
    true
}

pub(super) fn entry_seeds() -> Vec<Vec<u8>> {
    WORLD.entries.clone()
}
