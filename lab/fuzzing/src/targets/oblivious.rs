//! What comes through a node's door, and what a client gets back through a relay.

use oblivious::{DoorKey, Request, Response};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::sync::LazyLock;

const LENGTH: usize = 4096;

struct World {
    key: DoorKey,
    question: Request,
    sealed: Vec<u8>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let mut rng = ChaCha20Rng::seed_from_u64(23);
    let (key, public) = DoorKey::generate(&mut rng);
    let question = Request::post("/v1/entries", vec![7; 300]);
    let sealed = question.seal(&public, LENGTH, &mut rng).expect("it fits").0;
    World {
        key,
        question,
        sealed,
    }
});

/// Bytes as a sealed question, and as both messages inside. A question that opens is the one that was
/// sealed, and a message that was read is written again as it was, up to its padding.
pub(super) fn sealed(bytes: &[u8]) -> bool {
    let opened = WORLD.key.open(bytes);
    if let Ok((question, _)) = &opened {
        assert!(*question == WORLD.question, "another question opens");
        assert!(bytes == WORLD.sealed, "a changed one still opens");
    }
    let asked = Request::decode(bytes);
    if let Ok(asked) = &asked
        && let Ok(again) = asked.encode(bytes.len().max(LENGTH))
    {
        assert!(Request::decode(&again).as_ref() == Ok(asked));
    }
    let said = Response::decode(bytes);
    if let Ok(said) = &said
        && let Ok(again) = said.encode(&[bytes.len().max(LENGTH)])
    {
        assert!(Response::decode(&again).as_ref() == Ok(said));
    }
    opened.is_ok() || asked.is_ok() || said.is_ok()
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let answer = Response {
        status: 200,
        body: b"{}".to_vec(),
    };
    let question = Request::get("/v1/status").encode(80);
    vec![
        WORLD.sealed.clone(),
        question.expect("it fits"),
        answer.encode(&[64]).expect("it fits"),
    ]
}
