use super::*;
use crypto::schnorr::SigningKey;

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
    sessions.accept(&nonce, accepted(), 0).unwrap();
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
    sessions.accept(&voter, accepted(), 0).unwrap();
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
        sessions.accept(&[n; 32], accepted(), 1).unwrap();
    }
    let full = sessions.open([99; 32], waiting(), 1);
    assert_eq!(full, Err(Refusal::TooManySessions));
    assert!(sessions.open([99; 32], waiting(), 2 * LIFETIME_MS).is_ok());
}
