//! Hand-overs of validators.

use super::{Story, group};
use crate::file::Group;
use board::entry::{Entry, HandOver};
pub use testkit::election::engine_keys as keys;

pub fn entry(h: &HandOver) -> Vec<u8> {
    Entry::HandOver(Box::new(h.clone())).encode()
}

/// A change of a good hand-over and the rule it breaks.
type Change = (&'static str, &'static str, fn(&mut HandOver));

const CHANGES: [Change; 14] = [
    ("R5.01", "nobody follows", |h| h.validators.clear()),
    ("R5.01", "validators out of order", |h| {
        h.validators.swap(0, 1)
    }),
    ("R5.01", "an acceptance too few", |h| {
        h.accepted.pop();
    }),
    ("R5.01", "an acceptance too many", |h| {
        h.accepted.push([7; 64])
    }),
    ("R5.15", "one officer twice", |h| h.officers[1].0 = 0),
    ("R5.16", "another order than the officers'", |h| h.epoch = 7),
    ("R5.16", "another expiry than the officers'", |h| {
        h.until += 1
    }),
    ("R5.75", "a damaged acceptance", |h| h.accepted[1][40] ^= 1),
    ("R5.75", "acceptances out of order", |h| {
        h.accepted.swap(0, 1)
    }),
    ("R5.59", "two of four", |h| h.certificate.truncate(2)),
    ("R5.59", "signatures out of order", |h| {
        h.certificate.swap(0, 1)
    }),
    ("R5.59", "a validator who does not exist", |h| {
        h.certificate[2].0 = 4
    }),
    ("R5.59", "a damaged signature", |h| {
        h.certificate[1].1[40] ^= 1
    }),
    ("R5.59", "a bad signature beside three good ones", |h| {
        h.certificate.push((3, [7; 64]));
    }),
];

pub fn hand_overs(s: &mut Story) -> Group {
    let h = s.at;
    // The story's own state is at its end: the epoch is the same all along.
    let good = s.lab.hand_over(&keys(2..=8));
    let second = s.lab.hand_over(&keys(3..=6));
    let other = |s: &mut Story, epoch, change: fn(&mut Vec<ballot::manifest::Validator>)| {
        let mut set = good.validators.clone();
        change(&mut set);
        entry(&s.lab.hand_over_to(epoch, set))
    };
    let present = s.lab.network().validators.clone();
    let same = entry(&s.lab.hand_over_to(1, present));
    let mut own = good.clone();
    let before = std::mem::replace(&mut s.lab.parties.validators, keys(2..=8));
    s.lab.parties.certify_hand_over(&mut own);
    s.lab.parties.validators = before;
    let one_node = other(s, 1, |set| set[1].node_key = set[0].node_key);
    let weak = other(s, 1, |set| set[0].engine_key = [0; 32]);
    let hidden = other(s, 1, |set| set[1].name.en.push('\u{200b}'));
    let nowhere = other(s, 1, |set| set[0].origin.clear());
    let unaccepted = {
        let mut h = good.clone();
        let message = h.certified(&s.lab.network().id());
        use ed25519_dalek::Signer as _;
        h.accepted = keys(2..=8)
            .iter()
            .map(|k| k.sign(&message).to_bytes())
            .collect();
        s.lab.parties.certify_hand_over(&mut h);
        entry(&h)
    };
    let at =
        |s: &mut Story, until| entry(&s.lab.hand_over_until(1, good.validators.clone(), until));
    let voted = s.time_after(h.voted);
    let week = board::state::HAND_OVER_MS;
    let (over, last) = (at(s, voted), at(s, voted + 1));
    let (early, first) = (at(s, voted + week + 1), at(s, voted + week));
    let skipped = other(s, 2, |_| ());
    let repeated = other(s, 0, |_| ());
    let mut g = group("block-hand-over", "hand-overs of the validators")
        .good("while voting is open", s.next(h.voted, vec![entry(&good)]))
        .good("before voting opens", s.next(h.seal, vec![entry(&good)]))
        .good("after the result", s.next(h.result, vec![entry(&good)]))
        .with(
            "before the seal",
            s.next(h.ceremony, vec![entry(&good)]),
            "R5.03",
        )
        .with(
            "two in one block",
            s.next(h.voted, vec![entry(&good), entry(&second)]),
            "R5.58",
        )
        .with("a number left out", s.next(h.voted, vec![skipped]), "R5.58")
        .with(
            "the present number",
            s.next(h.voted, vec![repeated]),
            "R5.58",
        )
        .with("the present set", s.next(h.voted, vec![same]), "R5.58")
        .with("a node key twice", s.next(h.voted, vec![one_node]), "R5.58")
        .with(
            "an engine key of small order",
            s.next(h.voted, vec![weak]),
            "R5.58",
        )
        .with(
            "a name with a hidden character",
            s.next(h.voted, vec![hidden]),
            "R5.58",
        )
        .with(
            "accepted in the old set's namespace",
            s.next(h.voted, vec![unaccepted]),
            "R5.75",
        )
        .good(
            "a millisecond before the expiry",
            s.next(h.voted, vec![last]),
        )
        .with("at the expiry", s.next(h.voted, vec![over]), "R5.76")
        .good("seven days before the expiry", s.next(h.voted, vec![first]))
        .with(
            "more than seven days before the expiry",
            s.next(h.voted, vec![early]),
            "R5.76",
        )
        .with("no address", s.next(h.voted, vec![nowhere]), "R5.58")
        .with(
            "certified by the new set",
            s.next(h.voted, vec![entry(&own)]),
            "R5.59",
        );
    for (rule, name, change) in CHANGES {
        let mut changed = good.clone();
        change(&mut changed);
        g = g.with(name, s.next(h.voted, vec![entry(&changed)]), rule);
    }
    g
}
