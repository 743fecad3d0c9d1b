//! Readers who follow hand-overs, and receipts of several terms.

use super::{committee_of, follow};
use crate::chapter05::handover::{entry, keys};
use crate::file::{Answer, Group};
use crate::input::{In, hex};
use crate::manifest::small;
use board::Receipt;
use board::entry::{Entry, HandOver};
use crypto::wire::TopLevel as _;
use serde_json::{Value, json};
use testkit::election::Lab;

fn compute_follow(i: In<'_>, shared: In<'_>) -> Answer {
    let mut committee = committee_of(shared);
    let all = i.list("hand_overs").iter();
    let steps = all.map(|step| In(step.as_object().expect("an object")));
    for step in steps {
        if let Err(rule) = follow(&mut committee, step) {
            return Answer::refuse(rule);
        }
    }
    let keys: Vec<Value> = committee.keys().iter().map(hex).collect();
    Answer::accept(json!({"epoch": committee.epoch(), "committee": keys}))
}

/// A reader who has the entries and not the blocks, and receipts of two terms.
pub(super) fn terms() -> (Group, Vec<(String, Value, String)>) {
    let mut lab = Lab::open(small());
    let first = lab.hand_over(&keys(2..=8));
    let mut bad = first.clone();
    bad.certificate.truncate(1);
    let step = |lab: &mut Lab, h: &HandOver, set| {
        lab.post_one(&Entry::HandOver(Box::new(h.clone())));
        lab.parties.validators = set;
        lab.parties.epoch += 1;
        json!({"entry": hex(entry(h)), "height": lab.state.tip().height})
    };
    let one = step(&mut lab, &first, keys(2..=8));
    let handing = lab.chain.last().expect("a chain").block.clone();
    let ballot = lab.cast(0, 1).to_bytes();
    let block = lab.chain.last().expect("a chain").clone();
    let second = lab.hand_over(&keys(4..=7));
    let two = step(&mut lab, &second, keys(4..=7));
    let wrong = json!({"entry": hex(entry(&bad)), "height": one["height"]});
    let mut silent = first;
    silent.accepted[2] = silent.accepted[1];
    let unaccepted = json!({"entry": hex(entry(&silent)), "height": one["height"]});
    let earlier = json!({"entry": two["entry"], "height": one["height"]});
    let list = |steps: &[&Value]| json!({"hand_overs": steps});
    let group = Group::new(
        "hand-over",
        "a reader that follows hand-overs from the shared network on: its last set",
        compute_follow,
    )
    .good("nobody yet", list(&[]))
    .good("one", list(&[&one]))
    .good("two", list(&[&one, &two]))
    .with("the second without the first", list(&[&two]), "R5.58")
    .with("the same twice", list(&[&one, &one]), "R5.58")
    .with(
        "the second in the block of the first",
        list(&[&one, &earlier]),
        "R5.58",
    )
    .with("certified by one validator", list(&[&wrong]), "R5.59")
    .with("not accepted by one", list(&[&unaccepted]), "R5.75");
    let crossing = {
        let bytes = handing.entries[0].clone();
        let headers = vec![handing.header, block.block.header.clone()];
        let certificate = block.certificate.clone().expect("final");
        let hashes = [board::entry_hash(&bytes)];
        let receipt = Receipt::new(&bytes, &hashes, 0, headers, certificate).expect("inside");
        json!({"receipt": hex(receipt.to_bytes()), "entry": hex(&bytes), "hand_overs": [&one]})
    };
    let receipt = Receipt::new(
        &ballot,
        &[board::entry_hash(&ballot)],
        0,
        vec![block.block.header],
        block.certificate.expect("final"),
    )
    .expect("inside");
    let case = |steps: &[&Value]| json!({"receipt": hex(receipt.to_bytes()), "entry": hex(&ballot), "hand_overs": steps});
    let receipts = vec![
        (
            "in the second term".to_owned(),
            case(&[&one]),
            "accept".to_owned(),
        ),
        (
            "in the second of three terms".to_owned(),
            case(&[&one, &two]),
            "accept".to_owned(),
        ),
        (
            "in a term nobody told of".to_owned(),
            case(&[]),
            "R6.25".to_owned(),
        ),
        (
            "headers of two terms".to_owned(),
            crossing,
            "R6.26".to_owned(),
        ),
    ];
    (group, receipts)
}
