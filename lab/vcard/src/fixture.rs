//! One card of every kind in a temporary folder, for tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rsa::rand_core::RngCore as _;

use crate::error::{self, Error};
use crate::keys::SeedRng;
use crate::persona::make::{self, Order};
use crate::persona::{Listed, PersonaKind};

/// The opening of the vote in these tests: 22 January 2027, 8:30 in Japan.
pub const OPENING_MS: u64 = 1_800_574_200_000;

/// Every kind except the plain one.
pub const SPECIAL: [PersonaKind; 11] = [
    PersonaKind::Expired,
    PersonaKind::Revoked,
    PersonaKind::IssuedAfterOpening,
    PersonaKind::Locked,
    PersonaKind::NumberBLocked,
    PersonaKind::WrongFace,
    PersonaKind::PhoneToken,
    PersonaKind::Foreign,
    PersonaKind::NoCertificate,
    PersonaKind::RogueAuthority,
    PersonaKind::ForgedPhoto,
];

/// Makes `p001`, `p002` and one card of each of `kinds` in `dir`. Keys are kept in the build
/// folder. The photos are random bytes: what is on a card is not for the card to judge.
///
/// # Errors
/// When a file cannot be written.
pub fn make(dir: &Path, kinds: &[PersonaKind]) -> Result<Vec<Listed>, Error> {
    let photo_dir = dir.join("photos");
    error::make_dir(&photo_dir)?;
    for name in ["a", "b", "c"] {
        let mut photo = vec![0; 2000];
        SeedRng::new(7, name).fill_bytes(&mut photo);
        error::write(&photo_dir.join(format!("{name}.jp2")), &photo)?;
    }
    let extra: BTreeMap<PersonaKind, usize> = kinds.iter().map(|kind| (*kind, 1)).collect();
    let cache = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/test-card-keys");
    make::make(&Order {
        data: dir.to_owned(),
        seed: 1,
        count: 2,
        opening_ms: OPENING_MS,
        photo_dir,
        extra,
        cache: Some(cache),
    })
}
