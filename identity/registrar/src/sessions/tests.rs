use super::*;
use crypto::schnorr::SigningKey;
use crypto::{Hash, Scalar};

fn waiting() -> Waiting {
    Waiting {
        channel: Channel::Home,
        station: None,
    }
}

fn accepted() -> Accepted {
    Accepted {
        channel: Channel::Home,
        person: [1; 32],
        session_key: SigningKey::generate(&mut rand::rng()).public(),
        certificate: Hash([2; 64]),
        card: CardEvidence {
            certificate: Vec::new(),
            auth_text: Vec::new(),
            signature: Vec::new(),
            face: "match",
            face_reason: String::new(),
        },
    }
}

#[test]
fn an_again_request_is_answered_only_when_its_claim_is_recorded() {
    let sessions = Sessions::new(10);
    let (nonce, request, other) = ([1; 32], [2; 32], [3; 32]);
    let reserve = |request| sessions.reserve_again(&nonce, request, 1);
    sessions.open(nonce, waiting(), 0).unwrap();
    sessions.consume(&nonce, 0).unwrap();
    sessions.accept(&nonce, accepted(), None, 0).unwrap();
    assert_eq!(reserve(&request), Ok(Reserved::Claim));
    assert_eq!(reserve(&request), Err(Refusal::AgainPending));
    assert_eq!(reserve(&other), Err(Refusal::AgainPending));
    sessions.release_again(&nonce);
    assert_eq!(reserve(&other), Ok(Reserved::Claim));
    sessions.grant_again(&nonce, &other);
    // What comes after the claim takes nothing back.
    sessions.release_again(&nonce);
    assert_eq!(reserve(&other), Ok(Reserved::Granted));
    assert_eq!(reserve(&request), Err(Refusal::AgainUsed));
}

#[test]
fn a_flood_pushes_out_its_own_sessions_and_no_voter_with_a_card() {
    let sessions = Sessions::new(3);
    let (voter, used) = ([1; 32], [2; 32]);
    sessions.open(voter, waiting(), 0).unwrap();
    sessions.consume(&voter, 0).unwrap();
    sessions.accept(&voter, accepted(), None, 0).unwrap();
    sessions.open(used, waiting(), 0).unwrap();
    sessions.consume(&used, 0).unwrap();
    for n in 10..60 {
        sessions.open([n; 32], waiting(), 0).unwrap();
    }
    assert_eq!(sessions.consume(&used, 1), Err(Refusal::SessionUnknown));
    assert_eq!(sessions.consume(&[57; 32], 1), Err(Refusal::SessionUnknown));
    assert_eq!(sessions.consume(&[59; 32], 1), Ok(waiting()));
    assert!(sessions.accepted(&voter, 1).is_ok());
    for n in [58, 59] {
        let _ = sessions.consume(&[n; 32], 1);
        sessions.accept(&[n; 32], accepted(), None, 1).unwrap();
    }
    let full = sessions.open([99; 32], waiting(), 1);
    assert_eq!(full, Err(Refusal::TooManySessions));
    assert!(sessions.open([99; 32], waiting(), 2 * LIFETIME_MS).is_ok());
}

fn with_nonce(sessions: &Sessions, nonce: Nonce) {
    sessions.open(nonce, waiting(), 0).unwrap();
    sessions.consume(&nonce, 0).unwrap();
    let (card_nonce, _) = CardNonce::draw(&mut rand::rng());
    sessions
        .accept(&nonce, accepted(), Some(card_nonce), 0)
        .unwrap();
}

/// The nonce is handed out once; a repeated challenge gets the answer and another one nothing.
#[test]
fn a_74_a_nonce_leaves_once_and_its_answer_stays() {
    let sessions = Sessions::new(10);
    let (nonce, one, two) = ([1; 32], Scalar::from(1u64), Scalar::from(2u64));
    with_nonce(&sessions, nonce);
    let take = |challenge| sessions.take_nonce(&nonce, challenge, 1);
    assert!(matches!(take(&one), Ok(Taken::Nonce(_))));
    assert!(matches!(take(&one), Err(Refusal::AgainPending)));
    assert!(matches!(take(&two), Err(Refusal::ChallengeUsed)));
    sessions.keep_answer(&nonce, &one, &Scalar::from(9u64));
    assert!(matches!(take(&one), Ok(Taken::Answer(s)) if s == Scalar::from(9u64)));
    assert!(matches!(take(&two), Err(Refusal::ChallengeUsed)));
    // What comes after the answer takes nothing back.
    sessions.burn(&nonce);
    assert!(matches!(take(&one), Ok(Taken::Answer(_))));
    let gone = sessions.take_nonce(&nonce, &one, LIFETIME_MS);
    assert!(matches!(gone, Err(Refusal::NonceGone)));
}

/// Neither the nonce nor the challenge, nor who showed the card.
#[test]
fn what_a_session_holds_is_not_printed() {
    let sessions = Sessions::new(10);
    let (nonce, asked) = ([1; 32], Scalar::from(0xABCD_EF01_u64));
    with_nonce(&sessions, nonce);
    let printed = |sessions: &Sessions| format!("{sessions:?}");
    let before = printed(&sessions);
    assert!(
        before.contains("Accepted(…)") && before.contains("Held(…)"),
        "{before}"
    );
    assert!(!before.contains("match"), "{before}");
    let taken = sessions.take_nonce(&nonce, &asked, 1).unwrap();
    assert_eq!(format!("{taken:?}"), "Taken(…)");
    assert_eq!(printed(&sessions), before);
    sessions.keep_answer(&nonce, &asked, &Scalar::from(9u64));
    assert_eq!(printed(&sessions), before);
    assert_eq!(format!("{:?}", accepted().card), "CardEvidence(…)");
}

#[test]
fn a_74_a_nonce_that_led_to_nothing_is_burnt() {
    let sessions = Sessions::new(10);
    let (nonce, challenge) = ([1; 32], Scalar::from(1u64));
    with_nonce(&sessions, nonce);
    let take = || sessions.take_nonce(&nonce, &challenge, 1);
    assert!(matches!(take(), Ok(Taken::Nonce(_))));
    sessions.burn(&nonce);
    assert!(matches!(take(), Err(Refusal::NonceGone)));
    let unknown = sessions.take_nonce(&[7; 32], &challenge, 1);
    assert!(matches!(unknown, Err(Refusal::NonceGone)));
}
