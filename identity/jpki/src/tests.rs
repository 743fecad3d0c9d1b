//! Cards and authorities for this crate's tests.

use std::path::PathBuf;

use vcard::fixture::{self, OPENING_MS};
use vcard::{Card, PersonaKind, TestPki};

use crate::{AuthCertificate, TrustStore, Verified};

pub(crate) const HOUR: u64 = 3_600_000;
pub(crate) const OPENING: u64 = OPENING_MS;

pub(crate) struct Bench {
    dir: tempfile::TempDir,
    pub(crate) pki: TestPki,
    pub(crate) trust: TrustStore,
}

impl Bench {
    pub(crate) fn new(kinds: &[PersonaKind]) -> Self {
        let dir = tempfile::tempdir().expect("folder");
        fixture::make(dir.path(), kinds).expect("cards");
        let pki = TestPki::load(&dir.path().join("pki")).expect("pki");
        let trust = TrustStore::from_json(&pki.trust_json().expect("json")).expect("trust");
        Self { dir, pki, trust }
    }
    fn persona(&self, id: &str) -> PathBuf {
        self.dir.path().join("personas").join(id)
    }
    pub(crate) fn file(&self, id: &str, name: &str) -> Vec<u8> {
        std::fs::read(self.persona(id).join(name)).expect("file")
    }
    pub(crate) fn certificate(&self, id: &str) -> AuthCertificate {
        AuthCertificate::parse(&self.file(id, "auth.der")).expect("certificate")
    }
    pub(crate) fn verified(&self, id: &str) -> Verified {
        self.certificate(id)
            .verify(&self.trust, OPENING + HOUR)
            .expect("verified")
    }
    pub(crate) fn card(&self, id: &str) -> Card {
        Card::load(&self.persona(id)).expect("card")
    }
    pub(crate) fn photo(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.dir.path().join("photos").join(format!("{name}.jp2"))).expect("photo")
    }
}
