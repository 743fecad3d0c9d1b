//! Reader, card and PIN.

use super::*;

#[test]
fn readers_and_cards_say_what_is_wrong() {
    for fault in [
        Fault::NoReader,
        Fault::ReaderService,
        Fault::ReaderShared,
        Fault::NoCard,
        Fault::WrongCard,
    ] {
        let mut walk = Walk::with(|w| w.card = Some(fault.clone()), |_| {});
        let seen = walk.does(Command::ReadCard);
        assert_eq!((seen.step, seen.fault), (Screen::Card, Some(fault)));
        walk.world.lock().unwrap().card = None;
        assert_eq!(walk.does(Command::ReadCard).step, Screen::Pin);
    }
    for fault in [Fault::PhoneToken, Fault::NoCertificate] {
        let mut walk = Walk::with(|w| w.card = Some(fault.clone()), |_| {});
        let seen = walk.does(Command::ReadCard);
        assert_eq!((seen.step, seen.fault), (Screen::Stopped, Some(fault)));
    }
}

#[test]
fn a_locked_card_never_sees_a_pin() {
    let mut walk = Walk::with(|w| w.tries = 0, |_| {});
    let seen = walk.does(Command::ReadCard);
    assert_eq!((seen.step, code(&seen)), (Screen::Stopped, Some("E-13")));
    assert_eq!(walk.does(pin("0420", true)).step, Screen::Stopped);
    assert_eq!(walk.asked("verify"), 0);
}

#[test]
fn what_is_no_pin_uses_no_try() {
    let mut walk = Walk::new().until(Screen::Pin);
    for typed in ["", "12345", "ABCDEF1"] {
        let seen = walk.does(pin(typed, false));
        assert_eq!((seen.step, code(&seen)), (Screen::Pin, Some("E-14")));
    }
    assert_eq!(walk.asked("verify"), 0);
}

#[test]
fn the_last_try_needs_the_voters_word() {
    let mut walk = Walk::new().until(Screen::Pin);
    let first = walk.does(pin("1111", false));
    assert_eq!((code(&first), first.tries_left), (Some("E-11"), Some(2)));
    let second = walk.does(pin("1111", false));
    assert_eq!(
        (code(&second), second.tries_left, second.last_try),
        (Some("E-11"), Some(1), true)
    );
    let held = walk.does(pin("1111", false));
    assert_eq!((code(&held), held.tries_left), (Some("E-12"), Some(1)));
    assert_eq!(walk.asked("verify"), 2);
    let third = walk.does(pin("1111", true));
    assert_eq!((third.step, code(&third)), (Screen::Stopped, Some("E-13")));
    assert_eq!(walk.asked("verify"), 3);
}

#[test]
fn the_last_try_can_be_right() {
    let mut walk = Walk::with(|w| w.tries = 1, |_| {});
    let seen = walk.does(Command::ReadCard);
    assert_eq!(
        (seen.step, code(&seen), seen.last_try),
        (Screen::Pin, Some("E-12"), true)
    );
    assert_eq!(walk.does(pin("0420", true)).step, Screen::Consent);
}

#[test]
fn a_pulled_card_is_put_back_and_the_way_goes_on() {
    for step in [Screen::Pin, Screen::Surface] {
        let mut walk = Walk::new().until(step);
        walk.world.lock().unwrap().card = Some(Fault::CardGone);
        let seen = match step {
            Screen::Pin => walk.does(pin("0420", false)),
            _ => walk.does(surface("55021720352285")),
        };
        assert_eq!((seen.step, code(&seen)), (Screen::Card, Some("E-07")));
        assert_eq!(seen.vote_state, VoteState::NotSent);
        walk.world.lock().unwrap().card = None;
        walk.until(Screen::Choose);
    }
}

#[test]
fn a_card_pulled_at_the_registrar_keeps_the_face_step() {
    let mut walk = Walk::with(|w| w.authorize.push_back(Err(Fault::CardGone)), |_| {})
        .until(Screen::Authorize);
    let seen = walk.does(Command::Authorize);
    assert_eq!((seen.step, code(&seen)), (Screen::Card, Some("E-07")));
    walk.does(Command::ReadCard);
    assert_eq!(walk.does(pin("0420", false)).step, Screen::Authorize);
}

#[test]
fn a_face_is_not_carried_over_to_another_card() {
    let mut walk = Walk::with(|w| w.authorize.push_back(Err(Fault::CardGone)), |_| {})
        .until(Screen::Authorize);
    walk.does(Command::Authorize);
    walk.world.lock().unwrap().identity = [2; 32];
    let seen = walk.does(Command::ReadCard);
    assert_eq!((seen.step, code(&seen)), (Screen::Stopped, Some("E-06b")));
    assert_eq!(seen.vote_state, VoteState::NotSent);
    assert_eq!(walk.does(pin("0420", false)).step, Screen::Stopped);
    assert_eq!(walk.asked("authorize"), 1);
}

