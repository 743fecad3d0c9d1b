//! A look at everything begins no vote, uses up nothing and keeps nothing.

use super::*;
use crate::checkup::{Camera, CameraState, Mark};

#[test]
fn a_look_uses_no_try_and_lets_the_card_go() {
    let mut walk = Walk::new();
    let seen = walk.does(Command::Checkup(None));
    assert_eq!((seen.step, seen.fault), (Screen::Ready, None));
    let checkup = seen.checkup.unwrap();
    assert_eq!(checkup.reader.card.map(|card| card.pin_tries), Ok(3));
    assert_eq!(walk.asked("verify"), 0);
    assert_eq!(walk.log(), ["reach", "close"]);
    // And from there the vote begins as from the first page.
    assert_eq!(walk.does(Command::Begin).step, Screen::Start);
    assert!(walk.seen().checkup.is_none());
    assert_eq!(walk.until(Screen::Choose).seen().step, Screen::Choose);
}

#[test]
fn nobody_can_look_while_somebody_votes() {
    let mut walk = Walk::new().until(Screen::Pin);
    let answer = walk.session.handle(Command::Checkup(None), walk.now);
    assert_eq!(answer, Err(Fault::WrongStep));
    assert_eq!(walk.asked("reach"), 0);
}

#[test]
fn what_the_browser_says_of_cameras_is_bounded() {
    let camera = Camera {
        name: "カ".repeat(500),
        state: CameraState::Busy,
    };
    let mut walk = Walk::new();
    let seen = walk.does(Command::Checkup(Some(vec![camera; 100])));
    let checkup = seen.checkup.unwrap();
    assert_eq!(checkup.mark(), Mark::Bad);
    let cameras = checkup.cameras.unwrap();
    assert_eq!(cameras.len(), 8);
    assert_eq!(cameras[0].name.chars().count(), 60);
}

/// The next voter at a kiosk finds the first page.
#[test]
fn at_a_kiosk_the_look_is_over_after_a_while() {
    let mut walk = Walk::with(|_| {}, |rules| rules.kiosk = true);
    let first = walk.does(Command::Checkup(None)).session;
    let seen = walk.after(Rules::IDLE * 2);
    assert_eq!(seen.step, Screen::Start);
    assert!(seen.session > first && seen.checkup.is_none());
}
