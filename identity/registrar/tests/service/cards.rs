//! Test cards, made once and kept between runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use vcard::persona::make::{Order, make};
use vcard::{PersonaKind, TestPki};

/// 2019-08-23 08:30 in Japan: the opening of the vote this program descends from.
pub const OPENING_MS: u64 = 1_566_516_600_000;
/// How many ordinary cards there are: `p001` to `p012`.
pub const PEOPLE: usize = 12;

/// A card as the booth sees it after the PIN.
pub struct TestCard {
    pub certificate: Vec<u8>,
    pub serial: String,
    pub subject: String,
    key: PKey<Private>,
}

impl TestCard {
    /// The PKCS#1 v1.5 signature with SHA-256 that the card makes.
    pub fn sign(&self, text: &[u8]) -> Vec<u8> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key).unwrap();
        signer.sign_oneshot_to_vec(text).unwrap()
    }
}

pub struct Cards {
    dir: PathBuf,
    pub pki: TestPki,
}

impl Cards {
    pub fn get() -> Self {
        let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("registrar-cards-1");
        let dir = base.join("data");
        fs::create_dir_all(&base).unwrap();
        // Tests run in processes of their own: one makes the cards, the others wait.
        let lock = fs::File::create(base.join("lock")).unwrap();
        lock.lock().unwrap();
        if !base.join("done").exists() {
            let photos = base.join("photos");
            fs::create_dir_all(&photos).unwrap();
            fs::write(photos.join("a.jp2"), b"a photo nobody looks at here").unwrap();
            let kinds = [
                PersonaKind::Expired,
                PersonaKind::Revoked,
                PersonaKind::IssuedAfterOpening,
                PersonaKind::RogueAuthority,
            ];
            make(&Order {
                data: dir.clone(),
                seed: 7,
                count: PEOPLE,
                opening_ms: OPENING_MS,
                photo_dir: photos,
                extra: kinds
                    .into_iter()
                    .map(|kind| (kind, 1))
                    .collect::<BTreeMap<_, _>>(),
                cache: Some(base.join("keys")),
            })
            .unwrap();
            fs::write(base.join("done"), b"").unwrap();
        }
        let pki = TestPki::load(&dir.join("pki")).unwrap();
        Self { dir, pki }
    }

    pub fn trust_json(&self) -> String {
        self.pki.trust_json().unwrap()
    }

    pub fn card(&self, id: &str) -> TestCard {
        let dir = self.dir.join("personas").join(id);
        let persona: serde_json::Value =
            serde_json::from_slice(&fs::read(dir.join("persona.json")).unwrap()).unwrap();
        let text = |name: &str| persona[name].as_str().unwrap().to_owned();
        TestCard {
            certificate: fs::read(dir.join("auth.der")).unwrap(),
            serial: text("serial"),
            subject: text("subject_cn"),
            key: PKey::private_key_from_der(&fs::read(dir.join("auth.p8")).unwrap()).unwrap(),
        }
    }

    pub fn person(&self, n: usize) -> TestCard {
        self.card(&format!("p{:03}", n + 1))
    }
}
