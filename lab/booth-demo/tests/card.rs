//! The booth's card edge against virtual cards: what the voter is told, and what is never asked
//! of a card.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::path::{Path, PathBuf};

use ballot::card_text::{CardText, CredentialText};
use booth::devices::{CardReader, ReaderPort};
use booth::fault::Fault;
use booth::ports::{CardPort as _, CardSigner as _};
use card::{Apdu, InProcess, LastTry, NumberB, Pin, Transport, TransportError};
use crypto::Hash;
use jpki::{AuthCertificate, TrustStore};
use tempfile::TempDir;
use vcard::persona::PersonaKind;
use vcard::persona::make::{Order, make};

const PHOTO: &[u8] = b"stands for the bytes of a photo; nobody decodes them here";

/// Every test has cards of its own: they remember wrong tries. Keys are kept between tests.
fn cards() -> TempDir {
    let data = TempDir::new().unwrap();
    let photos = data.path().join("photos");
    std::fs::create_dir_all(&photos).unwrap();
    std::fs::write(photos.join("1.jp2"), PHOTO).unwrap();
    let extra = [
        PersonaKind::ForgedPhoto,
        PersonaKind::Locked,
        PersonaKind::PhoneToken,
        PersonaKind::Foreign,
        PersonaKind::NoCertificate,
    ];
    make(&Order {
        data: data.path().to_owned(),
        seed: 7,
        count: 1,
        opening_ms: 1_800_000_000_000,
        photo_dir: photos,
        extra: extra
            .into_iter()
            .map(|kind| (kind, 1))
            .collect::<BTreeMap<_, _>>(),
        cache: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("keys")),
    })
    .unwrap();
    data
}

/// Readers, each with the card of a folder on it.
struct Readers(Vec<PathBuf>);
struct Lying(vcard::Card, PathBuf);

impl ReaderPort for Readers {
    fn readers(&mut self) -> Result<Vec<CString>, TransportError> {
        let names = self.0.iter().filter(|folder| lies(folder));
        let names: Vec<CString> = names.map(|folder| name(folder)).collect();
        if names.is_empty() {
            return Err(TransportError::NoCard);
        }
        Ok(names)
    }
    fn connect(&mut self, reader: &CStr) -> Result<Box<dyn Transport>, TransportError> {
        let mut all = self.0.iter();
        let folder = all.find(|folder| name(folder).as_c_str() == reader);
        let folder = folder.unwrap();
        let card = vcard::Card::load(folder).map_err(|_| TransportError::Mute)?;
        let lying = Lying(card, folder.join("removed"));
        Ok(Box::new(InProcess::new(lying)))
    }
    fn present(&mut self) -> bool {
        self.0.iter().any(|folder| lies(folder))
    }
}

fn lies(folder: &Path) -> bool {
    !folder.join("removed").exists()
}

fn name(folder: &Path) -> CString {
    CString::new(folder.to_str().unwrap()).unwrap()
}

impl Apdu for Lying {
    fn apdu(&mut self, command: &[u8]) -> Vec<u8> {
        if self.1.exists() {
            Vec::new()
        } else {
            self.0.apdu(command)
        }
    }
    fn power_cycle(&mut self) {
        self.0.power_cycle();
    }
}

struct Bench {
    port: CardReader,
    folder: PathBuf,
    pin: String,
    number: String,
    data: TempDir,
}

fn bench(persona: &str) -> Bench {
    let held = cards();
    let data = held.path();
    let trust = std::fs::read_to_string(data.join("pki/trust.json")).unwrap();
    let trust = TrustStore::from_json(&trust).unwrap();
    let folder = data.join("personas").join(persona);
    let listed = vcard::persona::list(data).unwrap();
    let own = listed.iter().find(|l| l.persona.id == persona).unwrap();
    Bench {
        port: CardReader::new(Box::new(Readers(vec![folder.clone()])), trust),
        pin: own.persona.pin.clone(),
        number: own.persona.pin_b.clone(),
        folder,
        data: held,
    }
}

impl Bench {
    fn pin(&self) -> Pin {
        Pin::parse(&self.pin).unwrap()
    }
    fn wrong_pin(&self) -> Pin {
        Pin::parse(if self.pin == "1111" { "2222" } else { "1111" }).unwrap()
    }
    fn number(&self) -> NumberB {
        NumberB::parse(&self.number).unwrap()
    }
}

#[test]
fn a_card_is_read_shown_the_pin_and_signs() {
    let mut b = bench("p001");
    let facts = b.port.open().unwrap();
    assert_eq!((facts.tries_left, facts.test_card), (3, true));
    assert_eq!(b.port.unlock(&b.pin(), LastTry::NotAgreed), Ok(()));
    assert!(b.port.unlocked());
    assert_eq!(&b.port.photo(&b.number()).unwrap().0[..], PHOTO);
    // Reading the photo ended the PIN: the card does not sign without it.
    let text = CardText::Credential(CredentialText {
        election: Hash([1; 64]),
    });
    assert!(!b.port.unlocked() && b.port.sign(&text).is_err());
    assert_eq!(b.port.unlock(&b.pin(), LastTry::NotAgreed), Ok(()));
    let one = b.port.sign(&text).unwrap();
    assert_eq!(
        *one,
        *b.port.sign(&text).unwrap(),
        "the same text, the same signature"
    );
    let certificate = b.port.certificate().unwrap();
    let certificate = AuthCertificate::parse(&certificate).unwrap();
    certificate
        .check_signature(&text.to_bytes(), one.as_ref())
        .unwrap();
}

