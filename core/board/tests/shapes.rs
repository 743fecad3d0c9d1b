//! Whole elections with several contests of every shape: 2 and 100 options, exactly k, at most k,
//! a blank option.

use board::Phase;
use crypto::wire::TopLevel as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use testkit::election::{Kind, Lab, Options};

const SHAPES: &[Kind] = &[
    // exactly three of seven
    Kind {
        options: 7,
        k_min: 3,
        k_max: 3,
        blank: None,
    },
    // none to four of five: slack
    Kind {
        options: 5,
        k_min: 0,
        k_max: 4,
        blank: None,
    },
    // one of 99 or blank, the most options there are
    Kind {
        options: 100,
        k_min: 1,
        k_max: 1,
        blank: Some(99),
    },
    // one or two of two
    Kind {
        options: 2,
        k_min: 1,
        k_max: 2,
        blank: None,
    },
];

fn options() -> Options {
    Options {
        seed: 77,
        n: 3,
        t: 2,
        options: 2,
        more: SHAPES,
        ..Options::default()
    }
}

fn marks(lists: [&[u16]; 5]) -> Vec<Vec<u16>> {
    lists.map(<[u16]>::to_vec).to_vec()
}

#[test]
fn five_contests_of_all_shapes_are_counted_and_read_again() {
    let mut lab = Lab::open(options());
    let first = [
        marks([&[0], &[0, 1, 2], &[], &[99], &[0]]),
        marks([&[1], &[4, 5, 6], &[0, 1, 2, 3], &[0], &[0, 1]]),
        marks([&[1], &[0, 3, 6], &[4], &[98], &[1]]),
    ];
    let ballots: Vec<Vec<u8>> = (0..first.len())
        .map(|i| lab.marked(i, &first[i]).to_bytes())
        .collect();
    let length = lab.manifest.as_ref().unwrap().manifest.ballot_len();
    assert!(ballots.iter().all(|b| b.len() == length));
    lab.post(&ballots);
    // The third voter votes again: only the last ballot counts.
    let again = lab.marked(2, &marks([&[0], &[2, 3, 4], &[0, 4], &[99], &[0, 1]]));
    lab.post(&[again.to_bytes()]);
    lab.finish();
    assert_eq!(lab.phase(), Phase::Result);
    let r = lab.on_board().result().unwrap();
    let mut hundred = vec![0; 100];
    (hundred[0], hundred[99]) = (1, 2);
    let want = vec![
        vec![2, 1],
        vec![1, 1, 2, 1, 2, 1, 1],
        vec![2, 1, 1, 1, 1],
        hundred,
        vec![3, 2],
    ];
    assert_eq!(r.votes, want);
    assert_eq!((r.received, r.overwritten, r.counted), (4, 1, 3));
    // Every proof once more, from the record alone.
    let record = lab.record();
    let mut replay = board::replay::Replay::open(&record).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    while replay.step(&mut rng).unwrap() {}
    let manifest = board::replay::read_manifest(&record).unwrap();
    let election = board::replay::check_manifest(replay.state(), &manifest).unwrap();
    assert_eq!(election.result(), Some(r));
}

#[test]
fn a_01_rejects_r3_19_one_randomness_in_two_contests() {
    let mut lab = Lab::open(options());
    let mut b = lab.marked(0, &marks([&[0], &[0, 1, 2], &[], &[0], &[0]]));
    let a = b.contests[0][..32].to_vec();
    b.contests[4][32..64].copy_from_slice(&a);
    let key = lab.voter(0).key.clone();
    b.signature = key.sign(
        ballot::ballot::BALLOT_PURPOSE,
        &b.signed_bytes(),
        &mut lab.rng,
    );
    assert_eq!(lab.refused(&b.to_bytes()), "R3.19");
}

#[test]
fn a_14_rejects_marks_outside_every_shape() {
    let mut lab = Lab::open(options());
    let shapes: Vec<_> = lab
        .rules
        .as_ref()
        .unwrap()
        .keys()
        .iter()
        .map(|k| *k.shape())
        .collect();
    for (contest, wrong) in [
        (0, vec![]),
        (0, vec![0, 1]),
        (1, vec![0, 1]),
        (1, vec![0, 1, 2, 3]),
        (2, vec![0, 1, 2, 3, 4]),
        (3, vec![]),
        (3, vec![0, 99]),
        (4, vec![]),
    ] {
        assert!(
            ballot::Selection::new(&shapes[contest], &wrong).is_err(),
            "{contest} {wrong:?}"
        );
    }
    // A contest in another one's place has another length or another statement.
    let mut b = lab.marked(0, &marks([&[0], &[0, 1, 2], &[], &[0], &[0]]));
    b.contests.swap(0, 4);
    let key = lab.voter(0).key.clone();
    b.signature = key.sign(
        ballot::ballot::BALLOT_PURPOSE,
        &b.signed_bytes(),
        &mut lab.rng,
    );
    assert_eq!(lab.refused(&b.to_bytes()), "R3.01");
}