#[test]
fn a_card_that_fails_while_it_is_read_is_put_back() {
    let mut walk = Walk::new().until(Screen::Pin);
    walk.world.lock().unwrap().card = Some(Fault::CardRead("status"));
    let seen = walk.does(pin("0420", false));
    assert_eq!((seen.step, code(&seen)), (Screen::Card, Some("E-07b")));
    walk.world.lock().unwrap().card = None;
    walk.until(Screen::Choose);
}

#[test]
fn the_pin_is_forgotten_before_a_registrar_is_asked() {
    let down = Err(Fault::RegistrarUnreachable);
    let mut walk = Walk::with(|w| w.authorize.push_back(down), |_| {}).until(Screen::Authorize);
    assert!(walk.session.voter.pin.is_some(), "the photo ended the PIN");
    walk.does(Command::Authorize);
    assert!(walk.session.voter.pin.is_none());
    // The card is still unlocked: neither voter nor card is bothered again.
    assert_eq!(walk.does(Command::Authorize).step, Screen::Choose);
    assert_eq!(walk.asked("verify"), 2);
}

#[test]
fn without_a_photo_to_read_the_pin_is_shown_once_and_not_kept() {
    let mut walk = Walk::with(|_| {}, |r| r.face_required = false).until(Screen::Authorize);
    assert!(walk.session.voter.pin.is_none());
    assert_eq!(walk.does(Command::Authorize).step, Screen::Choose);
    assert_eq!(walk.asked("verify"), 1);
}

#[test]
fn the_second_showing_never_takes_a_last_try_nobody_agreed_to() {
    let mut walk = Walk::new().until(Screen::Authorize);
    assert_eq!(walk.asked("verify"), 1);
    walk.world.lock().unwrap().tries = 1;
    let seen = walk.does(Command::Authorize);
    assert_eq!((seen.step, code(&seen)), (Screen::Card, Some("E-07")));
    assert_eq!((walk.asked("verify"), walk.asked("authorize")), (1, 0));
    // The card is read anew, and the voter is asked.
    let seen = walk.does(Command::ReadCard);
    assert_eq!(
        (seen.step, code(&seen), seen.last_try),
        (Screen::Pin, Some("E-12"), true)
    );
    assert_eq!(code(&walk.does(pin("0420", false))), Some("E-12"));
    assert_eq!(walk.asked("verify"), 1);
    assert_eq!(walk.does(pin("0420", true)).step, Screen::Authorize);
    assert_eq!(walk.does(Command::Authorize).step, Screen::Choose);
    assert_eq!(walk.asked("verify"), 2);
}

#[test]
fn a_card_that_lost_the_pin_asks_the_voter_for_it() {
    let mut walk = Walk::with(|_| {}, |r| r.face_required = false).until(Screen::Authorize);
    walk.world.lock().unwrap().unlocked = false;
    let seen = walk.does(Command::Authorize);
    assert_eq!((seen.step, seen.fault), (Screen::Pin, None));
    assert_eq!(walk.asked("authorize"), 0);
    walk.until(Screen::Choose);
}

/// A registrar has forgotten the session: nothing is lost, and the voter shows the same card once
/// more.
#[test]
fn a_card_step_that_was_cut_off_begins_again_with_the_card() {
    for (cut, says) in [
        (Fault::CardStepAgain, "E-26c"),
        (Fault::SessionOver, "E-26b"),
    ] {
        let world = |w: &mut World| w.authorize.push_back(Err(cut.clone()));
        let mut walk = Walk::with(world, |_| {}).until(Screen::Authorize);
        let seen = walk.does(Command::Authorize);
        assert_eq!((seen.step, code(&seen)), (Screen::Card, Some(says)));
        assert_eq!(seen.vote_state, VoteState::NotSent);
        walk.until(Screen::Choose);

        // After a ballot of an earlier visit was thrown away the step is made up for later.
        let world = |w: &mut World| w.prepare = Some(cut.clone());
        let mut walk = Walk::with(world, |_| {}).until(Screen::Confirm);
        let seen = walk.does(Command::Confirm(true));
        assert_eq!((seen.step, code(&seen)), (Screen::Card, Some(says)));
        walk.world.lock().unwrap().prepare = None;
        walk.until(Screen::Sending);
    }
}
