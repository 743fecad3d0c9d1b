//! The booth's own voting edge: a first ballot, a further one, and what goes wrong in between.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../../../identity/registrar/tests/service/kept_keys.rs"]
mod kept_keys;
mod thief;
mod town;

use ballot::manifest::AGAIN_GRACE_MS;
use booth::fault::Fault;
use booth::ports::{Choice, Leftover, VotingPort as _};
use refusal::VoteState;
use registrar::keys::Keys;

use kept_keys::write;
use town::{MINUTE, Town, sealed};

#[test]
fn a_72_the_booth_votes_again_with_the_same_card_and_names_a_registrar_that_changes_its_key() {
    let mut town = Town::new();
    assert_eq!(town.card_step(), Ok(None));
    assert_eq!(town.cast(0), 1);

    // Too early: both registrars know the card, and neither gives K.
    let wait = town.card_step().unwrap_err();
    assert!(
        matches!(wait, Fault::RateLimited { until: Some(_) }),
        "{wait}"
    );
    town.voting.wipe(false);

    town.pause();
    assert!(town.card_step().unwrap().is_some());
    assert_eq!(town.cast(1), 2);
    town.pause();
    assert!(town.card_step().unwrap().is_some());
    assert_eq!(town.cast(0), 3);

    // The second registrar's clock is behind: it gives no K and is asked why before the first one
    // grants anything. A minute later the same sitting goes on with a new card step.
    town.pause();
    let now = town.board.lock().unwrap().now;
    town.clocks[1].set_ms(now - MINUTE);
    let wait = town.card_step().unwrap_err();
    let says = |until: u64| (now - MINUTE..=now).contains(&until);
    assert!(
        matches!(wait, Fault::RateLimited { until: Some(at) } if says(at)),
        "{wait}"
    );
    town.clocks[1].set_ms(now);
    assert!(town.card_step().unwrap().is_some());
    assert_eq!(town.cast(1), 4);

    // The second registrar uses another card secret, and its operator makes its own program take it:
    // other person keys, each of them well proven and signed.
    town.pause();
    town.kill(1);
    change_keys(&town);
    town.services[1] = town.serve(1);
    let named = Fault::CardKeyDiffers { registrar: 1 };
    assert_eq!(town.card_step().unwrap_err(), named);
    // What both signed is offered for whoever decides, and verifies with the manifest alone.
    let said = town.statements();
    assert!(said.iter().all(|exists| *exists));
    town.voting.wipe(false);
    assert_eq!(town.voting.papers(), None);
    let lab = town.board.lock().unwrap();
    let state = lab.on_board();
    assert_eq!((state.received(), state.counted()), (4, 1));
}

/// The second registrar, which does not run now, has another card secret from its next start on.
fn change_keys(town: &Town) {
    let file = town.data.path().join("r1/keys/card.key");
    let other = tempfile::tempdir().unwrap();
    let strange = Keys::generate(8, 1).unwrap();
    write(&strange, other.path());
    std::fs::remove_file(&file).unwrap();
    std::fs::copy(other.path().join("card.key"), &file).unwrap();
    town.forget(1, "DELETE FROM commitments");
}

/// A registrar that denies the first ballot and says another key too: nobody is named, because a thief's
/// first ballot looks the same. What it signed is kept.
#[test]
fn a_65_a_registrar_that_denies_and_says_another_key_is_not_named() {
    let mut town = Town::new();
    assert_eq!(town.card_step(), Ok(None));
    assert_eq!(town.cast(0), 1);
    town.pause();
    town.kill(1);
    town.forget(1, "DELETE FROM persons");
    change_keys(&town);
    town.services[1] = town.serve(1);
    assert_eq!(town.card_step(), Ok(None));
    town.voting.prepare(Choice(1), [1, 2]).unwrap();
    let foreign = (Fault::ForeignFirst, VoteState::Overtaken);
    assert_eq!(town.voting.send(), Err(foreign));
    assert_eq!(town.statements(), [true, false]);
}

