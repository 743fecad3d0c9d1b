use super::*;
use crate::length::{MAX_SEALED_ANSWER, MAX_SEALED_QUESTION};
use crate::{MAX_QUESTION, MessageError, padded};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(11)
}

#[test]
fn a_81_only_the_key_it_was_sealed_to_opens_a_question() {
    let (key, public) = DoorKey::generate(&mut rng());
    let mut rng = ChaCha20Rng::seed_from_u64(12);
    let (other, _) = DoorKey::generate(&mut rng);
    let asked = Request::post("/v1/entries", vec![5; 2000]);
    let (sealed, _) = asked.seal(&public, 4096, &mut rng).unwrap();
    assert_eq!(key.open(&sealed).unwrap().0, asked);
    assert_eq!(other.open(&sealed).unwrap_err(), SealedError::Cipher);
    assert_eq!(DoorKey::from_bytes(*key.expose()).public(), Some(public));
    assert!(!format!("{key:?}").contains(char::is_numeric));
}

/// A relay sees these bytes and nothing else: all of one length, and none twice.
#[test]
fn a_80_sealed_questions_of_one_election_have_one_length() {
    let (_, public) = DoorKey::generate(&mut rng());
    let mut rng = rng();
    let questions = [
        Request::get("/v1/status"),
        Request::post("/v1/entries", vec![1; 3000]),
        Request::post("/v1/entries", vec![2; 2000]),
    ];
    let seal = |q: &Request, rng: &mut ChaCha20Rng| q.seal(&public, 4096, rng).unwrap().0;
    let sealed: Vec<Vec<u8>> = questions.iter().map(|q| seal(q, &mut rng)).collect();
    assert!(sealed.iter().all(|s| s.len() == 4096 + 55));
    assert_ne!(seal(&questions[0], &mut rng), sealed[0]);
    let planted = [1; 16];
    assert!(!sealed[1].windows(16).any(|window| window == planted));
}

#[test]
fn an_answer_is_as_long_as_its_question_or_the_next_step() {
    let (key, public) = DoorKey::generate(&mut rng());
    let mut rng = rng();
    for (body, length) in [
        (0, 4096),
        (4000, 4096),
        (4096, 16_384),
        (2_700_000, 4_194_304),
    ] {
        let (sealed, waiting) = Request::get("/v1/status")
            .seal(&public, 4096, &mut rng)
            .unwrap();
        let (_, answering) = key.open(&sealed).unwrap();
        let answer = Response {
            status: 200,
            body: vec![9; body],
        };
        let back = answering.seal(&answer, &mut rng).unwrap();
        assert_eq!(back.len(), length + 48, "{body}");
        assert!(back.len() <= MAX_SEALED_ANSWER);
        assert_eq!(waiting.open(&back), Ok(answer));
    }
    let (sealed, _) = Request::get("/")
        .seal(&public, MAX_QUESTION, &mut rng)
        .unwrap();
    assert_eq!(sealed.len(), MAX_SEALED_QUESTION);
    assert_eq!(padded(MAX_QUESTION), Some(MAX_QUESTION));
    let too_long = Response {
        status: 200,
        body: vec![0; 1 << 26],
    };
    let (_, answering) = key.open(&sealed).unwrap();
    let refused = answering.seal(&too_long, &mut rng).unwrap_err();
    assert_eq!(refused, SealedError::Message(MessageError::TooLong));
}

/// A relay that changes, cuts or exchanges something is noticed.
#[test]
fn a_81_every_changed_byte_is_noticed_in_both_directions() {
    let (key, public) = DoorKey::generate(&mut rng());
    let mut rng = rng();
    let asked = Request::get("/v1/status");
    let (sealed, waiting) = asked.seal(&public, 4096, &mut rng).unwrap();
    for place in [0, 1, 6, 7, 38, 39, 100, 4150] {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(key.open(&changed).is_err(), "{place}");
    }
    for length in [0, 6, 7, 38, 39, 54, 4150] {
        assert!(key.open(&sealed[..length]).is_err(), "{length}");
    }
    let (_, answering) = key.open(&sealed).unwrap();
    let answer = Response {
        status: 200,
        body: b"yes".to_vec(),
    };
    let back = answering.seal(&answer, &mut rng).unwrap();
    for place in [0, 31, 32, 40, 4143] {
        let mut changed = back.clone();
        changed[place] ^= 1;
        assert_eq!(waiting.open(&changed), Err(SealedError::Cipher), "{place}");
    }
    for length in [0, 31, 32, 47, 4143] {
        assert!(waiting.open(&back[..length]).is_err(), "{length}");
    }
    // The answer to another question.
    let (second, _) = asked.seal(&public, 4096, &mut rng).unwrap();
    let (_, answering) = key.open(&second).unwrap();
    let other = answering.seal(&answer, &mut rng).unwrap();
    assert_eq!(waiting.open(&other), Err(SealedError::Cipher));
}

#[test]
fn another_suite_or_a_key_without_order_is_refused() {
    let (key, public) = DoorKey::generate(&mut rng());
    let (mut sealed, _) = Request::get("/").seal(&public, 4096, &mut rng()).unwrap();
    sealed[6] = 1;
    assert_eq!(key.open(&sealed).unwrap_err(), SealedError::Suite);
    sealed[6] = 3;
    sealed[7..39].fill(0);
    assert_eq!(key.open(&sealed).unwrap_err(), SealedError::Key);
    let refused = Request::get("/").seal(&[0; 32], 4096, &mut rng());
    assert_eq!(refused.map(drop), Err(SealedError::Key));
}
