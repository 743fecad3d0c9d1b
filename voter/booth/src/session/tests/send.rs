//! The send, its answers, and ballots a crash left.

use super::*;

#[test]
fn every_answer_to_the_send_says_the_state_of_the_vote() {
    let table = [
        (Fault::SendFailed, VoteState::NotSent, "E-21"),
        (Fault::Waiting, VoteState::Pending, "E-22"),
        (Fault::KeptHere, VoteState::Stored, "E-28"),
        (Fault::Internal("proof"), VoteState::Pending, "E-30"),
    ];
    for (fault, state, expected) in table {
        let mut walk = Walk::with(|w| w.send.push_back(Err((fault, state))), |_| {});
        walk = walk.until(Screen::Sending);
        let seen = walk.does(Command::Cast);
        assert_eq!(
            (seen.step, code(&seen), seen.vote_state),
            (Screen::Sending, Some(expected), state)
        );
        // The same ballot once more.
        let seen = walk.does(Command::Cast);
        assert_eq!(
            (seen.step, seen.vote_state),
            (Screen::Note, VoteState::Accepted)
        );
        assert_eq!((walk.asked("prepare"), walk.asked("send")), (1, 2));
    }
}

/// The loser of two booths is not left waiting: the session ends, says what became of the vote, and
/// offers what the nodes signed until everything is wiped.
#[test]
fn a_38_an_overtaken_ballot_ends_the_session_and_says_so() {
    let taken = Err((Fault::Overtaken, VoteState::Overtaken));
    let mut walk = Walk::with(|w| w.send.push_back(taken), |r| r.kiosk = true);
    walk = walk.until(Screen::Sending);
    assert_eq!(walk.seen().papers, None);
    walk.world.lock().unwrap().papers = Some("what nodes signed".to_owned());
    let seen = walk.does(Command::Cast);
    assert_eq!(
        (seen.step, code(&seen), seen.vote_state),
        (Screen::Stopped, Some("E-21b"), VoteState::Overtaken)
    );
    assert_eq!(seen.papers.as_deref(), Some("what nodes signed"));
    let ended = walk.does(Command::End);
    assert_eq!(
        (ended.step, ended.vote_state, ended.papers),
        (Screen::End, VoteState::Overtaken, None)
    );
    // A kiosk does not keep it to send it later.
    assert_eq!((walk.asked("keep"), walk.asked("wipe")), (0, 1));
}

/// With a receipt the papers are in its file, and nothing else is offered.
#[test]
fn a_32_papers_alone_are_offered_only_without_a_receipt() {
    let waits = Err((Fault::Waiting, VoteState::Pending));
    let mut walk = Walk::with(|w| w.send.push_back(waits), |_| {}).until(Screen::Sending);
    walk.world.lock().unwrap().papers = Some("what nodes signed".to_owned());
    assert!(walk.does(Command::Cast).papers.is_some());
    let seen = walk.does(Command::Cast);
    assert_eq!((seen.step, seen.papers), (Screen::Note, None));
}

#[test]
fn the_close_is_the_servers_and_two_seconds_early() {
    let closes = 20_000;
    for (now, allowed) in [
        (17_999, true),
        (18_000, false),
        (19_999, false),
        (20_000, false),
    ] {
        let mut walk = Walk::new().until(Screen::Sending);
        walk.world.lock().unwrap().time = Some(NodeTime { now, closes });
        let seen = walk.does(Command::Cast);
        if allowed {
            assert_eq!(seen.step, Screen::Note);
        } else {
            assert_eq!((seen.step, code(&seen)), (Screen::Stopped, Some("E-02")));
            assert_eq!(
                seen.fault,
                Some(Fault::Closed {
                    closed: Some(closes)
                })
            );
            assert_eq!(
                (seen.vote_state, walk.asked("send")),
                (VoteState::NotSent, 0)
            );
        }
    }
    let mut walk = Walk::new().until(Screen::Choose);
    walk.world.lock().unwrap().time = Some(NodeTime {
        now: 18_500,
        closes,
    });
    walk.after(Duration::from_secs(1));
    assert!(!walk.seen().may_vote);
}

