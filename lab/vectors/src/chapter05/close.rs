//! Ballots at the close, halts, and what officers may order after one.

use super::{Story, group};
use crate::file::Group;
use board::entry::{Act, Entry, Late, Seen};
use board::judgement::Judgement;
use crypto::Hash;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use serde_json::Value;
use testkit::election::{MINUTE, engine_keys};

type Blocks = Vec<(u64, Vec<Vec<u8>>)>;

fn entry(late: &Late) -> Vec<u8> {
    Entry::Late(Box::new(late.clone())).encode()
}

/// A block at `time` with these entries, behind one that is 31 s before the close.
fn at(s: &Story, time: u64, entries: Vec<Vec<u8>>) -> Value {
    let close = s.lab.on_board().close_at();
    let quiet = [close - 31_000, close - 1000, close + 29_000, close + 58_000];
    let quiet = quiet.into_iter().filter(|t| *t < time);
    let mut blocks: Blocks = quiet.map(|t| (t, vec![])).collect();
    blocks.push((time, entries));
    s.blocks(s.at.voted, &blocks)
}

/// A change of a good `Late` and the rule it breaks.
type Change = (&'static str, &'static str, fn(&mut Late));

const CHANGES: [Change; 11] = [
    ("R5.01", "promises of 33 validators", |l| {
        let one = l.seen[0];
        l.seen = (0..33).map(|validator| Seen { validator, ..one }).collect();
    }),
    ("R5.03", "of another election", |l| {
        l.election = Hash([3; 64])
    }),
    ("R5.61", "no promise", |l| l.seen.clear()),
    ("R5.61", "one promise of four validators", |l| {
        l.seen.truncate(1)
    }),
    ("R5.61", "one validator twice", |l| l.seen[1] = l.seen[0]),
    ("R5.61", "validators out of order", |l| l.seen.swap(0, 1)),
    ("R5.61", "a validator who does not exist", |l| {
        l.seen[1].validator = 4;
    }),
    ("R5.63", "in the name of another validator", |l| {
        l.seen[1].validator = 2;
    }),
    ("R5.63", "another height than was signed", |l| {
        l.seen[1].height += 1;
    }),
    ("R5.63", "another time than was signed", |l| {
        l.seen[0].time_ms -= 1;
    }),
    ("R5.63", "the other one's signature", |l| {
        l.seen[0].signature = l.seen[1].signature;
    }),
];

/// A node's signed refusal in the place of its promise.
fn refusal(s: &mut Story, entry: Hash, time_ms: u64) -> Seen {
    let body = Judgement {
        network: s.lab.network().id(),
        entry,
        rule: Some(board::rules::BALLOT_LATE),
        height: 3,
        time_ms,
    };
    let answer = body.signed(&s.lab.parties.nodes[1], &mut s.lab.rng);
    Seen {
        validator: 1,
        height: 3,
        time_ms,
        signature: answer.signature,
    }
}

