//! Elections for which this program does not start.

use std::sync::Arc;
use std::sync::atomic::AtomicU8;

use ballot::manifest::{Entitled, ManifestError};
use host::clock::ManualClock;
use registrar::Registrar;
use registrar::service::{StartError, read_manifest};

use crate::cards::{Cards, OPENING_MS};
use crate::fixture::{config, election, keys, sealed, serve_list};

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
