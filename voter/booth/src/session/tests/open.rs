//! Note, choose, open: after the receipt, and never at the cost of the vote.

use super::*;

#[test]
fn a_13_the_first_code_is_shown_before_anything_is_sent() {
    let mut walk = Walk::new().until(Screen::Code);
    let seen = walk.seen();
    assert_eq!(seen.first, Some(first()));
    assert_eq!(
        (seen.vote_state, walk.asked("send"), walk.asked("prepare")),
        (VoteState::NotSent, 0, 1)
    );
    // Back: the ballot is thrown away with its seed, and the next one is another.
    let seen = walk.does(Command::Ready(false));
    assert_eq!((seen.step, seen.first), (Screen::Choose, None));
    assert_eq!(
        (walk.asked("drop"), walk.world.lock().unwrap().seed),
        (1, false)
    );
    let walk = walk.until(Screen::Note);
    assert_eq!((walk.asked("prepare"), walk.asked("send")), (2, 1));
}

#[test]
fn a_13_both_numbers_are_shown_when_the_ballot_is_final_and_hidden_before_the_choice() {
    let mut walk = Walk::new().until(Screen::Sending);
    assert!(walk.seen().sums.is_none());
    let note = walk.does(Command::Cast);
    assert_eq!(
        (note.step, note.vote_state),
        (Screen::Note, VoteState::Accepted)
    );
    assert_eq!(note.sums.unwrap().lines(), [[98, 3]]);
    assert_eq!(note.receipt.unwrap().board_number, "0012 3456");
    let side = walk.does(Command::Noted);
    assert_eq!(side.step, Screen::Side);
    assert!(side.sums.is_none() && side.side.is_none());
    for (chosen, command) in [
        (Side::Masked, Command::Side(Side::Masked)),
        (Side::Mask, Command::Side(Side::Mask)),
    ] {
        let mut walk = Walk::new().until(Screen::Side);
        let seen = walk.does(command);
        assert_eq!((seen.step, seen.side), (Screen::Opening, Some(chosen)));
        assert_eq!(walk.world.lock().unwrap().side, Some(chosen));
        let done = walk.does(Command::Open);
        assert_eq!((done.step, done.opened), (Screen::Done, true));
        assert_eq!(done.receipt, Some(receipt()));
    }
}

#[test]
fn a_43_there_is_one_choice_and_its_seed_is_gone() {
    let mut walk = Walk::new().until(Screen::Opening);
    assert!(!walk.world.lock().unwrap().seed);
    let again = walk.session.handle(Command::Side(Side::Mask), walk.now);
    assert_eq!(again, Err(Fault::WrongStep));
    assert_eq!(walk.world.lock().unwrap().side, Some(Side::Masked));
    assert_eq!(walk.asked("side"), 1);
}

#[test]
fn nothing_is_chosen_before_the_numbers_are_noted() {
    let mut walk = Walk::new().until(Screen::Note);
    for command in [Command::Side(Side::Mask), Command::Open, Command::Slip] {
        let fault = walk.session.handle(command, walk.now);
        assert_eq!(fault, Err(Fault::WrongStep));
        assert_eq!(walk.seen().step, Screen::Note);
    }
    assert_eq!((walk.asked("side"), walk.asked("open")), (0, 0));
}

#[test]
fn whoever_skips_keeps_the_vote_and_nothing_is_opened() {
    for step in [Screen::Note, Screen::Side, Screen::Opening] {
        let mut walk = Walk::new().until(step);
        let done = walk.does(Command::LeaveClosed);
        assert_eq!(
            (done.step, done.vote_state, done.opened),
            (Screen::Done, VoteState::Accepted, false)
        );
        assert!(done.sums.is_none() && done.receipt.is_some());
        let world = walk.world.lock().unwrap();
        assert!(!world.seed && !world.log.contains(&"open"));
    }
    // Nowhere else.
    let mut walk = Walk::new().until(Screen::Code);
    let fault = walk.session.handle(Command::LeaveClosed, walk.now);
    assert_eq!(fault, Err(Fault::WrongStep));
}

