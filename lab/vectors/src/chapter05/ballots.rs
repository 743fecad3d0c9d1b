//! Ballots and check ballots on the board.

use super::{Story, group};
use crate::book;
use crate::file::Group;
use ballot::ballot::BALLOT_PURPOSE;
use ballot::{Ballot, CheckBallot, Opening, Side};
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

/// A ballot of voter 5 by the prover of the book, with chosen randomness per contest, and of the
/// mask of the first contest.
fn by_the_book(s: &mut Story, r: [Vec<Scalar>; 2], mask: Option<Scalar>) -> Ballot {
    let rules = s.lab.rules.clone().expect("sealed");
    let mut b = s.ballot(5, 1, Hash::ZERO);
    for (c, r) in (0u16..).zip(r) {
        let key = &rules.keys()[usize::from(c)];
        let bits = book::bits(key.shape(), &[0]);
        let numbers: Vec<u16> = key
            .lines()
            .rows()
            .iter()
            .flatten()
            .map(|(_, w)| *w)
            .collect();
        let of = book::Contest {
            shape: key.shape(),
            numbers: &numbers,
            joint: key.joint(),
        };
        let mut lines = book::lines(&of, &bits, &[b.contests[0][0]; 32], c);
        if let Some(r) = mask.filter(|_| c == 0) {
            lines[0].r[0] = r;
        }
        let ctx = ballot::proof::Context {
            election: b.election,
            contest: c,
            vk: b.vk,
            seq: b.seq,
            prev: b.prev,
            pictures: b.pictures,
        };
        let claim = book::Claim {
            plain: bits[..key.shape().options()].to_vec(),
            bits,
            lines,
            r,
        };
        let made = book::prove(&of, &ctx, claim, &mut s.lab.rng);
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
    by_the_book(s, [small(&[1, 2]), small(&[3, 2, 4])], None).to_bytes()
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
    let both = by_the_book(s, [first, second], None);
    let list = [
        (time + 1, vec![cast.to_bytes()]),
        (time + 2, vec![check]),
        (time + 3, vec![both.to_bytes()]),
    ];
    s.blocks(s.at.voted, &list)
}

/// First halves of masks count like those of options.
fn masks_again(g: Group, s: &mut Story) -> Group {
    let time = s.header(s.at.voted).time_ms;
    let seed = [73; 32];
    let cast = s
        .lab
        .ballot_of(6, &[vec![0], vec![]], (1, Hash::ZERO), &seed);
    let of_cast = s.lab.opening(&cast, Side::Mask).lines[0].r;
    let opened = s.opened(6, &cast);
    let r = || [small(&[21, 22]), small(&[23, 24, 25])];
    let first = vec![of_cast, Scalar::from(22u8)];
    let as_option = by_the_book(s, [first, small(&[23, 24, 25])], None);
    let as_mask = by_the_book(s, r(), Some(of_cast));
    let check = s.opened(5, &as_option);
    let after = |before: &[u8], b: &[u8]| {
        let list = [
            (time + 1, vec![before.to_vec()]),
            (time + 2, vec![b.to_vec()]),
        ];
        s.blocks(s.at.voted, &list)
    };
    let (cast, as_option) = (cast.to_bytes(), as_option.to_bytes());
    g.with(
        "an option with the randomness of a cast mask",
        after(&cast, &as_option),
        "R5.25",
    )
    .with(
        "a mask with the randomness of a cast mask",
        after(&cast, &as_mask.to_bytes()),
        "R5.25",
    )
    .with(
        "an option with the randomness of a checked mask",
        after(&opened, &as_option),
        "R5.26",
    )
    .with(
        "a check ballot with the randomness of a cast mask",
        after(&cast, &check),
        "R5.27",
    )
    .with(
        "a check ballot with the randomness of a checked mask",
        after(&opened, &check),
        "R5.04",
    )
}

pub fn openings(s: &mut Story) -> Group {
    let (h, close) = (s.at, s.lab.on_board().close_at());
    let time = s.header(h.voted).time_ms;
    let mut g = group("block-opening", "openings of cast ballots on the board");
    let [mask, masked] = Side::BOTH.map(|side| s.lab.opening(&s.cast[0], side));
    let last = s.lab.opening(&s.cast[3], Side::Masked).to_bytes();
    let of_check = s.lab.opening(&s.checked, Side::Mask).to_bytes();
    let replaced = s.lab.opening(&s.cast[1], Side::Masked).to_bytes();
    let fresh = s.ballot(5, 1, Hash::ZERO);
    let of_fresh = s.lab.opening(&fresh, Side::Mask).to_bytes();
    let again = s.ballot(0, 2, s.cast[0].entry_hash()).to_bytes();
    let changed = |change: fn(&mut Opening)| {
        let mut o = mask.clone();
        change(&mut o);
        o.to_bytes()
    };
    let wrong = changed(|o| o.lines[0].value = (o.lines[0].value + 1) % 100);
    let (large, elsewhere) = (
        changed(|o| o.lines[0].value = 100),
        changed(|o| o.election = Hash([1; 64])),
    );
    let unknown = changed(|o| o.ballot = Hash([2; 64]));
    let swapped = changed(|o| o.side = Side::Masked);
    let (mask, masked) = (mask.to_bytes(), masked.to_bytes());
    let ordered = |list: &[&[u8]]| {
        let mut list: Vec<Vec<u8>> = list.iter().map(|e| e.to_vec()).collect();
        list.sort_by_key(|e| board::entry_hash(e));
        list
    };
    let mut reversed = ordered(&[&mask, &again, &last]);
    reversed.reverse();
    let notice = s.act(board::entry::Act::Notice {
        key: "n".into(),
        text: ballot::text::Text::new("記", "n", "記"),
    });
    let halted = [
        (close + 61_000, vec![]),
        (close + 62_000, vec![mask.clone()]),
    ];
    let drain = [(close - 1000, vec![]), (close + 30_000, vec![mask.clone()])];
    let next = |at: usize, entry: &[u8]| s.next(at, vec![entry.to_vec()]);
    let two = |a: &[u8], b: &[u8]| {
        s.blocks(
            h.voted,
            &[(time + 1, vec![a.to_vec()]), (time + 2, vec![b.to_vec()])],
        )
    };
    g = g
        .good("the masks", next(h.voted, &mask))
        .good("the masked sums", next(h.voted, &masked))
        .good("of a second ballot", next(h.voted, &last))
        .good(
            "after its ballot, in another block",
            two(&fresh.to_bytes(), &of_fresh),
        )
        .good(
            "beside a ballot of the same voting key",
            s.next(h.voted, ordered(&[&mask, &again])),
        )
        .good(
            "beside another opening",
            s.next(h.voted, ordered(&[&mask, &last])),
        )
        .good(
            "of a ballot that was replaced meanwhile",
            two(&again, &mask),
        )
        .good("in the drain", s.blocks(h.voted, &drain))
        .good("while halted", s.blocks(h.voted, &halted))
        .good("when the box is closed", next(h.closed, &mask))
        .with(
            "after the first share commitment",
            next(h.closed + 1, &mask),
            "R5.05",
        )
        .with("after the result", next(h.result, &mask), "R5.05")
        .with(
            "of a ballot that is nowhere",
            next(h.voted, &unknown),
            "R5.51",
        )
        .with(
            "of a ballot that was not cast",
            next(h.voted, &of_fresh),
            "R5.51",
        )
        .with(
            "beside its ballot",
            s.next(h.voted, ordered(&[&fresh.to_bytes(), &of_fresh])),
            "R5.51",
        )
        .with("of a check ballot", next(h.voted, &of_check), "R5.51")
        .with("the same again", two(&mask, &mask), "R5.04")
        .with("the other side as well", two(&mask, &masked), "R5.52")
        .with(
            "both sides in one block",
            s.next(h.voted, ordered(&[&mask, &masked])),
            "R5.52",
        )
        .with(
            "the other side of what the chain has opened",
            next(h.voted, &replaced),
            "R5.52",
        )
        .with("another number", next(h.voted, &wrong), "R3.21")
        .with(
            "another number of an opened ballot",
            two(&mask, &wrong),
            "R5.52",
        )
        .with(
            "another number after the first share commitment",
            next(h.closed + 1, &wrong),
            "R5.05",
        )
        .with("the masks as masked sums", next(h.voted, &swapped), "R3.21")
        .with("a number of 100", next(h.voted, &large), "R3.20")
        .with("another election", next(h.voted, &elsewhere), "R5.03")
        .with(
            "cut before the election's end",
            next(h.voted, &mask[..65]),
            "R5.01",
        )
        .with("out of order", s.next(h.voted, reversed), "R6.05")
        .with(
            "an act behind an opening",
            s.next(h.voted, vec![mask.clone(), notice]),
            "R6.05",
        );
    masks_again(g, s)
}
