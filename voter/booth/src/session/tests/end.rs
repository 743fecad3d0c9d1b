//! Survey, idle voters, the end.

use super::*;

#[test]
fn the_survey_cannot_touch_the_vote() {
    let answer = || {
        vec![SurveyAnswer {
            question: "Q1".into(),
            values: vec!["home".into()],
            text: None,
        }]
    };
    let mut walk = Walk::with(|w| w.survey = Some(Fault::Internal("portal")), |_| {});
    walk = walk.until(Screen::Survey);
    let seen = walk.does(Command::Survey(answer()));
    assert_eq!((seen.step, code(&seen)), (Screen::Survey, Some("E-30")));
    assert_eq!(seen.vote_state, VoteState::Accepted);
    assert_eq!(walk.does(Command::Survey(Vec::new())).step, Screen::End);
    assert_eq!(walk.asked("survey"), 1);
    // Before the vote there is no survey.
    let mut walk = Walk::new().until(Screen::Confirm);
    assert_eq!(walk.does(Command::Survey(answer())).step, Screen::Confirm);
    assert_eq!(walk.asked("survey"), 0);
}

#[test]
fn ten_minutes_without_a_sign_end_the_session_and_say_the_state() {
    let mut walk = Walk::new().until(Screen::Choose);
    assert_eq!(walk.after(Duration::from_secs(599)).step, Screen::Choose);
    walk.does(Command::Extend);
    assert_eq!(walk.after(Duration::from_secs(599)).step, Screen::Choose);
    let seen = walk.after(Duration::from_secs(1));
    assert_eq!((seen.step, code(&seen)), (Screen::Stopped, Some("E-26")));
    assert_eq!(seen.vote_state, VoteState::NotSent);
    assert_eq!(walk.asked("wipe"), 1);

    let waiting = (Fault::Waiting, VoteState::Pending);
    let mut walk = Walk::with(|w| w.send.push_back(Err(waiting)), |_| {}).until(Screen::Sending);
    walk.does(Command::Cast);
    let seen = walk.after(Rules::IDLE);
    assert_eq!(
        (code(&seen), seen.vote_state),
        (Some("E-26"), VoteState::Pending)
    );
    assert_eq!((walk.asked("keep"), walk.asked("wipe")), (1, 0));
}

#[test]
fn the_voter_is_asked_before_the_session_ends() {
    let mut walk = Walk::new().until(Screen::Choose);
    assert!(!walk.after(Duration::from_secs(479)).idle_warning);
    assert!(walk.after(Duration::from_secs(1)).idle_warning);
    assert!(!walk.does(Command::Extend).idle_warning);
    let mut walk = Walk::with(|_| {}, |r| r.kiosk = true).until(Screen::Done);
    assert!(!walk.seen().idle_warning);
    assert!(walk.after(Duration::from_secs(41)).idle_warning);
}

#[test]
fn at_the_end_a_home_booth_removes_the_sealed_ballot_and_a_kiosk_keeps_it() {
    for kiosk in [false, true] {
        let kept = (Fault::KeptHere, VoteState::Stored);
        let mut walk = Walk::with(|w| w.send.push_back(Err(kept)), |r| r.kiosk = kiosk);
        walk = walk.until(Screen::Sending);
        walk.does(Command::Cast);
        let seen = walk.does(Command::End);
        assert_eq!(
            (seen.step, seen.vote_state),
            (Screen::End, VoteState::Stored)
        );
        assert_eq!(walk.asked("keep") == 1, kiosk);
    }
}

#[test]
fn a_kiosk_makes_room_when_the_card_is_taken() {
    for step in [
        Screen::Choose,
        Screen::Pictures,
        Screen::Confirm,
        Screen::Code,
    ] {
        let mut walk = Walk::with(|_| {}, |r| r.kiosk = true).until(step);
        walk.world.lock().unwrap().present = false;
        let seen = walk.after(Duration::from_secs(1));
        assert_eq!((seen.step, seen.session), (Screen::Start, 2));
        assert!(seen.choice.is_none() && seen.previous.is_none());
        assert_eq!(walk.asked("wipe"), 1);
    }
    let mut walk = Walk::with(|_| {}, |r| r.kiosk = true).until(Screen::Done);
    assert_eq!(walk.after(Rules::IDLE_KIOSK).step, Screen::End);
    assert_eq!(walk.after(Rules::IDLE_KIOSK).step, Screen::Start);
}
