use super::*;
use crate::fixture;

const PIN_FILE: [u8; 7] = [0, 0xA4, 2, 0x0C, 2, 0, 0x18];

struct Deck {
    dir: tempfile::TempDir,
}

impl Deck {
    fn new(kinds: &[crate::PersonaKind]) -> Self {
        let dir = tempfile::tempdir().expect("folder");
        fixture::make(dir.path(), kinds).expect("cards");
        Self { dir }
    }
    fn card(&self, id: &str) -> Card {
        Card::load(&self.dir.path().join("personas").join(id)).expect("card")
    }
}

fn status(answer: &[u8]) -> u16 {
    let [.., a, b] = answer else {
        panic!("no status")
    };
    u16::from_be_bytes([*a, *b])
}

fn select(aid: &[u8]) -> Vec<u8> {
    [&[0, 0xA4, 4, 0x0C, 10][..], aid].concat()
}

fn verify(pin: &str) -> Vec<u8> {
    [&[0, 0x20, 0, 0x80, 4][..], pin.as_bytes()].concat()
}

fn wrong(card: &Card) -> &'static str {
    if card.persona().pin == "0000" {
        "0001"
    } else {
        "0000"
    }
}

#[test]
fn pin_counts_down_locks_and_stays_locked_after_reload() {
    let deck = Deck::new(&[]);
    let mut card = deck.card("p001");
    let wrong = wrong(&card);
    assert_eq!(status(&card.apdu(&select(&files::JPKI))), 0x9000);
    assert_eq!(status(&card.apdu(&PIN_FILE)), 0x9000);
    assert_eq!(status(&card.apdu(&[0, 0x20, 0, 0x80])), 0x63C3);
    for left in [2, 1, 0] {
        assert_eq!(status(&card.apdu(&verify(wrong))), 0x63C0 + left);
    }
    let right = card.persona().pin.clone();
    assert_eq!(status(&card.apdu(&verify(&right))), 0x6984);
    let mut again = deck.card("p001");
    again.apdu(&select(&files::JPKI));
    again.apdu(&PIN_FILE);
    assert_eq!(status(&again.apdu(&verify(&right))), 0x6984);
    assert_eq!(status(&again.apdu(&[0, 0x20, 0, 0x80])), 0x63C0);
    let mut other = deck.card("p002");
    other.apdu(&select(&files::JPKI));
    other.apdu(&PIN_FILE);
    let right = other.persona().pin.clone();
    assert_eq!(status(&other.apdu(&verify(&right))), 0x9000);
}

#[test]
fn a_right_pin_restores_the_tries_and_ends_with_another_application() {
    let deck = Deck::new(&[]);
    let mut card = deck.card("p001");
    let (right, wrong) = (card.persona().pin.clone(), wrong(&card));
    let sign = [&[0x80, 0x2A, 0, 0x80, 3][..], &[1, 2, 3], &[0]].concat();
    card.apdu(&select(&files::JPKI));
    card.apdu(&PIN_FILE);
    card.apdu(&verify(wrong));
    assert_eq!(status(&card.apdu(&verify(&right))), 0x9000);
    assert_eq!(card.tries_left(Secret::AuthPin), 3);
    card.apdu(&[0, 0xA4, 2, 0x0C, 2, 0, 0x17]);
    assert_eq!(card.apdu(&sign).len(), 258);
    card.apdu(&select(&files::SURFACE));
    card.apdu(&select(&files::JPKI));
    card.apdu(&[0, 0xA4, 2, 0x0C, 2, 0, 0x17]);
    assert_eq!(status(&card.apdu(&sign)), 0x6982);
}

#[test]
fn unknown_things_are_answered_as_a_real_card_does() {
    let deck = Deck::new(&[crate::PersonaKind::Foreign, crate::PersonaKind::PhoneToken]);
    let mut card = deck.card("p001");
    assert_eq!(status(&card.apdu(&select(&[9; 10]))), 0x6A82);
    assert_eq!(status(&card.apdu(&[0, 0xCA, 0, 0, 0])), 0x6D00);
    assert_eq!(status(&card.apdu(&[0xFF, 0, 0, 0])), 0x6E00);
    assert_eq!(status(&card.apdu(&[0])), 0x6700);
    assert_eq!(
        status(&deck.card("foreign-1").apdu(&select(&files::JPKI))),
        0x6A82
    );
    assert_eq!(
        status(&deck.card("phone-token-1").apdu(&select(&files::SURFACE))),
        0x6A82
    );
}

#[test]
fn faults_do_what_they_say() {
    let deck = Deck::new(&[]);
    let mut card = deck.card("p001");
    card.set_fault(PlantedFault::RemoveAt(2));
    assert_eq!(status(&card.apdu(&select(&files::JPKI))), 0x9000);
    assert!(card.apdu(&PIN_FILE).is_empty());
    card.set_fault(PlantedFault::StatusOn(0x20, 0x6983));
    card.apdu(&select(&files::JPKI));
    card.apdu(&PIN_FILE);
    assert_eq!(status(&card.apdu(&verify("1234"))), 0x6983);
    assert_eq!(card.tries_left(Secret::AuthPin), 3);
    card.set_fault(PlantedFault::NoExtended);
    card.apdu(&[0, 0xA4, 2, 0x0C, 2, 0, 0x0A]);
    assert_eq!(status(&card.apdu(&[0, 0xB0, 0, 0, 0, 4, 0])), 0x6700);
    assert_eq!(card.apdu(&[0, 0xB0, 0, 0, 0]).len(), 258);
}

#[test]
fn touching_the_my_number_is_counted() {
    let deck = Deck::new(&[]);
    let mut card = deck.card("p001");
    card.apdu(&select(&files::SURFACE));
    card.apdu(&[0, 0xA4, 2, 0x0C, 2, 0, 0x12]);
    assert_eq!(card.my_number_touched(), 0);
    card.apdu(&[0, 0xA4, 2, 0x0C, 2, 0, 0x05]);
    card.apdu(&select(&files::TEXT));
    card.apdu(&[0, 0xB0, 0x81, 0, 0]);
    assert_eq!(card.my_number_touched(), 1);
    card.apdu(&[0, 0xA4, 2, 0x0C, 2, 0, 0x14]);
    assert_eq!(card.my_number_touched(), 2);
}
