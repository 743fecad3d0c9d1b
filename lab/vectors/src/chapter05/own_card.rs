//! Further ballots: the voter's own card and the window of its tokens.

use super::{Story, group};
use crate::file::Group;
use ballot::CheckBallot;
use ballot::manifest::AGAIN_GRACE_MS;
use board::entry::Entry;
use crypto::Hash;
use crypto::wire::TopLevel as _;
use serde_json::Value;

/// A `Late` with these two times for the ballot, and the ballot.
fn promised(s: &mut Story, ballot: &[u8], times: [u64; 2]) -> Vec<Vec<u8>> {
    let mut late = s.lab.late(ballot, times[0]);
    late.seen[1] = s.lab.seen(1, &board::entry_hash(ballot), times[1]);
    vec![Entry::Late(Box::new(late)).encode(), ballot.to_vec()]
}

pub fn further(s: &mut Story) -> Group {
    let h = s.at;
    let from = s
        .lab
        .manifest
        .as_ref()
        .expect("sealed")
        .manifest
        .again_windows[1];
    let last = from + AGAIN_GRACE_MS;
    let own = s.lab.ballot_by_card(0, 0, 0);
    let stolen = s.lab.ballot_by_card(0, 2, 0);
    let later = s.lab.ballot_by_card(0, 0, 1).to_bytes();
    let mut forged = stolen.clone();
    forged.card.keys.clone_from(&own.card.keys);
    let forged = s.lab.signed_by(0, forged).to_bytes();
    // (R, z) of the first window with the tokens that another card got in the second.
    let mut kept = own.clone();
    kept.tokens = s.lab.ballot_by_card(0, 2, 1).tokens;
    kept.card.window = 1;
    let kept = s.lab.signed_by(0, kept).to_bytes();
    let key = s.lab.voter(0).key.clone();
    let mut check = |b| CheckBallot::open(b, &key, &mut s.lab.rng).to_bytes();
    let (own_check, stolen_check) = (check(&own), check(&stolen));
    let (own, stolen) = (own.to_bytes(), stolen.to_bytes());
    let good = promised(s, &own, [last - 1, last - 2]);
    let one_later = promised(s, &own, [last - 1, last]);
    let of_check = promised(s, &own_check, [last - 1, last - 1]);
    let early = promised(s, &later, [from - 1, from]);
    let first = s.ballot(5, 1, Hash::ZERO).to_bytes();
    let one = |time: u64, entry: &[u8]| s.blocks(h.voted, &[(time, vec![entry.to_vec()])]);
    let pair = |time: u64, entries: &[Vec<u8>]| s.blocks(h.voted, &[(time, entries.to_vec())]);
    let next = |entry: &[u8]| -> Value { s.next(h.voted, vec![entry.to_vec()]) };
    let note = "further ballots: whose card signed them, and in which window";
    group("block-own-card", note)
        .good("the own card", next(&own))
        .with("another person's card", next(&stolen), "R5.53")
        .with(
            "a check ballot with another person's card",
            next(&stolen_check),
            "R5.53",
        )
        .with(
            "another person's signature under the own keys",
            next(&forged),
            "R4.02",
        )
        .with(
            "an old signature with fresh tokens of another card",
            one(from, &kept),
            "R4.02",
        )
        .good(
            "in the last ms of the half hour after its window",
            one(last - 1, &own),
        )
        .with("half an hour after its window", one(last, &own), "R5.54")
        .with(
            "a check ballot half an hour after its window",
            one(last, &own_check),
            "R5.54",
        )
        .with("a ms before its window", one(from - 1, &later), "R5.54")
        .good("in the first ms of its window", one(from, &later))
        .good("later, promised in its window", pair(last + 60_000, &good))
        .good(
            "later, a check ballot promised in its window",
            pair(last, &of_check),
        )
        .with(
            "promised once too late",
            pair(last + 60_000, &one_later),
            "R5.54",
        )
        .with(
            "in its window, promised once too late",
            pair(last - 1, &one_later),
            "R5.54",
        )
        .with(
            "in its window, promised once too early",
            pair(from, &early),
            "R5.54",
        )
        .good("a first ballot at any time", one(last, &first))
}
