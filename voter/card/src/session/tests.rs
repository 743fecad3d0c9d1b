use std::sync::{Arc, Mutex};

use ballot::card_text::{AuthText, CredentialText, origin_hash};
use crypto::{Hash, Point};
use vcard::card::fault::PlantedFault;
use vcard::tries::Secret;
use vcard::{Card, PersonaKind, fixture};

use super::*;
use crate::in_process::{Apdu, InProcess};
use crate::transport::{Transport, TransportError};

#[derive(Clone)]
struct Shared(Arc<Mutex<Card>>, Arc<Mutex<Vec<Vec<u8>>>>);

impl Apdu for Shared {
    fn apdu(&mut self, command: &[u8]) -> Vec<u8> {
        self.1.lock().expect("log").push(command.to_vec());
        self.0.lock().expect("card").apdu(command)
    }
    fn power_cycle(&mut self) {
        self.0.lock().expect("card").power_cycle();
    }
}

struct Deck(tempfile::TempDir);

impl Deck {
    fn new(kinds: &[PersonaKind]) -> Self {
        let dir = tempfile::tempdir().expect("folder");
        fixture::make(dir.path(), kinds).expect("cards");
        Self(dir)
    }
    fn card(&self, id: &str) -> Shared {
        let card = Card::load(&self.0.path().join("personas").join(id)).expect("card");
        Shared(Arc::new(Mutex::new(card)), Arc::default())
    }
}

impl Shared {
    fn open(&self) -> Result<CardSession<InProcess<Self>>, CardError> {
        CardSession::open(InProcess::new(self.clone()))
    }
    fn pin(&self) -> Pin {
        Pin::parse(&self.0.lock().expect("card").persona().pin).expect("pin")
    }
    fn wrong_pin(&self) -> Pin {
        let right = self.0.lock().expect("card").persona().pin.clone();
        Pin::parse(if right == "0000" { "0001" } else { "0000" }).expect("pin")
    }
    fn number(&self) -> NumberB {
        NumberB::parse(&self.0.lock().expect("card").persona().pin_b).expect("number")
    }
    fn left(&self, secret: Secret) -> u8 {
        self.0.lock().expect("card").tries_left(secret)
    }
    fn fault(&self, fault: PlantedFault) {
        self.0.lock().expect("card").set_fault(fault);
    }
}

fn credential() -> CardText {
    CardText::Credential(CredentialText {
        election: Hash::ZERO,
    })
}

fn auth() -> CardText {
    CardText::Auth(AuthText {
        election: Hash::ZERO,
        origin: origin_hash("https://127.0.0.1:47101"),
        nonce: [7; 32],
        session_key: Point::base(),
        expiry_day: 20_000,
    })
}

/// The whole step as the booth does it.
fn whole_step(card: &Shared) -> Result<(Signature, Signature, RawSurface), CardError> {
    let mut session = card.open()?;
    let surface = session.read_surface(&card.number())?;
    session.sign_surface_nonce(&[5; 32])?;
    session.verify_pin(&card.pin(), LastTry::NotAgreed)?;
    let (one, two) = (session.sign(&auth())?, session.sign(&credential())?);
    session.close();
    Ok((one, two, surface))
}

#[test]
fn the_whole_step_takes_at_most_forty_commands_and_never_names_the_my_number() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    let (one, two, surface) = whole_step(&card).expect("step");
    assert_ne!(one, two);
    let log = card.1.lock().expect("log").clone();
    assert!(log.len() <= 40, "{} commands", log.len());
    assert_eq!(card.0.lock().expect("card").my_number_touched(), 0);
    let mut aid = Vec::new();
    for command in &log {
        match command.as_slice() {
            [0, 0xA4, 4, 0x0C, 10, rest @ ..] => aid = rest.to_vec(),
            [0, 0xA4, 2, 0x0C, 2, high, low] => {
                let id = u16::from_be_bytes([*high, *low]);
                assert_ne!(aid, vcard::card::files::TEXT);
                assert!(
                    aid != vcard::card::files::SURFACE || !matches!(id, 5 | 0x13),
                    "{id:04x}"
                );
            }
            [0, 0x20 | 0xB0, ..] | [0x80, 0x2A, ..] => {}
            other => panic!("unexpected command {other:02x?}"),
        }
    }
    // Nothing stays open behind the session.
    assert_eq!(aid, vcard::card::files::COMMON);
    let trust = std::fs::read_to_string(deck.0.path().join("pki/trust.json")).expect("trust");
    let trust = jpki::TrustStore::from_json(&trust).expect("trust");
    let record = jpki::SurfaceRecord::parse(&surface.record).expect("record");
    record
        .verify(&surface.municipality, &trust)
        .expect("signed");
    let session = card.open().expect("session");
    assert!(session.facts().test_card);
    let certificate = jpki::AuthCertificate::parse(session.certificate()).expect("certificate");
    certificate
        .check_signature(&auth().to_bytes(), &one[..])
        .expect("signature");
    certificate
        .check_signature(&credential().to_bytes(), &two[..])
        .expect("signature");
    assert!(
        certificate
            .check_signature(&auth().to_bytes(), &two[..])
            .is_err()
    );
}