pub fn late(s: &mut Story) -> Group {
    let (h, close) = (s.at, s.lab.on_board().close_at());
    let ballot = s.ballot(5, 1, Hash::ZERO).to_bytes();
    let other = s.ballot(6, 1, Hash::ZERO).to_bytes();
    let hash = board::entry_hash(&ballot);
    let good = s.lab.late(&ballot, close - 1);
    let pair = vec![entry(&good), ballot.clone()];
    let again = entry(&s.lab.late(&ballot, close - 2));
    let for_other = entry(&s.lab.late(&other, close - 1));
    let check = {
        let b = s.ballot(7, 1, Hash::ZERO);
        s.opened(7, &b)
    };
    let for_check = entry(&s.lab.late(&check, close - 1));
    let notice = s.act(Act::Notice {
        key: "n".into(),
        text: ballot::text::Text::new("記", "n", "記"),
    });
    let for_notice = entry(&s.lab.late(&notice, close - 1));
    let mut setup_named = good.clone();
    setup_named.election = s.lab.setup;
    let with = |seen: Seen, at: usize| {
        let mut late = good.clone();
        late.seen.truncate(at);
        late.seen.push(seen);
        vec![entry(&late), ballot.clone()]
    };
    let at_the_close = with(s.lab.seen(1, &hash, close), 1);
    let one_more = with(s.lab.seen(2, &hash, close), 2);
    let foreign = with(s.lab.seen(1, &board::entry_hash(&other), close - 1), 1);
    let refused = with(refusal(s, hash, close - 1), 1);
    let stranger = s.lab.parties.authority.clone();
    let forged = with(s.lab.seen_by(2, &stranger, &hash, close - 1), 2);
    let one = |bytes: &[u8]| vec![bytes.to_vec()];
    let mut g = group("block-late", "ballots at the close and who promised them")
        .good(
            "bare, 30.001 s before the close",
            at(s, close - 30_001, one(&ballot)),
        )
        .with(
            "bare, 30 s before the close",
            at(s, close - 30_000, one(&ballot)),
            "R5.55",
        )
        .with(
            "bare, 29 s after the close",
            at(s, close + 29_000, one(&ballot)),
            "R5.55",
        )
        .with(
            "a bare check ballot",
            at(s, close - 1000, one(&check)),
            "R5.55",
        )
        .good(
            "promised, 30 s before the close",
            at(s, close - 30_000, pair.clone()),
        )
        .good(
            "promised, at the end of the drain",
            at(s, close + 59_999, pair.clone()),
        )
        .good(
            "promised earlier than it must be",
            s.next(h.voted, pair.clone()),
        )
        .good(
            "a promised check ballot",
            at(s, close - 1000, vec![for_check, check.clone()]),
        )
        .with(
            "promised, in the close block",
            at(s, close + 60_000, pair.clone()),
            "R5.05",
        )
        .with("before voting opens", s.next(h.seal, pair.clone()), "R5.05")
        .with("after the result", s.next(h.result, pair.clone()), "R5.05")
        .with(
            "before the seal",
            s.next(h.ceremony, one(&pair[0])),
            "R5.03",
        )
        .with(
            "it names the setup",
            s.next(h.voted, vec![entry(&setup_named), ballot.clone()]),
            "R5.03",
        )
        .with(
            "without its ballot",
            s.next(h.voted, one(&pair[0])),
            "R5.60",
        )
        .with(
            "beside another ballot",
            s.next(h.voted, vec![for_other, ballot.clone()]),
            "R5.60",
        )
        .with(
            "two about one ballot",
            s.next(h.voted, vec![pair[0].clone(), again, ballot.clone()]),
            "R5.60",
        )
        .with(
            "the same one twice",
            s.next(
                h.voted,
                vec![pair[0].clone(), pair[0].clone(), ballot.clone()],
            ),
            "R5.04",
        )
        .with(
            "about something that is no ballot",
            s.next(h.voted, vec![for_notice, notice]),
            "R5.60",
        )
        .with(
            "behind its ballot near the close",
            at(s, close - 1000, vec![ballot.clone(), pair[0].clone()]),
            "R5.55",
        )
        .with(
            "a promise at the close",
            at(s, close + 1000, at_the_close),
            "R5.62",
        )
        .with(
            "one at the close beside two before it",
            at(s, close + 1000, one_more),
            "R5.62",
        )
        .with(
            "a promise of another ballot",
            at(s, close + 1000, foreign),
            "R5.63",
        )
        .with(
            "a refusal in its place",
            at(s, close + 1000, refused),
            "R5.63",
        )
        .with(
            "a forged one beside two good ones",
            at(s, close + 1000, forged),
            "R5.63",
        );
    for (rule, name, change) in CHANGES {
        let mut late = good.clone();
        change(&mut late);
        let entries = vec![entry(&late), ballot.clone()];
        g = g.with(name, at(s, close + 1000, entries), rule);
    }
    moved(s, g)
}

