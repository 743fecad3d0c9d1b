//! What registrars give to auditors, and auditors to each other.

use crate::property::{self_delimiting, top};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use evidence::{AuditorKey, Partial, Record, Sealed, Share, open, seal};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::collections::BTreeMap;
use std::sync::LazyLock;

struct World {
    keys: [AuditorKey; 3],
    record: Record,
    sealed: Vec<u8>,
    partial: Vec<u8>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let mut rng = ChaCha20Rng::seed_from_u64(17);
    let keys = [1, 2, 3].map(|n| AuditorKey::from_bytes(&[n; 32]).expect("a key"));
    let public: Vec<_> = keys.iter().map(|key| *key.public()).collect();
    let record = Record {
        election: Hash([3; 64]),
        kind: "first".into(),
        channel: "home".into(),
        day: 20_840,
        certificate: vec![1; 1400],
        auth_text: vec![2; 250],
        card_signature: vec![3; 256],
        face: "match".into(),
        face_reason: String::new(),
        window: 1,
        request: vec![4; 256],
        heard: vec![6; 520],
        request_signature: vec![5; 64],
    };
    let sealed = seal(&record, &public, &mut rng).expect("good keys");
    let share = |n: usize, place| {
        let sealed = Sealed::read(&sealed).expect("sealed");
        keys.get(n).and_then(|key| key.share(&sealed, place).ok())
    };
    let shares = BTreeMap::from([([1; 32], share(0, 1)), ([2; 32], None)]);
    let reader = keys[1].public();
    let about = (Hash([3; 64]), 0);
    let partial = Partial::seal(about, (1, 2), reader, &shares, &mut rng).expect("a good key");
    World {
        record,
        partial: partial.to_bytes(),
        sealed,
        keys,
    }
});

pub(super) fn evidence(bytes: &[u8]) -> bool {
    top::<Record>(bytes) || partial(bytes) || sealed(bytes)
}

fn partial(bytes: &[u8]) -> bool {
    let good = top::<Partial>(bytes);
    if good && let Ok(partial) = Partial::from_bytes(bytes) {
        let opens = partial.open(&WORLD.keys[1]).is_ok();
        assert!(
            !opens || bytes == WORLD.partial,
            "a changed one still opens"
        );
    }
    good
}

fn sealed(bytes: &[u8]) -> bool {
    let Ok(sealed) = Sealed::read(bytes) else {
        return false;
    };
    self_delimiting(bytes, |b| Sealed::read(b).map(|_| ()).ok());
    let shares = [0, 1].map(|n: u16| WORLD.keys[usize::from(n)].share(&sealed, n + 1));
    let shares: Vec<&Share> = shares.iter().flatten().collect();
    if let Ok(record) = open(&sealed, &shares) {
        assert!(record == WORLD.record, "another record opens");
    }
    true
}

pub(super) fn evidence_seeds() -> Vec<Vec<u8>> {
    vec![
        WORLD.record.to_bytes(),
        WORLD.sealed.clone(),
        WORLD.partial.clone(),
    ]
}
