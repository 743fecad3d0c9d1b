//! A further ballot needs the voter's own card, and the tokens of a window that has not ended.

use ballot::manifest::AGAIN_GRACE_MS;
use ballot::{Ballot, CheckBallot};
use board::entry::Entry;
use board::state::Outlook;
use board::state::assemble;
use board::{Checked, check_stateless};
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, MINUTE, Options, card_step};

fn small() -> Options {
    Options::small()
}

/// An open election in which voters 0 and 1 have cast.
fn voted() -> Lab {
    let mut lab = Lab::open(Options {
        registrars: 2,
        ..small()
    });
    for voter in [0, 1] {
        lab.cast(voter, 1);
    }
    lab
}

/// Beginning of the second window.
fn second(lab: &Lab) -> u64 {
    lab.manifest
        .as_ref()
        .expect("sealed")
        .manifest
        .again_windows[1]
}

fn checked(lab: &mut Lab, entry: &[u8]) -> Checked {
    check_stateless(lab.state.context(), entry, &mut lab.rng).expect("a good entry")
}

/// The rule that refuses these entries in a block at `time`; the board stays as it is.
fn in_block(lab: &mut Lab, time: u64, entries: &[Vec<u8>]) -> Option<String> {
    let (state, now, chain) = (lab.state.clone(), lab.now, lab.chain.len());
    let tried = lab.try_block(time, entries);
    (lab.state, lab.now) = (state, now);
    lab.chain.truncate(chain);
    tried.err().map(|e| e.rule().to_string())
}

#[test]
fn the_own_card_replaces_a_ballot_as_often_as_it_likes() {
    let mut lab = voted();
    for _ in 0..3 {
        lab.cast(0, 0);
    }
    let now = second(&lab) + MINUTE;
    lab.advance_to(now);
    assert_eq!(lab.window(), 1);
    lab.cast(0, 1);
    assert_eq!(
        (lab.on_board().received(), lab.on_board().counted()),
        (6, 2)
    );
}

#[test]
fn a_72_rejects_r5_53_another_persons_card_and_pin() {
    let mut lab = voted();
    // Whoever has the secret of voter 0 and the card of voter 1 gets tokens and a signature …
    let stolen = lab.ballot_by_card(0, 1, 0);
    // … that is good for the keys of voter 1 …
    checked(&mut lab, &stolen.to_bytes());
    // … and those are not the keys of voter 0.
    assert_eq!(lab.refused(&stolen.to_bytes()), "R5.53");
    let own = lab.ballot_by_card(0, 0, 0);
    // With the keys of voter 0 the signature is not good (R4.02).
    let mut forged = stolen.clone();
    forged.card.keys.clone_from(&own.card.keys);
    let forged = lab.signed_by(0, forged);
    assert_eq!(lab.refused(&forged.to_bytes()), "R4.02");
    // Nor may a check ballot say other keys.
    let key = lab.voter(0).key.clone();
    let check = CheckBallot::open(&stolen, &key, &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::CheckBallot(Box::new(check)).encode()),
        "R5.53"
    );
    lab.post(&[own.to_bytes()]);
}

#[test]
fn a_72_rejects_r4_02_yesterdays_signature_with_another_cards_token() {
    let mut lab = voted();
    // Malware kept (R, z) of the victim's session in the first window.
    let kept = lab.ballot_by_card(0, 0, 0);
    let later = second(&lab) + AGAIN_GRACE_MS;
    lab.advance_to(later);
    assert_eq!(lab.refused(&kept.to_bytes()), "R5.54");
    // Today it gets *again* tokens with a card of its own.
    let fresh = lab.ballot_by_card(0, 1, 1);
    for window in [0, 1] {
        let mut forged = kept.clone();
        forged.tokens.clone_from(&fresh.tokens);
        forged.card.window = window;
        let forged = lab.signed_by(0, forged);
        let rule = ["R4.01", "R4.02"][usize::from(window)];
        assert_eq!(lab.refused(&forged.to_bytes()), rule);
    }
}

#[test]
fn rejects_r3_22_a_first_ballot_with_a_window_and_r4_01_a_window_that_is_not_there() {
    let mut lab = voted();
    let mut first = lab.ballot(2, 1);
    first.card.window = 1;
    let first = lab.signed_by(2, first);
    assert_eq!(lab.refused(&first.to_bytes()), "R3.22");
    let mut further = lab.ballot_by_card(0, 0, 0);
    further.card.window = 2;
    let vk = further.vk;
    further.card = card_step(&further.place(), &vk, &mut lab.rng);
    let further = lab.signed_by(0, further);
    assert_eq!(lab.refused(&further.to_bytes()), "R4.01");
}

