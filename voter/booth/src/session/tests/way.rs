//! The whole way, what is heard of it, and what does not fit.

use super::*;

#[test]
fn a_vote_takes_its_way_and_ends_with_nothing_left() {
    let mut walk = Walk::new().until(Screen::Done);
    let done = walk.seen();
    assert_eq!(done.vote_state, VoteState::Accepted);
    assert_eq!(done.receipt, Some(receipt()));
    assert!(done.choice.is_none());
    let end = walk.does(Command::End);
    assert_eq!(
        (end.step, end.vote_state),
        (Screen::End, VoteState::Accepted)
    );
    assert!(end.receipt.is_none() && end.pictures.is_none() && end.previous.is_none());
    assert_eq!(walk.asked("wipe"), 1);
}

#[test]
fn nobody_hears_of_the_voter_before_the_face_step_is_over() {
    let walk = Walk::new().until(Screen::Authorize);
    assert_eq!(
        walk.log()
            .iter()
            .filter(|l| !["verify", "close", "forget"].contains(*l))
            .count(),
        0
    );
}

#[test]
fn commands_out_of_step_change_nothing() {
    let mut walk = Walk::new();
    for command in [
        pin("0420", false),
        Command::Consent,
        Command::Frame(Zeroizing::new(vec![1])),
        Command::Authorize,
        Command::Choose(Some(Choice(1))),
        Command::Pictures([0, 1]),
        Command::Confirm(true),
        Command::Ready(true),
        Command::Spoil,
        Command::Check,
        Command::Checked,
        Command::Cast,
        Command::Slip,
        Command::Noted,
        Command::Side(Side::Mask),
        Command::Open,
        Command::LeaveClosed,
        Command::Pending(true),
        Command::Survey(Vec::new()),
        Command::Questions,
    ] {
        assert_eq!(
            walk.session.handle(command, walk.now),
            Err(Fault::WrongStep)
        );
        assert_eq!((walk.seen().step, walk.seen().fault), (Screen::Start, None));
    }
    assert!(walk.log().is_empty());
}

#[test]
fn nothing_secret_is_in_debug_output() {
    let walk = Walk::new().until(Screen::Confirm);
    let shown = format!("{:?} {:?} {:?}", walk.session, walk.seen(), Choice(4));
    assert!(!shown.contains('4') && !shown.contains("0420"), "{shown}");
}
