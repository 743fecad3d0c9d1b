//! 照合番号B, photo and camera.

use super::*;

/// The engine counts as well; the session goes by its own count.
fn again(reason: Reason) -> Outcome {
    Outcome::TryAgain {
        reason,
        attempts_left: 3,
    }
}

#[test]
fn number_b_counts_down_and_locks() {
    let mut walk = Walk::with(|w| w.photo_left = 2, |_| {}).until(Screen::Surface);
    let seen = walk.does(surface("123"));
    assert_eq!(
        (code(&seen), seen.fault.unwrap().left()),
        (Some("E-19"), None)
    );
    let seen = walk.does(surface("11111111111111"));
    assert_eq!(
        (code(&seen), seen.fault.unwrap().left()),
        (Some("E-19"), Some(1))
    );
    let seen = walk.does(surface("11111111111111"));
    assert_eq!((seen.step, code(&seen)), (Screen::Stopped, Some("E-19b")));
}

#[test]
fn a_photo_without_the_municipalitys_signature_is_not_looked_at() {
    let mut walk = Walk::with(|w| w.photo_signed = false, |_| {}).until(Screen::Surface);
    let seen = walk.does(surface("55021720352285"));
    assert_eq!((seen.step, code(&seen)), (Screen::Stopped, Some("E-17b")));
}

#[test]
fn three_mismatches_end_this_way_and_use_up_nothing() {
    let others = [again(Reason::NoMatch); 3];
    let mut walk = Walk::with(|w| w.outcomes = VecDeque::from(others), |_| {}).until(Screen::Face);
    for left in (1..FACE_ATTEMPTS).rev() {
        let seen = walk.does(Command::Frame(Zeroizing::new(vec![1])));
        assert_eq!(
            (seen.step, seen.fault),
            (Screen::Face, Some(Fault::FaceMismatch { left }))
        );
    }
    let seen = walk.does(Command::Frame(Zeroizing::new(vec![1])));
    assert_eq!((seen.step, code(&seen)), (Screen::Stopped, Some("E-18")));
    assert_eq!(
        walk.asked("authorize") + walk.asked("now") + walk.asked("send"),
        0
    );
}

#[test]
fn a_poor_picture_and_a_silent_engine_use_no_attempt() {
    let outcomes = [
        again(Reason::NoFace),
        Outcome::Unavailable(Unavailable::Died),
        again(Reason::TooDark),
        Outcome::Accepted,
    ];
    let mut walk =
        Walk::with(|w| w.outcomes = VecDeque::from(outcomes), |_| {}).until(Screen::Face);
    for expected in ["E-16", "E-16b", "E-16"] {
        let seen = walk.does(Command::Frame(Zeroizing::new(vec![1])));
        assert_eq!((seen.step, code(&seen)), (Screen::Face, Some(expected)));
        assert_eq!(seen.attempts_left, FACE_ATTEMPTS);
    }
    assert_eq!(
        walk.does(Command::Frame(Zeroizing::new(vec![1]))).step,
        Screen::Authorize
    );
}

#[test]
fn a_booth_without_camera_leads_to_the_counter() {
    for step in [Screen::Consent, Screen::Face] {
        let seen = Walk::new().until(step).does(Command::NoCamera);
        assert_eq!((seen.step, code(&seen)), (Screen::Stopped, Some("E-15")));
    }
}

#[test]
fn a_channel_may_do_without_the_face_step() {
    let mut walk = Walk::with(|_| {}, |r| r.face_required = false).until(Screen::Pin);
    assert_eq!(walk.does(pin("0420", false)).step, Screen::Authorize);
}

#[test]
fn a_card_whose_photo_cannot_be_compared_goes_to_staff_and_a_silent_engine_is_no_answer() {
    for (fault, step) in [
        (Fault::FacePhoto, Screen::Stopped),
        (Fault::FaceEngine, Screen::Surface),
    ] {
        let mut walk = Walk::with(|w| w.begin = Some(fault.clone()), |_| {}).until(Screen::Surface);
        let seen = walk.does(surface("55021720352285"));
        assert_eq!((seen.step, seen.fault), (step, Some(fault)));
        assert_eq!(walk.asked("authorize"), 0);
    }
}

#[test]
fn the_count_of_mismatches_is_the_sessions_not_the_cards_visit() {
    let other = [again(Reason::NoMatch), again(Reason::Unsure)];
    let mut walk = Walk::with(|w| w.outcomes = VecDeque::from(other), |_| {}).until(Screen::Face);
    walk.does(Command::Frame(Zeroizing::new(vec![1])));
    walk.does(Command::Frame(Zeroizing::new(vec![1])));
    // Put back and read again: one attempt is left, not three.
    walk.session.voter.step = Screen::Card;
    walk = walk.until(Screen::Face);
    assert_eq!(walk.seen().attempts_left, 1);
    let last = Outcome::Refused {
        reason: Reason::AttemptsUsed,
    };
    walk.world.lock().unwrap().outcomes = VecDeque::from([last]);
    let seen = walk.does(Command::Frame(Zeroizing::new(vec![1])));
    assert_eq!((seen.step, code(&seen)), (Screen::Stopped, Some("E-18")));
}

#[test]
fn registrars_learn_that_it_matched_or_was_not_asked_for() {
    for (required, verdict) in [(true, FaceVerdict::Match), (false, FaceVerdict::NotDone)] {
        let walk = Walk::with(|_| {}, |r| r.face_required = required).until(Screen::Choose);
        assert_eq!(walk.world.lock().unwrap().told, [verdict]);
    }
}
