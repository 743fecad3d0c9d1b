use super::*;
use crate::public::Reported;
use std::collections::BTreeMap;

fn record() -> PublicRecord {
    let lab = testkit::election::Lab::sealed(testkit::election::Options::small());
    let leaves = (0..50u8).map(|n| [n; 32]).collect();
    let report = Reported {
        counts: Vec::new(),
        leaves,
    };
    PublicRecord {
        election: lab.election,
        manifest: lab.manifest.unwrap().manifest,
        close_block: [1; 32],
        result_block: [2; 32],
        counted: 0,
        overwritten: 0,
        reports: BTreeMap::from([((0, 20_840), report.clone()), ((1, 20_840), report)]),
    }
}

#[test]
fn a_sample_grows_without_changing_and_is_everything_in_the_end() {
    let record = record();
    let five = draw(&record, 0, 5);
    assert_eq!(five.len(), 5);
    assert!(five.is_subset(&draw(&record, 0, 6)));
    assert_eq!(draw(&record, 0, 1000).len(), 50);
    assert!(draw(&record, 0, 0).is_empty());
}

#[test]
fn a_57_every_field_of_a_sample_counts() {
    let own = record();
    let leaf = [7; 32];
    let hash = rank(&own, 0, &leaf);
    let fields: [&[u8]; 5] = [own.election.as_bytes(), &[1; 32], &[2; 32], &[0, 0], &leaf];
    assert_eq!(hash, crypto::hash::hash("audit-sample", &fields));
    let changes: [fn(&mut PublicRecord); 3] = [
        |r| r.election = Hash([9; 64]),
        |r| r.close_block = [9; 32],
        |r| r.result_block = [9; 32],
    ];
    for change in changes {
        let mut other = record();
        change(&mut other);
        assert_ne!(rank(&other, 0, &leaf), hash);
    }
    assert_ne!(rank(&own, 1, &leaf), hash);
    assert_ne!(rank(&own, 0, &[8; 32]), hash);
}
