//! Elections for which this program does not start.

use std::sync::Arc;
use std::sync::atomic::AtomicU8;

use api::hex::Hex;
use ballot::manifest::{Entitled, ManifestError};
use evidence::AuditorKey;
use host::clock::ManualClock;
use registrar::Registrar;
use registrar::keys::Keys;
use registrar::service::{StartError, read_manifest};

use crate::cards::{Cards, OPENING_MS};
use crate::fixture::{CLOSE_MS, config, election, keys, sealed, serve_list};
use crate::kept_keys::{pass, write};

#[tokio::test]
async fn a_50_rejects_r1_10_the_other_kind_and_an_election_that_asks_for_codes() {
    let folder = tempfile::tempdir().unwrap();
    let (cards, clock) = (Cards::get(), ManualClock::new(OPENING_MS));
    let crl = serve_list(Cards::get(), clock.clone(), Arc::new(AtomicU8::new(0))).await;
    let keys = keys(0);
    let mut lab = election(&[&keys], vec![[9; 32]], Vec::new());
    // The election is for practice.
    let mut given = config(&folder, sealed(&lab), &cards, crl);
    assert!(read_manifest(&given).is_ok());
    given.practice = false;
    let refused = read_manifest(&given).map(drop);
    assert!(
        matches!(refused, Err(StartError::Manifest(ManifestError::Practice))),
        "{refused:?}"
    );
    let mut manifest = sealed(&lab).manifest.clone();
    manifest.practice = false;
    manifest.registrars[0].salt_depth = 16;
    let real = lab.parties.seal(manifest, &mut lab.rng);
    given = config(&folder, &real, &cards, crl);
    let refused = read_manifest(&given).map(drop);
    assert!(
        matches!(refused, Err(StartError::Manifest(ManifestError::Practice))),
        "{refused:?}"
    );
    // Nobody can show a code to this program, so nobody is served as if none were asked for.
    let mut manifest = sealed(&lab).manifest.clone();
    manifest.eligibility.entitled = Entitled::Codes;
    let codes = lab.parties.seal(manifest, &mut lab.rng);
    given = config(&folder, &codes, &cards, crl);
    let started = Registrar::with_keys(&given, folder.path(), keys, clock.wall()).await;
    let refused = started.map(drop);
    assert!(matches!(refused, Err(StartError::Codes)), "{refused:?}");
}

/// Keys as they are read after somebody put this card key in place of the first registrar's.
fn keys_with(card: Option<&Keys>) -> Keys {
    let folder = tempfile::tempdir().unwrap();
    write(&keys(0), folder.path());
    std::fs::remove_file(folder.path().join("card.key")).unwrap();
    if let Some(other) = card {
        let from = tempfile::tempdir().unwrap();
        write(other, from.path());
        let file = from.path().join("card.key");
        std::fs::copy(file, folder.path().join("card.key")).unwrap();
    }
    Keys::read(folder.path(), &pass()).unwrap()
}

/// With another card key every person would get another key and nobody could vote again: the
/// database and the public part know the one that the election began with.
pub async fn other_card_key(database: String) {
    let folder = tempfile::tempdir().unwrap();
    let (cards, clock) = (Cards::get(), ManualClock::new(OPENING_MS));
    let crl = serve_list(Cards::get(), clock.clone(), Arc::new(AtomicU8::new(0))).await;
    let (own, other) = (keys(0), keys(1));
    let auditors = (1..=3).map(|n| *AuditorKey::from_bytes(&[n; 32]).unwrap().public());
    let auditors = auditors.collect();
    let lab = election(&[&own], auditors, Vec::new());
    let mut given = config(&folder, sealed(&lab), &cards, crl);
    given.database = Some(database);
    let start = async |keys: Keys| {
        let started = Registrar::with_keys(&given, folder.path(), keys, clock.wall()).await;
        started.map(drop)
    };
    let public = folder.path().join("public.json");
    let part = own.public_part("r", "登", "r", "https://r.example");
    assert_eq!(part.card, own.card_commitment().map(Hex));
    std::fs::write(&public, serde_json::to_vec(&part).unwrap()).unwrap();
    // Before the first start only the public part knows it.
    let refused = start(keys_with(Some(&other))).await.unwrap_err();
    assert!(refused.to_string().contains("public.json"), "{refused}");
    start(keys_with(Some(&own))).await.unwrap();
    std::fs::remove_file(&public).unwrap();
    let refused = start(keys_with(Some(&other))).await.unwrap_err();
    assert!(
        matches!(refused, StartError::OtherCardKey("the database")),
        "{refused}"
    );
    let refused = start(keys_with(None)).await.unwrap_err();
    assert!(matches!(refused, StartError::NoCardKey), "{refused}");
    start(own).await.unwrap();
    // After the close it may be destroyed, and reports and evidence are still handed out.
    clock.set_ms(CLOSE_MS);
    start(keys_with(None)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registrar_does_not_start_with_another_card_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    other_card_key(format!("sqlite://{}", file.display())).await;
}
