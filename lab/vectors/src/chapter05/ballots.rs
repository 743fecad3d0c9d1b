//! Ballots and check ballots on the board.

use super::{Story, group};
use crate::book;
use crate::file::Group;
use ballot::ballot::BALLOT_PURPOSE;
use ballot::{Ballot, CheckBallot};
use crypto::wire::TopLevel as _;
use crypto::{Hash, Scalar};
use serde_json::Value;

pub fn ballots(s: &mut Story) -> Group {
    let (h, close) = (s.at, s.lab.on_board().close_at());
    let mut g = group("block-ballot", "ballots and check ballots on the board");
    let good = s.ballot(5, 1, Hash::ZERO).to_bytes();
    let last = s.cast[0].entry_hash();
    let again = s.lab.ballot_from(0, 1, (2, last), &[99; 32]);
    let reused = s.lab.ballot_from(5, 1, (1, Hash::ZERO), &[99; 32]);
    let opened_reused = s.opened(5, &reused);
    let (again, reused) = (again.to_bytes(), reused.to_bytes());
    let cast_opened = {
        let b = s.cast[0].clone();
        s.opened(0, &b)
    };
    let checks: Vec<Vec<u8>> = (0..6)
        .map(|_| {
            let b = s.ballot(5, 1, Hash::ZERO);
            s.opened(5, &b)
        })
        .collect();
    let time = s.header(h.voted).time_ms;
    let row = |n: usize| -> Vec<(u64, Vec<Vec<u8>>)> {
        (1u64..)
            .zip(&checks[..n])
            .map(|(i, c)| (time + i, vec![c.clone()]))
            .collect()
    };
    let entry_hash = {
        let other = s.ballot(3, 1, Hash::ZERO);
        let key = s.lab.voter(3).key.clone();
        let mut opened = CheckBallot::open(&other, &key, &mut s.lab.rng);
        opened.committed = s.checked.entry_hash();
        let message = opened.signed_bytes();
        opened.signature = key.sign(ballot::check_ballot::OPEN_PURPOSE, &message, &mut s.lab.rng);
        opened.to_bytes()
    };
    let mixed = mixed(s);
    let (twice, other) = (repeated(s), s.ballot(5, 2, Hash([1; 64])).to_bytes());
    let (gap, wrong) = (
        s.ballot(0, 4, last).to_bytes(),
        s.ballot(0, 2, Hash([1; 64])).to_bytes(),
    );
    let old = s.ballot(0, 1, Hash::ZERO).to_bytes();
    let check = checks[0].clone();
    let cast_check = s.checked.to_bytes();
    let late = [
        (close - 1000, vec![]),
        (close + 30_000, vec![]),
        (close + 60_000, vec![good.clone()]),
    ];
    g = g
        .good("a first ballot", s.next(h.voted, vec![good.clone()]))
        .good("a second ballot", s.next(h.voted, vec![again.clone()]))
        .with("in the close block", s.blocks(h.voted, &late), "R5.22")
        .with(
            "before voting opens",
            s.next(h.seal, vec![good.clone()]),
            "R5.20",
        )
        .with(
            "a check ballot before voting opens",
            s.next(h.seal, vec![check.clone()]),
            "R5.20",
        )
        .with(
            "before the first opening",
            s.next(h.open, vec![good.clone()]),
            "R5.21",
        )
        .with("after the close", s.next(h.closed, vec![good]), "R5.22")
        .with(
            "after the result",
            s.next(h.result, vec![check.clone()]),
            "R5.22",
        )
        .with(
            "the same ballot again",
            s.next(h.voted, vec![s.cast[0].to_bytes()]),
            "R5.04",
        )
        .with("number 1 again", s.next(h.voted, vec![old]), "R5.23")
        .with("a number left out", s.next(h.voted, vec![gap]), "R5.23")
        .with("number 2 first", s.next(h.voted, vec![other]), "R5.23")
        .with("another predecessor", s.next(h.voted, vec![wrong]), "R5.24")
        .with(
            "one randomness twice inside",
            s.next(h.voted, vec![twice]),
            "R3.19",
        );
    let two = |a: &[u8], b: &[u8]| [(time + 1, vec![a.to_vec()]), (time + 2, vec![b.to_vec()])];
    g.with(
        "randomness of a cast ballot",
        s.blocks(h.voted, &two(&again, &reused)),
        "R5.25",
    )
    .with(
        "casting a check ballot",
        s.next(h.voted, vec![cast_check]),
        "R5.26",
    )
    .with("randomness of a cast and of a check ballot", mixed, "R5.26")
    .with(
        "randomness of a check ballot",
        s.blocks(h.voted, &two(&opened_reused, &again)),
        "R5.26",
    )
    .with(
        "opening a cast ballot",
        s.next(h.voted, vec![cast_opened.clone()]),
        "R5.27",
    )
    .with(
        "opening a cast ballot after the close",
        s.next(h.closed, vec![cast_opened]),
        "R5.27",
    )
    .good("a check ballot", s.next(h.voted, vec![check]))
    .with(
        "the same check ballot again",
        s.next(h.voted, vec![s.check.clone()]),
        "R5.04",
    )
    .with(
        "the same fingerprint again",
        s.next(h.voted, vec![entry_hash]),
        "R5.04",
    )
    .good("five check ballots", s.blocks(h.voted, &row(5)))
    .with("a sixth check ballot", s.blocks(h.voted, &row(6)), "R5.28")
}

