//! A whole election on the state machine, and the same blocks replayed.

use board::Phase;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use testkit::election::{Lab, Options};

#[test]
fn an_election_runs_to_its_result() {
    let lab = Lab::finished(Options::default(), &[&[0], &[1, 2], &[2], &[3, 3, 0]]);
    assert_eq!(lab.phase(), Phase::Result);
    let r = lab.on_board().result().unwrap();
    assert_eq!(r.votes, vec![vec![2, 0, 2, 0]]);
    assert_eq!(
        (r.received, r.overwritten, r.counted, r.check_ballots),
        (7, 3, 4, 0)
    );
    assert_eq!(r.issued, vec![4]);
}

#[test]
fn replaying_the_record_gives_the_same_state() {
    let lab = Lab::finished(
        Options {
            seed: 5,
            ..Options::default()
        },
        &[&[0], &[1, 2]],
    );
    let record = lab.record();
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let mut replay = board::replay::Replay::open(&record).unwrap();
    while replay.step(&mut rng).unwrap() {}
    assert_eq!(replay.state().digest(), lab.state.digest());
    let manifest = board::replay::read_manifest(&record).unwrap();
    let election = board::replay::check_manifest(replay.state(), &manifest).unwrap();
    assert_eq!(election.result(), lab.on_board().result());
    assert_eq!(election.target(), lab.on_board().target());
    assert_eq!(board::replay::check_views(&record, election).unwrap(), 3);
}

/// From the close on no officer does anything: trustees commit, wait a day and show their shares.
#[test]
fn a_71_an_election_comes_to_its_result_without_officers() {
    let mut lab = Lab::open(Options::default());
    for (voter, choice) in [(0, 0), (1, 2), (2, 2)] {
        lab.cast(voter, choice);
    }
    lab.close();
    lab.evidence();
    lab.commit_shares(3);
    lab.advance_to(lab.on_board().announced_at());
    assert_eq!(lab.phase(), Phase::Announced);
    lab.post_shares(3);
    lab.post_result();
    assert_eq!(lab.on_board().result().unwrap().votes, [[1, 0, 2, 0]]);
    let record = lab.record();
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let mut replay = board::replay::Replay::open(&record).unwrap();
    while replay.step(&mut rng).unwrap() {}
    assert_eq!(replay.state().digest(), lab.state.digest());
    let acts = board::entry::kind::ANNOUNCE;
    assert_eq!(replay.counts().get(&acts), None);
}
