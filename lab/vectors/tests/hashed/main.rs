//! The registry of hashed statements (`docs/spec/hashed-fields.toml`) against the code.
//!
//! Each statement is put together here from its fields in the registry's order and must give what
//! the shipping code gives: so no field is missing from the registry and it has no field that is
//! not hashed. Then every field alone is changed: no hash, challenge or signature survives.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a broken fixture is a failed test"
)]

mod ballots;
mod ceremonies;
mod chain;
mod credentials;
mod entries;
mod notation;
mod promises;
mod statement;
mod sums;

use std::collections::BTreeMap;

/// Purpose → fields in order, of the statements that the registry says are tried here.
fn registry() -> BTreeMap<String, Vec<String>> {
    let text = include_str!("../../../../docs/spec/hashed-fields.toml");
    let table: toml::Table = text.parse().expect("TOML");
    let list = table["statement"].as_array().expect("a list");
    let here = list.iter().filter(|s| s["tested"].as_str() == Some("here"));
    here.map(|s| {
        let fields = s["fields"].as_array().expect("a list").iter();
        let fields = fields.map(|f| f.as_str().expect("a text").to_owned());
        let purpose = s["purpose"].as_str().expect("a text").to_owned();
        (purpose, fields.collect())
    })
    .collect()
}

#[test]
fn a_03_a_12_every_field_of_every_statement_is_in_the_registry_and_counts() {
    let tried = [
        notation::all(),
        promises::all(),
        ballots::all(),
        ceremonies::all(),
        credentials::all(),
        entries::all(),
        chain::all(),
        sums::all(),
    ];
    let tried: BTreeMap<String, Vec<String>> = tried.into_iter().flatten().collect();
    assert_eq!(tried, registry());
}

/// Purposes that a Schnorr key signs for, and all others of the registry.
#[test]
fn a_07_a_signature_for_one_purpose_is_none_for_another() {
    use crypto::schnorr::{SigningKey, verify};
    use rand_core::SeedableRng as _;
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(7);
    let key = SigningKey::generate(&mut rng);
    let purposes: Vec<String> = registry().into_keys().collect();
    assert!(purposes.len() > 40);
    for purpose in &purposes {
        let s = key.sign(purpose, b"one message", &mut rng);
        for other in &purposes {
            let good = verify(&key.public(), other, b"one message", &s).is_ok();
            assert_eq!(good, purpose == other, "{purpose} as {other}");
        }
    }
}