#[test]
fn a_fault_of_the_opening_leaves_the_vote_and_sends_the_same_again() {
    for (fault, code_of) in [
        (Fault::NotOpened, "E-31"),
        (Fault::OpeningRefused, "E-31b"),
        (Fault::Internal("http"), "E-30"),
    ] {
        let mut walk = Walk::with(|w| w.open.push_back(fault), |_| {}).until(Screen::Opening);
        let seen = walk.does(Command::Open);
        assert_eq!(
            (seen.step, code(&seen), seen.vote_state),
            (Screen::Opening, Some(code_of), VoteState::Accepted)
        );
        let done = walk.does(Command::Open);
        assert_eq!((done.step, done.opened), (Screen::Done, true));
        // Made once, sent twice.
        assert_eq!((walk.asked("side"), walk.asked("open")), (1, 2));
    }
}

/// The seed is in memory only: after a crash a ballot that arrived is shown with its receipt, and one
/// that is sent now comes to the receipt at once.
#[test]
fn after_a_crash_there_is_no_opening_and_the_vote_stays() {
    for leftover in [Leftover::Received(Box::new(receipt())), Leftover::Unsent] {
        let standing = Standing {
            previous: None,
            pending: leftover,
        };
        let mut walk = Walk::with(|w| w.authorize.push_back(Ok(standing)), |_| {});
        walk = walk.until(Screen::Pending);
        let seen = walk.does(Command::Pending(true));
        assert_eq!(
            (seen.step, seen.vote_state),
            (Screen::Done, VoteState::Accepted)
        );
        assert!(seen.sums.is_none() && !seen.opened);
    }
}

#[test]
fn a_kiosk_prints_before_the_numbers_are_there() {
    let mut walk = Walk::with(|_| {}, |r| r.kiosk = true).until(Screen::Slip);
    let slip = walk.seen();
    assert!(slip.sums.is_none() && slip.first.is_some() && slip.receipt.is_some());
    let note = walk.does(Command::Slip);
    assert_eq!((note.step, note.sums.is_some()), (Screen::Note, true));
}

#[test]
fn two_numbers_do_not_wait_for_nobody() {
    // At a kiosk the card is taken away: the numbers go, the receipt stays a moment.
    for step in [Screen::Slip, Screen::Note, Screen::Side] {
        let mut walk = Walk::with(|_| {}, |r| r.kiosk = true).until(step);
        walk.world.lock().unwrap().present = false;
        let seen = walk.after(Duration::from_secs(1));
        assert_eq!((seen.step, seen.session), (Screen::Done, 1));
        assert!(seen.sums.is_none() && seen.receipt.is_some());
        assert!(!walk.world.lock().unwrap().seed);
        let mut walk = Walk::with(|_| {}, |r| r.kiosk = true).until(step);
        assert_eq!(walk.after(Rules::IDLE_NOTE).step, Screen::End);
        assert!(!walk.world.lock().unwrap().seed);
    }
    // At home ten minutes end it, and the page says that the vote is in.
    let mut walk = Walk::new().until(Screen::Note);
    let seen = walk.after(Rules::IDLE);
    assert_eq!(
        (seen.step, seen.vote_state),
        (Screen::End, VoteState::Accepted)
    );
    assert!(seen.sums.is_none() && !walk.world.lock().unwrap().seed);
}

#[test]
fn a_ballot_that_does_not_arrive_leaves_no_seed_behind() {
    let refused = (Fault::BallotRefused, VoteState::NotSent);
    let mut walk = Walk::with(|w| w.send.push_back(Err(refused)), |_| {}).until(Screen::Sending);
    assert_eq!(walk.does(Command::Cast).step, Screen::Stopped);
    assert!(!walk.world.lock().unwrap().seed);
}

#[test]
fn numbers_are_in_no_debug_output() {
    let walk = Walk::new().until(Screen::Note);
    let sums = walk.seen().sums;
    let shown = format!("{:?} {:?} {sums:?}", walk.session, walk.seen());
    assert!(!shown.contains("98"), "{shown}");
}
