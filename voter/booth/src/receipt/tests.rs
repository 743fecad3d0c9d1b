//! The saved file: what a dispute reads from it is what the booth got.

use super::*;
use api::hex::HexBytes;
use api::papers::Paper;
use board::judgement::Judgement;
use crypto::signed::Statement as _;
use testkit::election::{Lab, Options};

/// A final ballot, its receipt, and two signed answers about it.
fn saved() -> (Lab, Receipt, Papers) {
    let mut lab = Lab::open(Options::small());
    let ballot = lab.ballot(0, 1).to_bytes();
    let entry = board::entry_hash(&ballot);
    let mut papers = Vec::new();
    for rule in [None, Some(board::rules::SEQ)] {
        let said = Judgement {
            network: lab.network().id(),
            entry,
            rule,
            height: lab.state.tip().height,
            time_ms: lab.now,
        };
        let key = lab.parties.nodes[0].clone();
        papers.push(Paper::of(key.public(), &said.signed(&key, &mut lab.rng)));
    }
    lab.post(std::slice::from_ref(&ballot));
    let stored = lab.chain.last().unwrap().clone();
    let headers = vec![stored.block.header];
    let certificate = stored.certificate.unwrap();
    let receipt = Receipt::new(&ballot, &[entry], 0, headers, certificate).unwrap();
    let papers = Papers {
        bytes: Some(HexBytes::of(receipt.to_bytes())),
        ballot: HexBytes::of(ballot),
        papers,
    };
    (lab, receipt, papers)
}

#[test]
fn a_32_the_saved_file_holds_ballot_receipt_and_every_answer() {
    let (lab, receipt, papers) = saved();
    let with = json(&receipt, &lab.election, &papers);
    let alone = papers_json(
        &lab.election,
        Some(&Papers {
            bytes: None,
            ..papers.clone()
        }),
        None,
    );
    for (text, has_receipt) in [(with, true), (alone, false)] {
        let read: Papers = serde_json::from_str(&text).unwrap();
        assert_eq!(read.ballot, papers.ballot);
        assert_eq!(read.papers, papers.papers);
        let bytes = read
            .bytes
            .map(|b| Receipt::from_bytes(b.as_bytes()).unwrap());
        assert_eq!(bytes, has_receipt.then(|| receipt.clone()));
        for paper in &read.papers {
            let (key, answer) = paper.read().unwrap();
            assert!(answer.verify(&key).is_ok());
        }
        // Keys that the format names, and no others (spec 08 §5).
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        let expected: &[&str] = if has_receipt {
            &[
                "ballot",
                "bytes",
                "certificate",
                "code",
                "election",
                "entry",
                "headers",
                "height",
                "index",
                "mark",
                "papers",
                "path",
                "version",
            ]
        } else {
            &["ballot", "bytes", "election", "papers", "version"]
        };
        let mut keys: Vec<&str> = keys.iter().map(|k| k.as_str()).collect();
        keys.sort_unstable();
        assert_eq!(keys, expected);
    }
}
