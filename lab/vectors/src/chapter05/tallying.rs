//! Evidence, commitments, announcement, shares and result on the board.

use super::{Story, group, states, take};
use crate::file::Group;
use crate::input::In;
use board::entry::{Act, ChannelCount, Entry, Evidence, ResultEntry, ShareCommit};
use crypto::Hash;
use crypto::signed::Statement as _;
use serde_json::Value;
use testkit::election::MINUTE;

/// The day of the whole vote.
const DAY: u32 = 20_840;

/// A report of the first registrar, changed and signed again.
fn report(s: &mut Story, day: u32, tokens: (u32, u32), change: fn(&mut Evidence)) -> Vec<u8> {
    let Entry::Evidence(mut e) = s.lab.report(0, day, tokens).remove(0) else {
        panic!("a report is evidence");
    };
    change(&mut e.body);
    let signed = e.body.signed(&s.lab.parties.registrars[0], &mut s.lab.rng);
    Entry::Evidence(Box::new(signed)).encode()
}

pub fn evidence(s: &mut Story) -> Group {
    let h = s.at;
    let as_it_is = |_: &mut Evidence| ();
    let good = report(s, DAY, (4, 1), as_it_is);
    let twice = report(s, DAY, (4, 1), as_it_is);
    let nothing = report(s, DAY, (0, 0), as_it_is);
    let no_channel = report(s, DAY, (0, 0), |e| e.counts.clear());
    let mut damaged = good.clone();
    let end = damaged.len() - 33;
    damaged[end] ^= 1;
    let nobody = report(s, DAY, (4, 1), |e| e.registrar = 1);
    let changes: [(&str, fn(&mut Evidence)); 8] = [
        ("a channel twice", |e| {
            let count = ChannelCount::unattended(e.counts[0].channel, 0, 0);
            e.counts.push(count);
        }),
        ("more tokens than leaves", |e| e.counts[0].first += 1),
        ("more leaves than tokens", |e| e.counts[0].again -= 1),
        ("leaves out of order", |e| e.leaves.swap(1, 2)),
        ("a leaf twice", |e| e.leaves[1] = e.leaves[0]),
        ("a part too many", |e| {
            e.part = 1;
            e.leaves.clear();
        }),
        ("a second part before the first", |e| {
            e.counts[0].first = 8_000;
            e.part = 1;
            e.leaves.truncate(1);
        }),
        ("parts of more than 4 096 000 tokens", |e| {
            e.counts[0].first = 4_096_000;
            e.part = 512;
            e.leaves.truncate(1);
        }),
    ];
    let mut g = group("block-evidence", "registrars' reports")
        .good("a report", s.next(h.ended, vec![good.clone()]))
        .good("a report of nothing", s.next(h.ended, vec![nothing]))
        .good(
            "a report without channels",
            s.next(h.ended, vec![no_channel]),
        )
        .with("another signature", s.next(h.ended, vec![damaged]), "R5.35")
        .with(
            "a registrar who does not exist",
            s.next(h.ended, vec![nobody]),
            "R5.35",
        );
    for (name, change) in changes {
        let entry = report(s, DAY, (4, 1), change);
        g = g.with(name, s.next(h.ended, vec![entry]), "R5.36");
    }
    let [before, after] = [DAY - 1, DAY + 1].map(|day| report(s, day, (4, 1), as_it_is));
    g.with(
        "a report again",
        s.next(h.ended, vec![good.clone(), twice.clone()]),
        "R5.36",
    )
    .with(
        "before voting opens",
        s.next(h.seal, vec![good.clone()]),
        "R5.05",
    )
    .with(
        "the day of the close before the close",
        s.next(h.voted, vec![good]),
        "R5.37",
    )
    .with(
        "a day before the first",
        s.next(h.ended, vec![before]),
        "R5.37",
    )
    .with(
        "a day after the last",
        s.next(h.ended, vec![after]),
        "R5.37",
    )
    .with("after the result", s.next(h.result, vec![twice]), "R5.37")
}

