use super::*;
use ballot::manifest::AGAIN_GRACE_MS;
use testkit::election::{Lab, Options};

/// An election of two windows in which voter 0 has voted, and that voter's next ballot.
fn lab() -> (Lab, Ballot, Ballot) {
    let mut lab = Lab::open(Options::small());
    let first = lab.ballot(0, 1);
    lab.post(&[crypto::wire::TopLevel::to_bytes(&first)]);
    let second = lab.ballot(0, 0);
    assert_eq!((first.seq, second.seq), (1, 2));
    (lab, first, second)
}

#[test]
fn a_further_ballot_may_be_sent_until_its_window_is_over() {
    let (lab, first, second) = lab();
    let manifest = &lab.manifest.as_ref().unwrap().manifest;
    let next = (2, first.entry_hash());
    let over = manifest.again_windows[1] + AGAIN_GRACE_MS;
    for (time, fate) in [
        (None, Fate::MayBeSent),
        (Some(lab.now), Fate::MayBeSent),
        (Some(over - 1), Fate::MayBeSent),
        (Some(over), Fate::Over),
    ] {
        assert_eq!(Fate::of(&second, next, time, manifest), fate, "{time:?}");
    }
    // A first ballot has no window.
    let next = (1, Hash::ZERO);
    assert_eq!(
        Fate::of(&first, next, Some(over), manifest),
        Fate::MayBeSent
    );
}

#[test]
fn a_ballot_whose_place_is_taken_is_over_and_the_last_one_has_arrived() {
    let (lab, first, second) = lab();
    let manifest = &lab.manifest.as_ref().unwrap().manifest;
    let of = |ballot, next| Fate::of(ballot, next, Some(lab.now), manifest);
    // The board has it, and only its receipt is missing.
    assert_eq!(of(&first, (2, first.entry_hash())), Fate::Arrived);
    // Another first ballot, or another second one, came in its place.
    assert_eq!(of(&first, (2, Hash([1; 64]))), Fate::Over);
    assert_eq!(of(&second, (2, Hash([1; 64]))), Fate::Over);
    assert_eq!(of(&second, (3, Hash([1; 64]))), Fate::Over);
}