/// A ballot of voter 5 by the prover of the book, with chosen randomness per contest.
fn by_the_book(s: &mut Story, r: [Vec<Scalar>; 2]) -> Ballot {
    let rules = s.lab.rules.clone().expect("sealed");
    let mut b = s.ballot(5, 1, Hash::ZERO);
    for (c, r) in (0u16..).zip(r) {
        let key = &rules.keys()[usize::from(c)];
        let bits = book::bits(key.shape(), &[0]);
        let ctx = ballot::proof::Context {
            election: b.election,
            contest: c,
            vk: b.vk,
            seq: b.seq,
            prev: b.prev,
            pictures: b.pictures,
        };
        let plain = &bits[..key.shape().options()];
        let pair = (key.shape(), key.joint());
        let made = book::prove(pair, &ctx, (&bits, plain), r, &mut s.lab.rng);
        b.contests[usize::from(c)] = made.contest.to_bytes();
    }
    let key = s.lab.voter(5).key.clone();
    b.signature = key.sign(BALLOT_PURPOSE, &b.signed_bytes(), &mut s.lab.rng);
    b
}

fn small(list: &[u8]) -> Vec<Scalar> {
    list.iter().map(|i| Scalar::from(*i)).collect()
}

fn repeated(s: &mut Story) -> Vec<u8> {
    by_the_book(s, [small(&[1, 2]), small(&[3, 2, 4])]).to_bytes()
}

/// First a cast ballot, then a check ballot, then one with a ciphertext's randomness of each.
fn mixed(s: &mut Story) -> Value {
    let time = s.header(s.at.voted).time_ms;
    let seeds = [[71; 32], [72; 32]];
    let marks = [vec![0], vec![]];
    let cast = s.lab.ballot_of(6, &marks, (1, Hash::ZERO), &seeds[0]);
    let check = s.lab.ballot_of(7, &marks, (1, Hash::ZERO), &seeds[1]);
    let check = s.opened(7, &check);
    let r = |seed: &[u8; 32], n: u32| ballot::proof::randomness(seed, 0, n);
    let first = vec![r(&seeds[0], 0), Scalar::from(9u8)];
    let second = vec![r(&seeds[1], 0), Scalar::from(7u8), Scalar::from(8u8)];
    let both = by_the_book(s, [first, second]);
    let list = [
        (time + 1, vec![cast.to_bytes()]),
        (time + 2, vec![check]),
        (time + 3, vec![both.to_bytes()]),
    ];
    s.blocks(s.at.voted, &list)
}