/// A registrar that has forgotten who voted, or says so, sends a voter with a further ballot back to a
/// first one. The board refuses it, and the registrar is named, with what it signed.
#[test]
fn a_65_a_registrar_that_denies_a_first_ballot_is_named() {
    let mut town = Town::new();
    assert_eq!(town.card_step(), Ok(None));
    assert_eq!(town.cast(0), 1);
    town.pause();
    town.kill(1);
    town.forget(1, "DELETE FROM persons");
    town.services[1] = town.serve(1);
    assert_eq!(town.card_step(), Ok(None), "it gives another *first*");
    town.voting.prepare(Choice(1), [1, 2]).unwrap();
    let denied = Fault::FirstDenied { registrar: 1 };
    let state = VoteState::Overtaken;
    assert_eq!(town.voting.send(), Err((denied, state)));
    assert_eq!(town.statements(), [true, false]);
    let lab = town.board.lock().unwrap();
    assert_eq!(
        (lab.on_board().received(), lab.on_board().counted()),
        (1, 1)
    );
}

/// Two booths of one person at once: no registrar said anything false, and none is named.
#[test]
fn a_38_the_slower_of_two_first_ballots_names_no_registrar() {
    let mut town = Town::new();
    assert_eq!(town.card_step(), Ok(None));
    let other = town.another_booth();
    let slower = core::mem::replace(&mut town.voting, other);
    assert_eq!(town.card_step(), Ok(None));
    assert_eq!(town.cast(0), 1);
    town.voting = slower;
    town.voting.prepare(Choice(1), [1, 2]).unwrap();
    let taken = (Fault::Overtaken, VoteState::Overtaken);
    assert_eq!(town.voting.send(), Err(taken));
}

/// One registrar fails in the middle and comes back without the session: the booth begins the card
/// step anew and says truthfully what stands against it, instead of asking in the old session without
/// end.
#[test]
fn a_card_step_whose_session_is_over_begins_anew() {
    let mut town = Town::new();
    assert_eq!(town.card_step(), Ok(None));
    assert_eq!(town.cast(0), 1);
    town.pause();
    let cut = town.card_step_cut_off();
    assert_eq!(cut, Err(Fault::RegistrarUnreachable));
    town.services[1] = town.serve(1);
    // It does not hold the session any more, and the token of the first one stands.
    let wait = town.card_step().unwrap_err();
    assert!(
        matches!(wait, Fault::RateLimited { until: Some(_) }),
        "{wait}"
    );
    town.voting.wipe(false);
    town.pause();
    assert!(town.card_step().unwrap().is_some());
    assert_eq!(town.cast(1), 2);
}

/// A further ballot that a crash kept from being sent is not offered once its window is over. The
/// voter is told once, and makes a new one.
#[test]
fn a_73_a_leftover_of_a_window_that_is_over_is_told_once_and_not_offered() {
    let mut town = Town::new();
    assert_eq!(town.card_step(), Ok(None));
    assert_eq!(town.cast(0), 1);
    town.pause();
    assert!(town.card_step().unwrap().is_some());
    town.voting.prepare(Choice(1), [1, 2]).unwrap();
    // The program ends here. While the window lasts its ballot is offered.
    town.voting.wipe(true);
    town.pause();
    assert_eq!(town.leftover(), Leftover::Unsent);
    town.voting.wipe(true);
    let over = sealed(&town.board.lock().unwrap()).again_windows[1] + AGAIN_GRACE_MS;
    let now = town.board.lock().unwrap().now;
    town.later(over - now);
    assert_eq!(town.leftover(), Leftover::Over);
    town.voting.prepare(Choice(1), [1, 2]).unwrap();
    assert_eq!(town.voting.send().unwrap().seq, 2);
    town.voting.wipe(false);
    town.pause();
    assert_eq!(town.leftover(), Leftover::None);
}