#[test]
fn three_wrong_pins_lock_and_a_new_reading_still_finds_it_locked() {
    let mut b = bench("p001");
    b.port.open().unwrap();
    let said = [
        (LastTry::NotAgreed, Fault::PinWrong { left: 2 }),
        (LastTry::NotAgreed, Fault::PinWrong { left: 1 }),
        // Not shown to the card.
        (LastTry::NotAgreed, Fault::PinLast),
        (LastTry::Agreed, Fault::PinLocked),
    ];
    for (last, fault) in said {
        assert_eq!(b.port.unlock(&b.wrong_pin(), last), Err(fault));
    }
    b.port.close();
    assert_eq!(b.port.open().unwrap().tries_left, 0);
    assert_eq!(
        b.port.unlock(&b.pin(), LastTry::Agreed),
        Err(Fault::PinLocked)
    );
}

#[test]
fn the_right_pin_is_not_shown_either_when_the_last_try_was_not_agreed_to() {
    let mut b = bench("p001");
    b.port.open().unwrap();
    b.port.unlock(&b.pin(), LastTry::NotAgreed).unwrap();
    b.port.photo(&b.number()).unwrap();
    for _ in 0..2 {
        b.port
            .unlock(&b.wrong_pin(), LastTry::NotAgreed)
            .unwrap_err();
    }
    assert_eq!(
        b.port.unlock(&b.pin(), LastTry::NotAgreed),
        Err(Fault::PinLast)
    );
    assert!(!b.port.unlocked());
    assert_eq!(b.port.open().unwrap().tries_left, 1);
    assert_eq!(b.port.unlock(&b.pin(), LastTry::Agreed), Ok(()));
}

#[test]
fn a_wrong_number_counts_and_a_forged_photo_is_noticed() {
    let mut b = bench("p001");
    b.port.open().unwrap();
    let wrong = NumberB::parse("99999999999999").unwrap();
    assert!(matches!(
        b.port.photo(&wrong),
        Err(Fault::SurfaceWrong { left: Some(9) })
    ));
    let mut b = bench("forged-photo-1");
    b.port.open().unwrap();
    assert!(matches!(
        b.port.photo(&b.number()),
        Err(Fault::SurfaceSignature)
    ));
}

#[test]
fn every_unfit_card_has_its_own_message() {
    for (persona, fault) in [
        ("phone-token-1", Fault::PhoneToken),
        ("foreign-1", Fault::WrongCard),
        ("no-certificate-1", Fault::NoCertificate),
    ] {
        assert_eq!(bench(persona).port.open().unwrap_err(), fault, "{persona}");
    }
    assert_eq!(bench("locked-1").port.open().unwrap().tries_left, 0);
}

/// Two readers, and the voter's card is on the other one: a staff pass, or a card that cannot vote,
/// does not hide it. Without a good card the voter hears about the one that is nearly right.
#[test]
fn every_reader_is_looked_at() {
    for (personas, expected) in [
        (["foreign-1", "p001"], Ok(3)),
        (["p001", "foreign-1"], Ok(3)),
        (["no-certificate-1", "p001"], Ok(3)),
        (["phone-token-1", "p001"], Ok(3)),
        (["foreign-1", "no-certificate-1"], Err(Fault::NoCertificate)),
        (["no-certificate-1", "foreign-1"], Err(Fault::NoCertificate)),
        (["foreign-1", "foreign-1"], Err(Fault::WrongCard)),
    ] {
        let mut b = bench("p001");
        let folders = personas.map(|persona| b.folder.with_file_name(persona));
        let trust = std::fs::read_to_string(b.data.path().join("pki/trust.json")).unwrap();
        let trust = TrustStore::from_json(&trust).unwrap();
        b.port = CardReader::new(Box::new(Readers(folders.to_vec())), trust);
        let found = b.port.open().map(|facts| facts.tries_left);
        assert_eq!(found, expected, "{personas:?}");
        let pin = b.pin();
        let unlocked = b.port.unlock(&pin, LastTry::NotAgreed);
        assert_eq!(unlocked.is_ok(), expected.is_ok(), "{personas:?}");
    }
}

#[test]
fn a_card_that_leaves_is_gone_at_every_step_and_can_come_back() {
    let mut b = bench("p001");
    b.port.open().unwrap();
    let identity = b.port.open().unwrap().identity;
    std::fs::write(b.folder.join("removed"), "").unwrap();
    assert!(!b.port.present());
    assert_eq!(
        b.port.unlock(&b.pin(), LastTry::NotAgreed),
        Err(Fault::CardGone)
    );
    assert!(matches!(b.port.photo(&b.number()), Err(Fault::CardGone)));
    assert_eq!(b.port.open().unwrap_err(), Fault::NoCard);
    std::fs::remove_file(b.folder.join("removed")).unwrap();
    let facts = b.port.open().unwrap();
    assert_eq!(
        (facts.identity, facts.tries_left),
        (identity, 3),
        "no try was used"
    );
}