/// The close moves, the validators change.
fn moved(s: &mut Story, g: Group) -> Group {
    let close = s.lab.on_board().close_at();
    let ballot = s.ballot(5, 1, Hash::ZERO).to_bytes();
    let until = close + 10 * MINUTE;
    let extend = s.act(Act::Extend { until });
    let at_the_close = entry(&s.lab.late(&ballot, close));
    let three = {
        let mut late = s.lab.late(&ballot, close - 30_000);
        let third = s.lab.seen(2, &late.entry.clone(), close - 30_000);
        late.seen.push(third);
        late
    };
    let mut two = three.clone();
    two.seen.pop();
    let next = super::handover::entry(&s.lab.hand_over(&engine_keys(2..=8)));
    let after = |s: &Story, late: &Late| {
        let blocks = [
            (close - 31_000, vec![]),
            (close - 29_000, vec![next.clone()]),
            (close - 28_000, vec![entry(late), ballot.clone()]),
        ];
        s.blocks(s.at.voted, &blocks)
    };
    g.good(
        "an extension in front of a bare ballot",
        at(s, close - 1000, vec![extend.clone(), ballot.clone()]),
    )
    .good(
        "a promise before the extended close",
        at(
            s,
            close - 1000,
            vec![extend.clone(), at_the_close.clone(), ballot.clone()],
        ),
    )
    .with(
        "the same in front of the extension",
        at(s, close - 1000, vec![at_the_close, extend, ballot.clone()]),
        "R5.62",
    )
    .with("promises of validators who left", after(s, &three), "R5.63")
    .with(
        "too few for the validators who came",
        after(s, &two),
        "R5.61",
    )
}

/// Blocks up to a halt that began so long before the close and was noticed so long after it.
fn halt(s: &Story, before: u64, after: u64) -> Blocks {
    let close = s.lab.on_board().close_at();
    vec![(close - before, vec![]), (close + after, vec![])]
}

/// A halt, and then these blocks, each so long after it.
fn halted(s: &Story, before: u64, after: u64, more: &[(u64, Vec<Vec<u8>>)]) -> Value {
    let mut blocks = halt(s, before, after);
    let time = blocks[1].0;
    blocks.extend(more.iter().map(|(later, e)| (time + later, e.clone())));
    s.blocks(s.at.voted, &blocks)
}