/// "It closed on …" names the close, not the moment at which the voter pressed the button.
#[test]
fn the_sentence_names_the_close() {
    let closes = 1_566_734_400_000;
    let mut walk = Walk::new().until(Screen::Sending);
    let now = closes + 3 * 86_400_000;
    walk.world.lock().unwrap().time = Some(NodeTime { now, closes });
    let fault = walk.does(Command::Cast).fault.unwrap();
    let said = crate::text::message(&fault, ui::Lang::Ja);
    let date = |ms| ui::wareki::month_day(ui::Lang::Ja, ms);
    assert!(said.contains(&date(closes)), "{said}");
    assert!(!said.contains(&date(now)), "{said}");
}

#[test]
fn a_ballot_under_way_may_be_sent_again_after_the_close() {
    let mut walk = Walk::with(
        |w| w.send.push_back(Err((Fault::Waiting, VoteState::Pending))),
        |_| {},
    );
    walk = walk.until(Screen::Sending);
    walk.does(Command::Cast);
    walk.world.lock().unwrap().time = Some(NodeTime {
        now: 30_000,
        closes: 20_000,
    });
    assert_eq!(walk.does(Command::Cast).vote_state, VoteState::Accepted);
}

#[test]
fn a_35_after_a_crash_the_box_is_asked_first() {
    let arrived = Standing {
        previous: Some(9),
        pending: Leftover::Received(Box::new(receipt())),
    };
    let mut walk = Walk::with(|w| w.authorize.push_back(Ok(arrived)), |_| {});
    walk = walk.until(Screen::Pending);
    assert_eq!(walk.seen().vote_state, VoteState::Accepted);
    assert_eq!(walk.does(Command::Pending(true)).step, Screen::Done);

    let unsent = || Standing {
        previous: None,
        pending: Leftover::Unsent,
    };
    let mut walk = Walk::with(|w| w.authorize.push_back(Ok(unsent())), |_| {});
    walk = walk.until(Screen::Pending);
    assert_eq!(walk.seen().vote_state, VoteState::Stored);
    assert_eq!(
        walk.does(Command::Pending(true)).vote_state,
        VoteState::Accepted
    );
    assert_eq!((walk.asked("prepare"), walk.asked("send")), (0, 1));

    let mut walk = Walk::with(|w| w.authorize.push_back(Ok(unsent())), |_| {});
    walk = walk.until(Screen::Pending);
    let seen = walk.does(Command::Pending(false));
    assert_eq!(
        (seen.step, seen.vote_state),
        (Screen::Choose, VoteState::NotSent)
    );
    assert_eq!((walk.asked("drop"), walk.asked("send")), (1, 0));
}

/// A ballot that can never be accepted any more is not offered; the voter hears of it once.
#[test]
fn a_leftover_that_is_over_is_told_once() {
    let over = Standing {
        previous: Some(9),
        pending: Leftover::Over,
    };
    let walk = Walk::with(|w| w.authorize.push_back(Ok(over)), |_| {});
    let mut walk = walk.until(Screen::Choose);
    let seen = walk.seen();
    assert_eq!(
        (code(&seen), seen.vote_state),
        (Some("E-21e"), VoteState::NotSent)
    );
    let seen = walk.does(Command::Choose(Some(Choice(1))));
    assert_eq!((seen.step, code(&seen)), (Screen::Pictures, None));
    assert_eq!(walk.asked("send"), 0);
}

#[test]
fn after_the_close_a_leftover_ballot_is_not_said_to_be_unsent() {
    let unsent = Standing {
        previous: None,
        pending: Leftover::Unsent,
    };
    let mut walk = Walk::with(|w| w.authorize.push_back(Ok(unsent)), |_| {}).until(Screen::Pending);
    walk.world.lock().unwrap().time = Some(NodeTime {
        now: 30_000,
        closes: 20_000,
    });
    let seen = walk.does(Command::Pending(true));
    assert_eq!((seen.step, code(&seen)), (Screen::Stopped, Some("E-02")));
    assert_eq!(
        (seen.vote_state, walk.asked("drop")),
        (VoteState::Pending, 0)
    );
}
