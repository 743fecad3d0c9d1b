use super::*;
use testkit::election::{Lab, Options};

/// The number on a receipt of another election of the same board is not answered as one of this.
#[test]
fn a_vote_of_another_election_on_the_board_is_not_shown_as_one_of_this() {
    let mut lab = Lab::open(Options::small());
    let first = lab.election;
    let vote = lab.cast(0, 1).to_bytes();
    lab.set_up();
    lab.run_ceremony();
    let mut manifest = lab.draft_manifest();
    manifest.title.ja.push('二');
    lab.seal_as(manifest);
    assert!(is_of(&first, &vote));
    assert!(!is_of(&lab.election, &vote));
    // What is no vote says so itself.
    let seal = lab.chain.last().unwrap().block.entries[0].clone();
    assert!(is_of(&first, &seal));
}