pub fn tallying(s: &mut Story) -> Group {
    let h = s.at;
    let target = s.lab.on_board().target().expect("closed").digest();
    let election = s.lab.election;
    let commit = |s: &mut Story, id: u16, target: Hash, key: usize| {
        let c = ShareCommit {
            election,
            trustee: id,
            target,
            commitment: Hash([4; 64]),
        };
        let c = c.signed(&s.lab.parties.trustees[key], &mut s.lab.rng);
        Entry::ShareCommit(Box::new(c)).encode()
    };
    let announce = s.act(Act::Announce);
    let announce_at = s
        .lab
        .manifest
        .as_ref()
        .expect("sealed")
        .manifest
        .announce_at;
    let early = s.act(Act::Announce);
    let announce_late = s.act(Act::Announce);
    let by_time = announce_at + 24 * 60 * MINUTE;
    let good = commit(s, 3, target, 2);
    let result = s.lab.chain[h.result].block.entries[0].clone();
    let shares =
        [h.announced + 1, h.announced + 2].map(|k| s.lab.chain[k].block.entries[0].clone());
    let third = {
        let (share, _) = s.lab.share(3);
        s.lab.share_entry(&share).encode()
    };
    let fresh = {
        let (share, _) = s.lab.share(1);
        s.lab.share_entry(&share).encode()
    };
    let few = {
        let mut share = s.lab.shares[0].clone();
        share.shares.pop();
        s.lab.share_entry(&share).encode()
    };
    let mut damaged = shares[0].clone();
    let end = damaged.len() - 33;
    damaged[end] ^= 1;
    let changed = |change: fn(&mut ResultEntry)| {
        let Ok(Entry::Result(mut r)) = Entry::decode(&result) else {
            panic!("a result");
        };
        change(&mut r);
        Entry::Result(r).encode()
    };
    let salt = |s: &mut Story, registrar| s.act(Act::SaltDestroyed { registrar });
    let (salt_one, salt_none) = (salt(s, 0), salt(s, 1));
    let salt_again = salt(s, 0);
    let time = s.header(h.result).time_ms;
    let cases = [
        (
            "R5.05",
            "a commitment while open",
            h.voted,
            commit(s, 3, target, 2),
        ),
        (
            "R5.05",
            "a commitment after the result",
            h.result,
            good.clone(),
        ),
        (
            "R5.38",
            "a commitment signed by another",
            h.closed,
            commit(s, 3, target, 1),
        ),
        (
            "R5.38",
            "a commitment of nobody",
            h.closed,
            commit(s, 4, target, 1),
        ),
        (
            "R5.39",
            "a second commitment",
            h.closed + 1,
            commit(s, 1, target, 0),
        ),
        (
            "R5.40",
            "a commitment for another box",
            h.closed,
            commit(s, 3, Hash([1; 64]), 2),
        ),
        (
            "R5.42",
            "an announcement too early",
            h.committed,
            early.clone(),
        ),
        (
            "R5.43",
            "an announcement without commitments",
            h.closed,
            early,
        ),
        (
            "R5.44",
            "a share before the announcement",
            h.committed,
            shares[0].clone(),
        ),
        ("R5.45", "a share without commitment", h.announced, third),
        ("R5.46", "a share signed by another", h.announced, damaged),
        ("R7.01", "a share too few", h.announced, few),
        (
            "R7.03",
            "another share than committed",
            h.announced,
            fresh.clone(),
        ),
        ("R5.45", "a second share", h.shared, fresh.clone()),
        ("R5.05", "a share after the result", h.result, fresh),
        (
            "R5.05",
            "a result before the announcement",
            h.committed,
            result.clone(),
        ),
        (
            "R5.47",
            "a result with one share",
            h.announced + 1,
            result.clone(),
        ),
        (
            "R5.48",
            "a result with another vote",
            h.shared,
            changed(|r| r.votes[0][0] += 1),
        ),
        (
            "R5.48",
            "a result with another count",
            h.shared,
            changed(|r| r.received += 1),
        ),
        (
            "R5.48",
            "a result with other credentials",
            h.shared,
            changed(|r| r.issued[0] += 1),
        ),
        ("R5.49", "the salt key of nobody", h.closed, salt_none),
    ];
    let salts = [
        (time + 1, vec![salt_one.clone()]),
        (time + 2, vec![salt_again]),
    ];
    let mut g = group("block-tally", "commitments, announcement, shares, result")
        .good(
            "a third commitment",
            s.next(h.committed, vec![good.clone()]),
        )
        .good(
            "a commitment after the announcement",
            s.next(h.announced, vec![good]),
        )
        .good(
            "an announcement",
            s.blocks(h.committed, &[(announce_at, vec![announce])]),
        )
        .good(
            "shares in another order",
            s.next(h.announced, vec![shares[1].clone(), shares[0].clone()]),
        )
        .good("a result", s.next(h.shared, vec![result]))
        .good("a salt key destroyed", s.next(h.closed, vec![salt_one]))
        .with(
            "a salt key destroyed twice",
            s.blocks(h.result, &salts),
            "R5.49",
        )
        .good(
            "a share a day after the announced time without an announcement",
            s.blocks(h.committed, &[(by_time, vec![shares[0].clone()])]),
        )
        .with(
            "a share a millisecond earlier",
            s.blocks(h.committed, &[(by_time - 1, vec![shares[0].clone()])]),
            "R5.44",
        )
        .with(
            "a share a day later without commitments",
            s.blocks(h.closed, &[(by_time, vec![shares[0].clone()])]),
            "R5.44",
        )
        .with(
            "an announcement after that day",
            s.blocks(h.committed, &[(by_time, vec![announce_late])]),
            "R5.05",
        )
        .with("an empty box", without_evidence(s, h.opening, 1), "R5.41")
        .with(
            "a commitment before the evidence",
            without_evidence(s, h.voted, 1),
            "R5.50",
        )
        .good(
            "a commitment an hour after the close",
            without_evidence(s, h.voted, 60 * MINUTE),
        );
    for (rule, name, after, entry) in cases {
        g = g.with(name, s.next(after, vec![entry]), rule);
    }
    g
}

/// The box closes without any evidence; a commitment some time after the close block.
fn without_evidence(s: &mut Story, after: usize, wait: u64) -> Value {
    let close = s.lab.on_board().close_at();
    let quiet = [
        (close - 1000, vec![]),
        (close + 30_000, vec![]),
        (close + 60_000, vec![]),
    ];
    let blocks = s.blocks(after, &quiet);
    let shared = s.shared();
    let mut state = states(In(shared.as_object().expect("an object")))[after].clone();
    for block in blocks["blocks"].as_array().expect("a list") {
        state = take(&state, block).expect("a good block");
    }
    let target = state
        .elections()
        .next()
        .and_then(|e| e.target())
        .expect("closed")
        .digest();
    let c = ShareCommit {
        election: s.lab.election,
        trustee: 1,
        target,
        commitment: Hash([4; 64]),
    };
    let c = c.signed(&s.lab.parties.trustees[0], &mut s.lab.rng);
    let entry = Entry::ShareCommit(Box::new(c)).encode();
    let [a, b, c] = quiet;
    s.blocks(after, &[a, b, c, (close + 60_000 + wait, vec![entry])])
}