#[test]
fn the_same_card_gives_the_same_credential_signature() {
    let deck = Deck::new(&[]);
    let make = |id: &str| whole_step(&deck.card(id)).expect("step").1;
    assert_eq!(make("p001"), make("p001"));
    assert_ne!(make("p001"), make("p002"));
}

#[test]
fn short_commands_do_as_well() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    let full = whole_step(&card).expect("extended").2;
    card.fault(PlantedFault::NoExtended);
    let short = whole_step(&card).expect("short").2;
    assert_eq!(full.record, short.record);
    card.fault(PlantedFault::ShortReads(100));
    assert_eq!(
        whole_step(&card).expect("short reads").2.record,
        full.record
    );
}

#[test]
fn wrong_pins_warn_stop_and_lock() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    let mut session = card.open().expect("session");
    let wrong = card.wrong_pin();
    assert_eq!(
        session.verify_pin(&wrong, LastTry::NotAgreed),
        Err(CardError::PinWrong { left: 2 })
    );
    assert_eq!(
        session.verify_pin(&wrong, LastTry::NotAgreed),
        Err(CardError::PinWrong { left: 1 })
    );
    // The last try is not sent without the voter's word, be the PIN right or wrong.
    assert_eq!(
        session.verify_pin(&wrong, LastTry::NotAgreed),
        Err(CardError::PinLastTry)
    );
    assert_eq!(
        session.verify_pin(&card.pin(), LastTry::NotAgreed),
        Err(CardError::PinLastTry)
    );
    assert_eq!(card.left(Secret::AuthPin), 1);
    assert_eq!(
        session.verify_pin(&wrong, LastTry::Agreed),
        Err(CardError::PinLocked)
    );
    assert_eq!(
        session.verify_pin(&card.pin(), LastTry::Agreed),
        Err(CardError::PinLocked)
    );
    session.close();
    assert_eq!(card.open().expect("session").facts().pin_tries, 0);
}

#[test]
fn the_right_pin_with_the_last_try() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    let mut session = card.open().expect("session");
    for _ in 0..2 {
        session
            .verify_pin(&card.wrong_pin(), LastTry::NotAgreed)
            .expect_err("wrong");
    }
    assert_eq!(session.verify_pin(&card.pin(), LastTry::Agreed), Ok(()));
    assert_eq!(session.pin_tries(), Ok(3));
    assert!(session.sign(&credential()).is_ok());
}

#[test]
fn special_cards_are_told_apart_when_opened() {
    let deck = Deck::new(&[
        PersonaKind::Foreign,
        PersonaKind::PhoneToken,
        PersonaKind::NoCertificate,
        PersonaKind::Locked,
        PersonaKind::NumberBLocked,
    ]);
    let open = |id: &str| deck.card(id).open().map(|session| session.facts().clone());
    assert_eq!(open("foreign-1"), Err(CardError::WrongCard));
    assert_eq!(open("phone-token-1"), Err(CardError::PhoneToken));
    assert_eq!(open("no-certificate-1"), Err(CardError::NoCertificate));
    assert_eq!(open("locked-1").expect("facts").pin_tries, 0);
    assert_eq!(open("number-b-locked-1").expect("facts").number_b_tries, 0);
    let locked = deck.card("locked-1");
    let mut session = locked.open().expect("session");
    assert_eq!(
        session.verify_pin(&locked.pin(), LastTry::Agreed),
        Err(CardError::PinLocked)
    );
    let blocked = deck.card("number-b-locked-1");
    let mut session = blocked.open().expect("session");
    assert_eq!(
        session.read_surface(&blocked.number()).map(|_| ()),
        Err(CardError::NumberBLocked)
    );
}

#[test]
fn a_wrong_number_b_counts_down() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    let mut session = card.open().expect("session");
    let wrong = NumberB::parse("00000000000000").expect("number");
    let got = session.read_surface(&wrong).map(|_| ());
    assert_eq!(got, Err(CardError::NumberBWrong { left: 9 }));
    assert_eq!(session.facts().number_b_tries, 9);
    assert!(session.read_surface(&card.number()).is_ok());
    assert_eq!(card.left(Secret::NumberB), 10);
}