pub fn draining(s: &mut Story) -> Group {
    let (h, close) = (s.at, s.lab.on_board().close_at());
    let ballot = s.ballot(5, 1, Hash::ZERO).to_bytes();
    let pair = vec![entry(&s.lab.late(&ballot, close - 1)), ballot.clone()];
    let bare = vec![ballot];
    let drain = vec![s.act(Act::Drain)];
    let again = vec![s.act(Act::Drain)];
    let both = [drain.clone(), pair.clone()].concat();
    let extend = vec![s.act(Act::Extend {
        until: close + 30 * MINUTE,
    })];
    let resume = vec![s.act(Act::Resume {
        until: close + 5 * MINUTE,
    })];
    let release = vec![s.act(Act::Release(ballot::manifest::Release {
        version: "9.9.9".into(),
        platform: "linux".into(),
        size: 1,
        sha256: [3; 32],
    }))];
    let evidence = vec![s.lab.evidence_of(0, 20_840).encode()];
    let ready = |list: &[(u64, Vec<Vec<u8>>)]| halted(s, 20_000, 2 * MINUTE, list);
    let silent = (1000, drain.clone());
    group(
        "block-drain",
        "a halt across the close, and the board drains",
    )
    .good("halted by a silence over the close", ready(&[]))
    .good(
        "a minute of silence is no halt",
        s.blocks(
            h.voted,
            &[(close - 30_000, vec![]), (close + 30_000, vec![])],
        ),
    )
    .with(
        "a ballot while halted",
        ready(&[(1000, bare.clone())]),
        "R5.20",
    )
    .with(
        "a promised one while halted",
        ready(&[(1000, pair.clone())]),
        "R5.05",
    )
    .with(
        "drained while open",
        s.next(h.voted, drain.clone()),
        "R5.34",
    )
    .good("drained", ready(std::slice::from_ref(&silent)))
    .with(
        "drained twice",
        ready(&[silent.clone(), (2000, again.clone())]),
        "R5.34",
    )
    .good(
        "a promised ballot in the block of the drain",
        ready(&[(1000, both)]),
    )
    .good(
        "a promised ballot",
        ready(&[silent.clone(), (2000, pair.clone())]),
    )
    .with(
        "a bare ballot",
        ready(&[silent.clone(), (2000, bare.clone())]),
        "R5.55",
    )
    .with(
        "an extension",
        ready(&[silent.clone(), (2000, extend)]),
        "R5.31",
    )
    .with(
        "resumed while draining",
        ready(&[silent.clone(), (2000, resume.clone())]),
        "R5.05",
    )
    .with(
        "a release",
        ready(&[silent.clone(), (2000, release)]),
        "R5.05",
    )
    .with(
        "a report of the day of the close",
        ready(&[silent.clone(), (2000, evidence)]),
        "R5.37",
    )
    .good(
        "a promised ballot a millisecond before the end",
        ready(&[silent.clone(), (31_000, vec![]), (60_999, pair.clone())]),
    )
    .with(
        "a promised ballot at the end",
        ready(&[silent.clone(), (31_000, vec![]), (61_000, pair.clone())]),
        "R5.05",
    )
    .with(
        "a bare ballot at the end",
        ready(&[silent.clone(), (31_000, vec![]), (61_000, bare)]),
        "R5.22",
    )
    .good(
        "past the extension limit",
        halted(
            s,
            20_000,
            90 * MINUTE,
            &[
                (1000, drain),
                (2000, pair.clone()),
                (31_000, vec![]),
                (61_000, vec![]),
            ],
        ),
    )
    .good(
        "silent while draining: halted again",
        ready(&[silent.clone(), (61_001, vec![])]),
    )
    .good(
        "and drained again",
        ready(&[
            silent.clone(),
            (61_001, vec![]),
            (62_000, again),
            (63_000, pair),
        ]),
    )
    .with(
        "and resumed",
        ready(&[silent, (61_001, vec![]), (62_000, resume)]),
        "R5.64",
    )
}

pub fn resuming(s: &mut Story) -> Group {
    let close = s.lab.on_board().close_at();
    let limit = close + 60 * MINUTE;
    let lost = 20 * MINUTE;
    // Noticed five minutes after the close; the act stands a second later.
    let now = close + 5 * MINUTE + 1000;
    let mut resumed = |before, until| {
        let entry = s.act(Act::Resume { until });
        halted(s, before, 5 * MINUTE, &[(1000, vec![entry])])
    };
    let short = resumed(600_000, now + 1000);
    let long_enough = resumed(600_001, now + 1000);
    let whole = resumed(lost, now + lost);
    let more = resumed(lost, now + lost + 1);
    let past = resumed(lost, now);
    let beyond = resumed(lost, limit + 1);
    let [resume, extend] = [
        Act::Resume { until: now + lost },
        Act::Extend {
            until: now + lost + 1,
        },
    ]
    .map(|act| s.act(act));
    let beside = vec![resume.clone(), extend.clone()];
    let beside = halted(s, lost, 5 * MINUTE, &[(1000, beside)]);
    let later = [(1000, vec![resume]), (2000, vec![extend])];
    let later = halted(s, lost, 5 * MINUTE, &later);
    group(
        "block-resume",
        "a halt across the close, and voting goes on",
    )
    .with(
        "a halt that began ten minutes before the close",
        short,
        "R5.64",
    )
    .good("a millisecond earlier", long_enough)
    .good("for as long as was lost", whole)
    .with("for longer", more, "R5.65")
    .with("into the past", past, "R5.33")
    .with("above the limit", beyond, "R5.33")
    .with("and extended in its own block", beside, "R5.66")
    .with("and extended later", later, "R5.66")
}
