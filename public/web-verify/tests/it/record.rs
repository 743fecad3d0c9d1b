//! A whole record as a tar in memory: the report is that of the program on disk.

use crate::chain::{options, trust};
use board::record::{Memory, ORDER};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::sync::OnceLock;
use testkit::election::Lab;
use verify::Trust;
use web_verify::record::{Usage, check};

fn lab() -> &'static Lab {
    static LAB: OnceLock<Lab> = OnceLock::new();
    LAB.get_or_init(|| Lab::finished(options(), &[&[1], &[2, 0], &[1], &[3]]))
}

/// Files one after the other, as a node packs them.
fn tar(record: &Memory, order: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    for name in order {
        let bytes = &record.0[*name];
        board::record::tar::write(&mut out, name, bytes.len() as u64, bytes.as_slice()).unwrap();
    }
    board::record::tar::end(&mut out).unwrap();
    out
}

fn report(bytes: &[u8]) -> verify::Report {
    check(bytes, Some(&trust(lab())), None, [1; 32], &mut |_, _| ()).unwrap()
}

#[test]
fn a_record_gives_the_report_of_the_native_verifier_with_progress() {
    let record = lab().record();
    let mut told = Vec::new();
    let mut tell = |done, all| told.push((done, all));
    let trust = trust(lab());
    let bytes = tar(&record, &ORDER);
    let found = check(&bytes, Some(&trust), None, [1; 32], &mut tell).unwrap();
    assert!(found.ok);
    let blocks = lab().chain.len() as u64 - 1;
    assert_eq!(
        (told.len() as u64, told.last()),
        (blocks, Some(&(blocks, blocks)))
    );
    let parsed = Trust::parse(&trust).unwrap();
    let mut rng = ChaCha20Rng::from_seed([2; 32]);
    let native = verify::verify(&record, Some(&parsed), &mut rng, &mut |_| ());
    assert_eq!(native.to_text(), found.to_text());
    let hash = lab().election.to_hex();
    let found = check(&bytes, None, Some(&hash), [1; 32], &mut |_, _| ()).unwrap();
    assert!(found.ok, "without a trust file one line is not compared");
}

#[test]
fn damage_is_refused_by_its_rule() {
    let good = lab().record();
    for (name, rule) in [
        ("manifest.bin", "R1."),
        ("entries.bin", "R"),
        ("blocks.bin", "R"),
        ("finality.bin", "R6.2"),
        ("view/result.json", "R8.06"),
    ] {
        let mut record = good.clone();
        let file = record.0.get_mut(name).unwrap();
        let middle = file.len() / 2;
        file[middle] ^= 4;
        let found = report(&tar(&record, &ORDER));
        let rules = found.failed_rules();
        let named = rules.first().is_some_and(|r| r.starts_with(rule));
        assert!(!found.ok && named, "{name}: {rules:?}");
    }
    let mut order = ORDER;
    order.swap(0, 1);
    assert_eq!(report(&tar(&good, &order)).failed_rules(), ["R8.01"]);
    assert_eq!(report(b"not a tar").failed_rules(), ["R8.01"]);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let bytes = tar(&lab().record(), &ORDER);
    let none = &mut |_, _| ();
    let bad = check(&bytes, Some(b"{}"), None, [1; 32], none);
    assert_eq!(bad.err(), Some(Usage::Trust));
    let bad = check(&bytes, None, Some("12"), [1; 32], none);
    assert_eq!(bad.err(), Some(Usage::Election));
    let other = crypto::Hash([9; 64]).to_hex();
    let found = check(&bytes, None, Some(&other), [1; 32], none).unwrap();
    assert_eq!(found.failed_rules(), ["R8.13"]);
}