#[test]
fn signing_needs_the_pin_and_reading_the_photo_ends_it() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    let mut session = card.open().expect("session");
    assert_eq!(
        session.sign(&credential()).map(|_| ()),
        Err(CardError::PinNeeded)
    );
    session
        .verify_pin(&card.pin(), LastTry::NotAgreed)
        .expect("pin");
    assert!(session.sign(&credential()).is_ok());
    session.read_surface(&card.number()).expect("photo");
    assert!(!session.pin_open());
    assert_eq!(
        session.sign(&credential()).map(|_| ()),
        Err(CardError::PinNeeded)
    );
    session.close();
    // Nor does a new session find the PIN open.
    let mut session = card.open().expect("session");
    assert_eq!(
        session.sign(&credential()).map(|_| ()),
        Err(CardError::PinNeeded)
    );
}

/// Something took the card's power between two commands: say what is needed, send nothing again.
#[test]
fn a_card_that_forgot_asks_for_the_secret_again() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    let mut session = card.open().expect("session");
    session
        .verify_pin(&card.pin(), LastTry::NotAgreed)
        .expect("pin");
    card.fault(PlantedFault::StatusOn(0x2A, 0x6982));
    assert_eq!(session.sign(&auth()).map(|_| ()), Err(CardError::PinNeeded));
    card.fault(PlantedFault::StatusOn(0xB0, 0x6982));
    let got = session.read_surface(&card.number()).map(|_| ());
    assert_eq!(got, Err(CardError::NumberBNeeded));
}

#[test]
fn a_false_signature_is_not_passed_on() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    let mut session = card.open().expect("session");
    session
        .verify_pin(&card.pin(), LastTry::NotAgreed)
        .expect("pin");
    card.fault(PlantedFault::BadSignature);
    assert_eq!(
        session.sign(&auth()).map(|_| ()),
        Err(CardError::BadSignature)
    );
}

/// Pull the card at every command of the step: always the same answer, never a panic, and the
/// tries are those of a card that was shown the right PIN or none.
#[test]
fn the_card_may_leave_at_any_moment() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    whole_step(&card).expect("step");
    let commands = u32::try_from(card.1.lock().expect("log").len()).expect("few");
    for n in 1..commands {
        card.fault(PlantedFault::RemoveAt(n));
        assert_eq!(
            whole_step(&card).map(|_| ()),
            Err(CardError::Removed),
            "command {n}"
        );
    }
    card.fault(PlantedFault::None);
    assert!(whole_step(&card).is_ok());
    assert_eq!(
        (card.left(Secret::AuthPin), card.left(Secret::NumberB)),
        (3, 10)
    );
}

/// Any status word at any command: an error of its own, and no try is lost.
#[test]
fn any_command_may_fail() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    whole_step(&card).expect("step");
    let commands = u32::try_from(card.1.lock().expect("log").len()).expect("few");
    for status in [0x6983, 0x6984, 0x6400, 0x6D00, 0x6A82, 0x63C1, 0x6282] {
        for n in 1..commands {
            card.fault(PlantedFault::StatusAt(n, status));
            if let Err(error) = whole_step(&card) {
                assert_ne!(error, CardError::Denied);
            }
            card.fault(PlantedFault::None);
            assert!(whole_step(&card).is_ok(), "after {status:04x} at {n}");
        }
    }
}

#[test]
fn damaged_files_are_errors() {
    let deck = Deck::new(&[]);
    let card = deck.card("p001");
    card.fault(PlantedFault::Garbage);
    assert!(matches!(
        card.open(),
        Err(CardError::Damaged
            | CardError::WrongCard
            | CardError::Certificate
            | CardError::Status(_))
    ));
}

struct Noise(u64);

impl Transport for Noise {
    fn transmit(&mut self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let mut rng = vcard::keys::SeedRng::new(self.0, "noise");
        self.0 = self.0.wrapping_add(1_000_003);
        let length = rng.index(300);
        let mut answer: Vec<u8> = (0..length)
            .map(|_| u8::try_from(rng.below(256)).unwrap_or(0))
            .collect();
        if rng.below(8) > 0 {
            answer.extend([0x90, 0x00]);
        }
        Ok(Zeroizing::new(answer))
    }
    fn power_off(&mut self) {}
}

#[test]
fn noise_is_not_a_card() {
    for seed in 0..300 {
        assert!(CardSession::open(Noise(seed)).is_err());
    }
}
