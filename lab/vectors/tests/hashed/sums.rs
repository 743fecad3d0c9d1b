//! Chapter 07: counted set, target, shares and their commitments; chapter 08: the record's digest.

use crate::statement::{Field, Tried, challenge, field, hashed, holds, wire};
use crypto::merkle;
use crypto::wire::TopLevel as _;
use crypto::{Encoded, Point};
use curve25519_dalek::ristretto::RistrettoPoint;
use tally::{PartialDecryption, Target};
use testkit::election::{Lab, Options};

pub fn all() -> Vec<Tried> {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    lab.cast(1, 0);
    lab.close();
    let target = lab.on_board().target().expect("closed").clone();
    let (share, _) = lab.share(2);
    let key = lab.parties.shares[1].verification;
    vec![
        counted_set(&lab),
        tally_target(&target),
        share_commit(&target, &share),
        partial(&target, &key, &share),
        record(&lab),
    ]
}

fn counted_set(lab: &Lab) -> Tried {
    let leaves: Vec<merkle::Node> = lab
        .on_board()
        .voters()
        .map(|(vk, v)| merkle::leaf(&[vk.as_slice(), v.hash.as_bytes()].concat()))
        .collect();
    let frames = [
        field("election", lab.election.as_bytes()),
        field("count", 2u64.to_le_bytes()),
        field("root over key and entry hash", merkle::root(&leaves)),
    ];
    let root = lab.on_board().target().expect("closed").counted_root;
    hashed("counted-set", &frames, root.as_bytes())
}

fn tally_target(t: &Target) -> Tried {
    let frames = [vec![
        ("election", wire(&t.election)),
        ("close block", t.close_block.to_vec()),
        ("counted root", wire(&t.counted_root)),
        ("counted", t.counted.to_le_bytes().to_vec()),
        ("sums", wire(&t.aggregate)),
    ]];
    hashed("tally-target", &frames, t.digest().as_bytes())
}

fn share_commit(t: &Target, share: &PartialDecryption) -> Tried {
    let frames = [
        field("election", t.election.as_bytes()),
        field("target", t.digest().as_bytes()),
        field("partial decryption", share.to_bytes()),
    ];
    hashed("share-commit", &frames, share.commitment(t).as_bytes())
}

fn number(name: &'static str, n: u64) -> Vec<Field> {
    field(name, n.to_le_bytes())
}

fn partial(t: &Target, key: &Point, share: &PartialDecryption) -> Tried {
    let (image, proof) = &share.shares[1];
    let sum = &t.aggregate.contests()[0][1];
    let base = Encoded::from(sum.a.compress());
    let frames = [
        field("election", t.election.as_bytes()),
        number("trustee", 2),
        number("contest", 0),
        number("option", 1),
        field("close block", t.close_block),
        field("counted root", t.counted_root.as_bytes()),
        vec![
            ("P", key.as_bytes().to_vec()),
            ("A", base.0.to_vec()),
            ("D", image.0.to_vec()),
        ],
        vec![("t1", proof.t1.0.to_vec()), ("t2", proof.t2.0.to_vec())],
        field("label", "dleq"),
    ];
    holds("partial-decryption", &frames, |f| {
        let c = challenge("partial-decryption", f);
        let t1 = RistrettoPoint::mul_base(&proof.z) - key.point() * c;
        t1.compress().to_bytes() == proof.t1.0
    })
}

fn record(lab: &Lab) -> Tried {
    let frames = [
        field("election", lab.election.as_bytes()),
        field("digest of the last header", lab.state.digest()),
    ];
    let digest = board::replay::record_digest(&lab.state, &lab.election);
    hashed("record", &frames, digest.as_bytes())
}
