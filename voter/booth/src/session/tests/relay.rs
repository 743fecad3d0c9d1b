//! No relay answers: nothing goes directly until the voter says so.

use super::*;

fn silent(state: VoteState) -> Result<(), (Fault, VoteState)> {
    Err((Fault::NoRelay, state))
}

/// The voter is told with the state of the vote, and only the voter's word changes the way; then the
/// same ballot goes out.
#[test]
fn a_81_without_a_relay_nothing_is_sent_until_the_voter_says_so() {
    for state in [VoteState::NotSent, VoteState::Pending] {
        let mut walk = Walk::with(|w| w.send.extend([silent(state), silent(state)]), |_| {});
        walk = walk.until(Screen::Sending);
        for _ in 0..2 {
            let seen = walk.does(Command::Cast);
            assert_eq!(
                (seen.step, code(&seen), seen.vote_state),
                (Screen::Sending, Some("E-21d"), state)
            );
        }
        assert_eq!(walk.asked("direct"), 0);
        let seen = walk.does(Command::Direct);
        // Without a message the page sends by itself.
        assert_eq!((seen.step, code(&seen)), (Screen::Sending, None));
        let seen = walk.does(Command::Cast);
        assert_eq!(seen.vote_state, VoteState::Accepted);
        let asked = ["direct", "prepare", "send"].map(|what| walk.asked(what));
        assert_eq!(asked, [1, 1, 3]);
    }
}

/// Nobody gets there by accident, and in a kiosk the configuration has decided.
#[test]
fn the_way_is_changed_only_when_no_relay_answered_and_never_at_a_kiosk() {
    let mut walk = Walk::new().until(Screen::Sending);
    assert_eq!(
        walk.session.handle(Command::Direct, walk.now),
        Err(Fault::WrongStep)
    );
    assert_eq!(walk.asked("direct"), 0);
    let with = |w: &mut World| w.send.push_back(silent(VoteState::NotSent));
    let mut kiosk = Walk::with(with, |r| r.kiosk = true).until(Screen::Sending);
    assert_eq!(code(&kiosk.does(Command::Cast)), Some("E-21d"));
    assert_eq!(
        kiosk.session.handle(Command::Direct, kiosk.now),
        Err(Fault::WrongStep)
    );
    assert_eq!(kiosk.asked("direct"), 0);
}

/// At the registrars' step, for openings, check ballots and the survey alike.
#[test]
fn every_step_that_asks_nodes_offers_it() {
    let with = |w: &mut World| w.authorize.push_back(Err(Fault::NoRelay));
    let mut walk = Walk::with(with, |_| {}).until(Screen::Authorize);
    assert_eq!(code(&walk.does(Command::Authorize)), Some("E-21d"));
    assert_eq!(walk.does(Command::Direct).step, Screen::Authorize);
    assert_eq!(walk.does(Command::Authorize).step, Screen::Choose);

    let with = |w: &mut World| w.open.push_back(Fault::NoRelay);
    let mut walk = Walk::with(with, |_| {}).until(Screen::Side);
    walk.does(Command::Side(Side::Mask));
    assert_eq!(code(&walk.does(Command::Open)), Some("E-21d"));
    walk.does(Command::Direct);
    assert_eq!(walk.does(Command::Open).step, Screen::Done);
}
