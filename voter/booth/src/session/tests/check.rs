//! Check ballots: never a vote, and the voter always gets on to one.

use super::*;

#[test]
fn a_43_a_checked_ballot_is_not_cast_and_the_next_one_is_new() {
    let mut walk = Walk::new().until(Screen::Code);
    assert_eq!(walk.does(Command::Spoil).step, Screen::Checking);
    // It has no way back to the box.
    for command in [Command::Cast, Command::Ready(true), Command::Spoil] {
        let fault = walk.session.handle(command, walk.now);
        assert_eq!(fault, Err(Fault::WrongStep));
    }
    let seen = walk.does(Command::Check);
    assert_eq!(
        (seen.step, seen.vote_state, seen.second.is_some()),
        (Screen::Checked, VoteState::NotSent, true)
    );
    let seen = walk.does(Command::Checked);
    assert_eq!((seen.step, seen.checks), (Screen::Choose, 1));
    assert!(seen.second.is_none() && seen.first.is_none() && seen.pictures.is_none());
    assert_eq!(walk.asked("send"), 0);
    let walk = walk.until(Screen::Note);
    assert_eq!((walk.asked("prepare"), walk.asked("send")), (2, 1));
}

#[test]
fn the_second_code_is_not_shown_before_the_check_ballot_is_final() {
    for (fault, code_of) in [(Fault::Waiting, "E-22"), (Fault::SendFailed, "E-21")] {
        let mut walk = Walk::with(|w| w.check.push_back(fault), |_| {}).until(Screen::Code);
        walk.does(Command::Spoil);
        let seen = walk.does(Command::Check);
        assert_eq!(
            (seen.step, code(&seen), seen.second),
            (Screen::Checking, Some(code_of), None)
        );
        assert_eq!(walk.does(Command::Check).step, Screen::Checked);
        assert_eq!((walk.asked("spoil"), walk.asked("check")), (1, 2));
    }
}

#[test]
fn a_refused_check_leads_back_to_the_list_and_the_vote_goes_on() {
    let mut walk = Walk::with(|w| w.check.push_back(Fault::CheckRefused), |_| {});
    walk = walk.until(Screen::Code);
    walk.does(Command::Spoil);
    let seen = walk.does(Command::Check);
    assert_eq!(
        (seen.step, code(&seen), seen.vote_state),
        (Screen::Choose, Some("E-31c"), VoteState::NotSent)
    );
    let note = walk.until(Screen::Note).seen();
    assert_eq!(note.vote_state, VoteState::Accepted);
}

#[test]
fn a_20_no_second_code_of_a_ballot_that_was_cast() {
    let mut walk = Walk::new().until(Screen::Sending);
    for _ in 0..5 {
        for command in [Command::Spoil, Command::Check, Command::Checked] {
            let fault = walk.session.handle(command, walk.now);
            assert_eq!(fault, Err(Fault::WrongStep));
        }
        assert!(walk.seen().second.is_none());
        let on = match walk.seen().step {
            Screen::Sending => Command::Cast,
            Screen::Note => Command::Noted,
            Screen::Side => Command::Side(Side::Mask),
            _ => Command::Open,
        };
        walk.does(on);
    }
    assert_eq!(walk.seen().step, Screen::Done);
    assert_eq!((walk.asked("spoil"), walk.asked("check")), (0, 0));
}
