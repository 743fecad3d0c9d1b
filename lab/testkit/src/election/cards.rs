//! Voters' cards: what the card step gives, made by both halves of the real protocol.

use ballot::OwnCard;
use ballot::credential::Secret;
use ballot::own_card::Place;
use ballot::own_card::booth::CardKeys;
use ballot::own_card::certificate_hash;
use ballot::own_card::registrar::{Nonce, PersonKey};
use crypto::{Hash, Point};
use rand_core::CryptoRng;

/// The secret for person keys of this test registrar.
fn secret_of(registrar: usize) -> [u8; 64] {
    [0xa0 + u8::try_from(registrar).expect("few registrars"); 64]
}

/// The person's keys of all registrars: the person is who holds this voting key.
fn person(election: &Hash, vk: &Point, registrars: usize) -> Vec<PersonKey> {
    let certificate = certificate_hash(vk.as_bytes());
    let key = |i| PersonKey::derive(&secret_of(i), election, &certificate).expect("a key");
    (0..registrars).map(key).collect()
}

/// The voter's blinded keys.
fn keys(election: &Hash, vk: &Point, person: &[PersonKey]) -> CardKeys {
    let share = crypto::hash::hash("test-voter", &[vk.as_bytes()]).0;
    let secret = Secret::derive(&[0; 256], &[share], election);
    let public: Vec<Point> = person.iter().map(PersonKey::public).collect();
    CardKeys::new(&secret, election, &public).expect("keys that do not cancel")
}

/// What the card step gives for this place with the card of the voter `card`: the ballot's own
/// voter, unless a test has somebody else's card in the reader.
pub fn card_step<R: CryptoRng + ?Sized>(place: &Place<'_>, card: &Point, rng: &mut R) -> OwnCard {
    let registrars = place.tokens.len();
    let person = person(place.election, card, registrars);
    let keys = keys(place.election, card, &person);
    if place.seq <= 1 {
        return OwnCard::first(keys.blinded().to_vec());
    }
    let drawn: Vec<_> = (0..registrars).map(|_| Nonce::draw(rng)).collect();
    let (nonces, public): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
    let asked = keys.ask(&public, place, rng).expect("one of each");
    let pairs = nonces.into_iter().zip(&person);
    let answers: Vec<_> = pairs
        .map(|(nonce, key)| nonce.answer(key, &asked.challenge()))
        .collect();
    asked.finish(&answers).expect("honest answers")
}
