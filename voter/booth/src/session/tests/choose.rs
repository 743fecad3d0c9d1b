//! From the registrars to the ballot.

use super::*;

#[test]
fn registrars_refuse_or_ask_to_wait_and_no_vote_was_sent() {
    let table = [
        (Fault::NotOpen { opens: Some(5) }, Screen::Stopped, "E-01"),
        (Fault::Closed { closed: Some(5) }, Screen::Stopped, "E-02"),
        (Fault::ChannelClosed { next: None }, Screen::Stopped, "E-03"),
        (Fault::Expired { since: None }, Screen::Stopped, "E-08"),
        (Fault::IssuedAfterOpening, Screen::Stopped, "E-08b"),
        (Fault::Revoked, Screen::Stopped, "E-09"),
        (Fault::RevocationUnknown, Screen::Authorize, "E-10"),
        (Fault::RegistrarUnreachable, Screen::Authorize, "E-10"),
        (Fault::RateLimited { until: None }, Screen::Stopped, "E-27"),
        (Fault::OtherRequest, Screen::Stopped, "E-27b"),
        (Fault::Internal("x"), Screen::Authorize, "E-30"),
    ];
    for (fault, step, expected) in table {
        let mut walk = Walk::with(|w| w.authorize.push_back(Err(fault)), |_| {});
        walk = walk.until(Screen::Authorize);
        let seen = walk.does(Command::Authorize);
        assert_eq!((seen.step, code(&seen)), (step, Some(expected)));
        assert_eq!(seen.vote_state, VoteState::NotSent);
        if step == Screen::Authorize {
            // The PIN is not asked for again.
            assert_eq!(walk.does(Command::Authorize).step, Screen::Choose);
        }
    }
}

#[test]
fn an_earlier_ballot_shows_its_time_only() {
    let standing = Standing {
        previous: Some(77),
        pending: Leftover::None,
    };
    let walk = Walk::with(|w| w.authorize.push_back(Ok(standing)), |_| {}).until(Screen::Choose);
    assert_eq!(walk.seen().previous, Some(77));
}

#[test]
fn nothing_picked_is_said_and_the_list_starts_elsewhere() {
    let mut walk = Walk::new().until(Screen::Choose);
    assert_eq!(walk.seen().rotation, 10);
    assert!(walk.seen().choice.is_none());
    for nothing in [None, Some(Choice(11))] {
        let seen = walk.does(Command::Choose(nothing));
        assert_eq!((seen.step, code(&seen)), (Screen::Choose, Some("E-20")));
    }
}

#[test]
fn two_different_pictures_of_sixteen() {
    let mut walk = Walk::new().until(Screen::Pictures);
    for wrong in [[4, 4], [0, 16], [255, 1]] {
        let seen = walk.does(Command::Pictures(wrong));
        assert_eq!((seen.step, code(&seen)), (Screen::Pictures, Some("E-20")));
    }
    assert_eq!(walk.does(Command::Pictures([9, 3])).pictures, Some([3, 9]));
}

#[test]
fn going_back_forgets_the_choice() {
    let mut walk = Walk::new().until(Screen::Confirm);
    assert!(walk.seen().choice.is_some());
    let seen = walk.does(Command::Confirm(false));
    assert_eq!(
        (seen.step, seen.vote_state),
        (Screen::Choose, VoteState::NotSent)
    );
    assert!(seen.choice.is_none() && seen.pictures.is_none());
    assert_eq!(walk.asked("prepare"), 0);
}

#[test]
fn a_ballot_that_cannot_be_built_is_not_sent() {
    let mut walk = Walk::with(|w| w.prepare = Some(Fault::Disk), |_| {});
    walk = walk.until(Screen::Confirm);
    let seen = walk.does(Command::Confirm(true));
    assert_eq!((seen.step, code(&seen)), (Screen::Confirm, Some("E-32")));
    assert_eq!(
        (seen.vote_state, walk.asked("send")),
        (VoteState::NotSent, 0)
    );
}