/// The rule for one ballot at a gateway at this time.
fn at_gateway(lab: &Lab, ballot: &Checked, time: u64) -> Option<String> {
    lab.state.admit(ballot, time).err().map(|r| r.to_string())
}

#[test]
fn a_73_rejects_r5_54_tokens_before_and_after_their_window_to_the_millisecond() {
    let mut lab = voted();
    let from = second(&lab);
    let ballots: [Ballot; 2] = [lab.ballot_by_card(0, 0, 0), lab.ballot_by_card(1, 1, 1)];
    let [old, new] = ballots.map(|b| b.to_bytes());
    let (refused, last) = (Some("R5.54".to_owned()), from + AGAIN_GRACE_MS);
    assert_eq!(
        in_block(&mut lab, from - 1, std::slice::from_ref(&old)),
        None
    );
    assert_eq!(
        in_block(&mut lab, last - 1, std::slice::from_ref(&old)),
        None
    );
    assert_eq!(
        in_block(&mut lab, last, std::slice::from_ref(&old)),
        refused
    );
    assert_eq!(
        in_block(&mut lab, from - 1, std::slice::from_ref(&new)),
        refused
    );
    assert_eq!(in_block(&mut lab, from, std::slice::from_ref(&new)), None);
    let (old, new) = (checked(&mut lab, &old), checked(&mut lab, &new));
    assert_eq!(at_gateway(&lab, &old, last - 1), None);
    assert_eq!(at_gateway(&lab, &old, last), refused);
    assert_eq!(at_gateway(&lab, &new, from - 1), refused);
    assert_eq!(at_gateway(&lab, &new, from), None);
    // What waits may still get a `Late` after its window; before it, its time will come.
    assert_eq!(lab.state.outlook(&old, last), Outlook::Fits);
    assert!(!lab.state.needs_late(&old, last - 1) && lab.state.needs_late(&old, last));
    assert_eq!(lab.state.outlook(&new, from - 1), Outlook::Later);
    assert_eq!(lab.state.outlook(&new, from), Outlook::Fits);
}

/// A halt across the end of a window voids nothing that was promised in it.
#[test]
fn a_73_rejects_r5_54_late_promises_and_takes_those_of_the_window() {
    let mut lab = voted();
    let ballot = lab.ballot_by_card(0, 0, 0).to_bytes();
    let last = second(&lab) + AGAIN_GRACE_MS;
    let behind = |lab: &mut Lab, times: [u64; 2]| {
        let mut late = lab.late(&ballot, times[0]);
        let entry = board::entry_hash(&ballot);
        late.seen[1] = lab.seen(1, &entry, times[1]);
        vec![Entry::Late(Box::new(late)).encode(), ballot.clone()]
    };
    // No block for hours; the close has not come.
    let time = last + 10 * MINUTE;
    let good = behind(&mut lab, [last - 1, last - 2]);
    let one_later = behind(&mut lab, [last - 1, last]);
    let refused = Some("R5.54".to_owned());
    assert_eq!(
        in_block(&mut lab, time, std::slice::from_ref(&ballot)),
        refused
    );
    assert_eq!(in_block(&mut lab, time, &one_later), refused);
    // A node leaves such a promise out of the `Late` that it makes.
    let judged = checked(&mut lab, &ballot);
    assert!(lab.state.promise_counts(&judged, last - 1));
    assert!(!lab.state.promise_counts(&judged, last) && !lab.state.promise_counts(&judged, 0));
    // With a `Late` the block's own time decides nothing, earlier ones neither.
    assert_eq!(in_block(&mut lab, last - 1, &one_later), refused);
    assert_eq!(in_block(&mut lab, time, &good), None);
    // Who puts a block together takes the pair.
    let both = good.iter().map(|e| checked(&mut lab, e)).collect();
    let (block, _) = assemble(&lab.state, time, both).expect("a block");
    assert_eq!(block.entries, good);
    // First ballots know no window.
    let first = lab.ballot(2, 1).to_bytes();
    assert_eq!(in_block(&mut lab, time, &[first]), None);
}
