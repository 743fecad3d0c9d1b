//! Setup, ceremony and seal on the board.

use super::{Story, group};
use crate::file::Group;
use board::entry::{CeremonyEntry, Entry};
use ceremony::Message;
use crypto::Hash;
use crypto::signed::Signed;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;

pub fn setups(s: &mut Story) -> Group {
    let authority = s.lab.parties.authority.clone();
    let stranger = s.lab.parties.officers[0].clone();
    let first = s.lab.chain[s.at.setup].block.entries[0].clone();
    let network = s.lab.network().to_bytes();
    let other = s.setup(&authority, |x| x.id = "another".into());
    let cases = [
        (
            "R5.06",
            "a setup for another network",
            s.setup(&authority, |x| x.network[0] ^= 1),
        ),
        (
            "R5.07",
            "a setup signed by another key",
            s.setup(&stranger, |_| ()),
        ),
        (
            "R5.08",
            "one officer",
            s.setup(&authority, |x| x.officers.truncate(1)),
        ),
        (
            "R5.08",
            "an officer's key twice",
            s.setup(&authority, |x| {
                x.officers[1].key = x.officers[0].key;
            }),
        ),
        (
            "R5.08",
            "a trustee without name",
            s.setup(&authority, |x| drop(x.trustee_names.pop())),
        ),
        (
            "R5.08",
            "a trustee's name with a hidden character",
            s.setup(&authority, |x| x.trustee_names[1].ja.push('\u{200b}')),
        ),
        (
            "R5.08",
            "an id that is empty",
            s.setup(&authority, |x| x.id.clear()),
        ),
        (
            "R5.10",
            "an authority that is not listed",
            s.setup(&stranger, |x| {
                x.authority = stranger.public();
            }),
        ),
        ("R5.01", "one byte", vec![1]),
        ("R5.01", "version 1", [&[1][..], &first[1..]].concat()),
        ("R5.01", "an unknown type", vec![2, 28]),
        ("R5.01", "a network outside genesis", network),
        ("R5.01", "a byte after the end", [&first[..], &[0]].concat()),
    ];
    let mut g = group("block-setup", "a setup behind the genesis block or later")
        .good("the first setup", s.next(0, vec![first.clone()]))
        .good("a second election", s.next(s.at.result, vec![other]))
        .with(
            "the same setup twice",
            s.next(s.at.setup, vec![first]),
            "R5.04",
        );
    for (rule, name, entry) in cases {
        g = g.with(name, s.next(0, vec![entry]), rule);
    }
    g
}

pub fn sealing(s: &mut Story) -> Group {
    let h = s.at;
    let message = Message::Commit(Hash([1; 64]));
    let known = s.lab.ceremony_entry(1, message.clone());
    let unknown = CeremonyEntry {
        setup: s.lab.setup,
        trustee: 4,
        message: message.clone(),
    };
    let unknown = unknown.signed(&s.lab.parties.trustees[0], &mut s.lab.rng);
    let foreign = CeremonyEntry {
        setup: s.lab.setup,
        trustee: 2,
        message: message.clone(),
    };
    let foreign = foreign.signed(&s.lab.parties.trustees[0], &mut s.lab.rng);
    let lost = CeremonyEntry {
        setup: Hash([3; 64]),
        trustee: 1,
        message,
    };
    let lost = lost.signed(&s.lab.parties.trustees[0], &mut s.lab.rng);
    let entry = |c: Signed<CeremonyEntry>| Entry::Ceremony(Box::new(c)).encode();
    let early = s.lab.ceremony_entry(1, Message::Confirm).encode();
    let close = s.lab.manifest.as_ref().expect("sealed").manifest.close_at;
    let good = s.lab.chain[h.seal].block.entries[0].clone();
    let again = Entry::Seal(Box::new(s.sealed_again())).encode();
    let mut unsigned = s.sealed_again();
    unsigned.trustee_signatures.truncate(1);
    let unsigned = Entry::Seal(Box::new(unsigned)).encode();
    let cases = [
        (
            "R5.01",
            "a seal with a byte after the end",
            [&good[..], &[0]].concat(),
        ),
        (
            "R5.03",
            "a seal of an unknown setup",
            s.seal(|m| m.setup = Hash([3; 64])),
        ),
        (
            "R1.04",
            "a seal with a window after the close",
            s.seal(|m| {
                m.channels[0].windows[0].closes += 1;
            }),
        ),
        ("R1.08", "a seal with one trustee", unsigned),
        (
            "R5.11",
            "a manifest with another id",
            s.seal(|m| m.id = "another".into()),
        ),
        (
            "R5.11",
            "a manifest with another officer's name",
            s.seal(|m| {
                m.officers[0].name = ballot::text::Text::new("別人", "another", "別人");
            }),
        ),
        (
            "R5.12",
            "a manifest with another joint key",
            s.seal(|m| {
                m.trustees.joint = m.authority;
            }),
        ),
        (
            "R5.12",
            "a manifest with another root",
            s.seal(|m| m.trustees.ceremony_root.0[0] ^= 1),
        ),
        (
            "R5.13",
            "a manifest with fewer validators",
            s.seal(|m| drop(m.validators.pop())),
        ),
    ];
    let other_order = s.seal(|m| m.validators.reverse());
    let mut g = group("block-seal", "ceremony and seal")
        .good("a first message", s.next(h.setup, vec![known.encode()]))
        .with(
            "a sender who is not on the roster",
            s.next(h.setup, vec![entry(unknown)]),
            "R2.11",
        )
        .with(
            "a message signed by another",
            s.next(h.setup, vec![entry(foreign)]),
            "R5.09",
        )
        .with(
            "a message for another setup",
            s.next(h.setup, vec![entry(lost)]),
            "R5.03",
        )
        .with(
            "a confirmation in round 1",
            s.next(h.setup, vec![early.clone()]),
            "R2.03",
        )
        .good("a seal", s.next(h.ceremony, vec![good.clone()]))
        .good(
            "validators in another order",
            s.next(h.ceremony, vec![other_order]),
        )
        .with(
            "a seal before the ceremony ends",
            s.next(h.ceremony - 1, vec![good.clone()]),
            "R5.12",
        )
        .with(
            "a seal at the close",
            s.blocks(h.ceremony, &[(close, vec![good])]),
            "R5.14",
        )
        .with("a second seal", s.next(h.seal, vec![again]), "R5.05")
        .with(
            "a message after the seal",
            s.next(h.seal, vec![early]),
            "R5.05",
        );
    for (rule, name, entry) in cases {
        g = g.with(name, s.next(h.ceremony, vec![entry]), rule);
    }
    g
}
