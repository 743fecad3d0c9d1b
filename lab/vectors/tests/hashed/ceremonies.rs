//! Chapter 02: commitments, proofs of knowledge, sealed shares, the transcript.

use crate::statement::{Field, Tried, changed, field, hashed, signed, wire, written};
use board::entry::Entry;
use ceremony::{Ceremony, HpkeSecret, Message, SealedShare, open_share};
use crypto::Hash;
use crypto::wire::{TopLevel as _, Wire, Writer};
use std::collections::BTreeMap;
use testkit::election::{Lab, Options};

pub fn all() -> Vec<Tried> {
    let lab = Lab::sealed(Options {
        n: 3,
        t: 2,
        ..Options::default()
    });
    let messages = messages(&lab);
    let ceremony = lab.on_board().ceremony();
    vec![
        commitment(ceremony, &messages),
        knowledge(ceremony, &messages),
        transcript(ceremony, &messages),
        root(ceremony, &messages),
        sealed_share(&lab, &messages),
    ]
}

/// (Tag, trustee) → message.
type Messages = BTreeMap<(u8, u16), Message>;

fn messages(lab: &Lab) -> Messages {
    let entries = lab.chain.iter().flat_map(|s| &s.block.entries);
    let ceremony = entries.filter(|e| e.get(1) == Some(&11));
    ceremony
        .map(|bytes| match Entry::decode(bytes).expect("canonical") {
            Entry::Ceremony(c) => ((wire(&c.body.message)[0], c.body.trustee), c.body.message),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn commitment(c: &Ceremony, m: &Messages) -> Tried {
    let Message::Commit(hash) = &m[&(1, 2)] else {
        panic!("a commitment")
    };
    let frames = [
        field("setup", c.setup().as_bytes()),
        field("roster", wire(c.roster())),
        field("trustee", 2u16.to_le_bytes()),
        field("reveal", m[&(2, 2)].to_bytes()),
    ];
    hashed("ceremony-commit", &frames, hash.as_bytes())
}

fn knowledge(c: &Ceremony, m: &Messages) -> Tried {
    let Message::Reveal {
        commitments,
        knowledge,
    } = &m[&(2, 2)]
    else {
        panic!("a reveal")
    };
    let fields: Vec<Field> = vec![
        ("setup", wire(c.setup())),
        ("roster", wire(c.roster())),
        ("trustee", 2u16.to_le_bytes().to_vec()),
        ("commitments", written(|w| w.list(commitments))),
    ];
    let message: Vec<u8> = fields.iter().flat_map(|(_, b)| b.clone()).collect();
    signed(
        "ceremony-knowledge",
        (&commitments[0], knowledge),
        &message,
        fields,
    )
}

/// One of the maps: for each trustee the id and what the message holds.
fn round(m: &Messages, tag: u8) -> Vec<u8> {
    let mut w = Writer::new();
    for ((_, id), message) in m.iter().filter(|((t, _), _)| *t == tag) {
        w.u16(*id);
        match message {
            Message::Commit(h) => h.write(&mut w),
            Message::Reveal { commitments, .. } => w.list(commitments),
            Message::Shares(list) => w.list(list),
            other => panic!("{other:?}"),
        }
    }
    w.finish()
}

fn transcript(c: &Ceremony, m: &Messages) -> Tried {
    let frames = [
        field("setup", c.setup().as_bytes()),
        field("roster", wire(c.roster())),
        vec![
            ("commitments", round(m, 1)),
            ("reveals", round(m, 2)),
            ("sealed shares", round(m, 3)),
            ("complaints", Vec::new()),
        ],
    ];
    hashed("ceremony-transcript", &frames, c.root().as_bytes())
}

fn root(c: &Ceremony, m: &Messages) -> Tried {
    let Message::Sign(signature) = &m[&(7, 1)] else {
        panic!("a signature")
    };
    let key = c.roster().member(1).expect("on the roster").key;
    let root = c.root();
    let fields = vec![("root", root.as_bytes().to_vec())];
    signed("ceremony-root", (&key, signature), root.as_bytes(), fields)
}

#[derive(Clone)]
struct Sealed {
    setup: Hash,
    from: u16,
    key: [u8; 32],
    share: SealedShare,
}

fn sealed_share(lab: &Lab, m: &Messages) -> Tried {
    let Message::Shares(list) = &m[&(3, 1)] else {
        panic!("shares")
    };
    let share = list.iter().find(|s| s.to == 2).expect("for trustee 2");
    let base = Sealed {
        setup: *lab.on_board().ceremony().setup(),
        from: 1,
        key: *lab.parties.boxes[1].expose(),
        share: share.clone(),
    };
    let open = |s: &Sealed| {
        let key = HpkeSecret::from_bytes(s.key);
        open_share(&s.setup, s.from, &key, &s.share).map(|share| *share)
    };
    assert!(open(&base).is_some());
    changed(
        "ceremony-share",
        &base,
        open,
        &[
            ("setup", |s| s.setup.0[0] ^= 1),
            ("from", |s| s.from = 3),
            ("to", |s| s.share.to = 3),
        ],
    )
}
