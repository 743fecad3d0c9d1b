//! One receipt, good and damaged in every part.

use crate::chain::{ask, entry, manifest, options, receipt, trust};
use board::receipt::Receipt;
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, certify};
use verify::Status;
use web_verify::pins::Pins;
use web_verify::receipt::{Report, check, failed};

fn with_votes() -> (Lab, Receipt, Vec<u8>) {
    let mut lab = Lab::open(options());
    let ballots: Vec<Vec<u8>> = (0..5).map(|i| lab.ballot(i, 1).to_bytes()).collect();
    lab.post(&ballots);
    let hash = board::entry_hash(&ballots[2]);
    let (receipt, entry) = (receipt(&lab, &hash), entry(&lab, &hash));
    (lab, receipt, entry)
}

fn pins(lab: &Lab) -> Pins {
    Pins::read(Some(&trust(lab)), None).unwrap()
}

fn judge(lab: &Lab, r: &Receipt, entry: &[u8]) -> Report {
    check(&pins(lab), &r.to_bytes(), Some(entry), None).unwrap()
}

#[test]
fn a_good_receipt_passes_every_step() {
    let (lab, r, entry) = with_votes();
    let report = judge(&lab, &r, &entry);
    assert!(report.ok && report.checks.iter().all(|l| l.status == Status::Passed));
    let facts = report.facts.unwrap();
    assert_eq!((facts.code, facts.height), (r.code.clone(), r.height));
    // Only the manifest at hand: the same, but nothing was pinned.
    let open = Pins::read(None, Some(&manifest(&lab))).unwrap();
    let typed = r.code.replace('-', " ").to_lowercase();
    let report = check(&open, &r.to_bytes(), None, Some(&typed)).unwrap();
    assert!(report.ok && !report.compare.trusted);
    // The booth's file repeats the bytes in JSON.
    let file = serde_json::json!({"version": 1, "bytes": crypto::hash::to_hex(&r.to_bytes())});
    let report = check(&pins(&lab), file.to_string().as_bytes(), Some(&entry), None).unwrap();
    assert!(report.ok);
}

#[test]
fn every_part_of_a_receipt_is_checked_under_its_rule() {
    let (lab, good, entry) = with_votes();
    let digest = good.headers[0].digest();
    let signed = |signers: &[usize]| certify(&lab.parties, good.height, digest, signers);
    let mut others = signed(&[0, 1, 2]);
    let end = others.len() - 1;
    others[end] ^= 1;
    type Change = Box<dyn Fn(&mut Receipt)>;
    let few = signed(&[0, 1]);
    let changes: [(&str, Change); 9] = [
        ("R6.25", Box::new(|r| r.certificate[0] = 1)),
        ("R6.31", Box::new(|r| r.pictures = Some([1, 8]))),
        (
            "R6.31",
            Box::new(|r| r.code = "00000-00000-00000-00000".into()),
        ),
        ("R6.32", Box::new(|r| r.height += 1)),
        ("R6.32", Box::new(|r| r.headers[0].network[0] ^= 1)),
        ("R6.33", Box::new(|r| r.index ^= 1)),
        ("R6.33", Box::new(|r| r.path[0][0] ^= 1)),
        ("R6.23", Box::new(move |r| r.certificate.clone_from(&few))),
        (
            "R6.24",
            Box::new(move |r| r.certificate.clone_from(&others)),
        ),
    ];
    for (rule, change) in changes {
        let mut r = good.clone();
        change(&mut r);
        let report = judge(&lab, &r, &entry);
        assert_eq!(failed(&report).as_deref(), Some(rule));
        assert!(!report.ok && report.facts.is_none());
    }
    let mut bytes = good.to_bytes();
    bytes.push(0);
    let report = check(&pins(&lab), &bytes, None, None).unwrap();
    assert_eq!(failed(&report).as_deref(), Some("R6.30"));
    let last = report.checks.last().unwrap();
    assert_eq!(last.status, Status::NotReached);
}

#[test]
fn a_17_a_receipt_of_another_ballot_is_not_the_one_that_was_typed() {
    let (mut lab, good, _) = with_votes();
    let other = lab.cast(7, 0);
    let (bytes, _) = ask(&lab, &other.entry_hash());
    let report = check(&pins(&lab), &bytes, None, Some(&good.code)).unwrap();
    assert_eq!(failed(&report).as_deref(), Some("R6.31"));
}

#[test]
fn validators_of_another_network_do_not_count() {
    let (lab, good, entry) = with_votes();
    let other = Lab::new(testkit::election::Options {
        validators: 7,
        ..options()
    });
    let report = check(&pins(&other), &good.to_bytes(), Some(&entry), None).unwrap();
    assert_eq!(failed(&report).as_deref(), Some("R6.32"));
    assert!(!lab.chain.is_empty());
}
