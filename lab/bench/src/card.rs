//! The voter's own card with two registrars: R4.02 for whoever checks ballots, the card step for the
//! booth, and the key proof for a registrar.

use crate::ours::Ours;
use ballot::OwnCard;
use ballot::credential::Secret;
use ballot::own_card::booth::CardKeys;
use ballot::own_card::key_proof::Owner;
use ballot::own_card::registrar::{Nonce, PersonKey};
use ballot::own_card::statement::{AuthStatement, Session};
use ballot::own_card::{Place, certificate_hash};
use crypto::schnorr::{Signature, SigningKey};
use crypto::{Hash, Point, Scalar};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::hint::black_box;

const ELECTION: Hash = Hash([7; 64]);
const REGISTRARS: u16 = 2;
const SALT: [u8; 64] = [6; 64];
const NONCE: [u8; 32] = [5; 32];

/// One registrar's half of a sitting.
struct Said {
    key: SigningKey,
    person: PersonKey,
    statement: AuthStatement,
    signature: Signature,
    response: Scalar,
}

/// A sitting of one voter and the further ballot made in it.
pub struct Card {
    secret: Secret,
    vk: Point,
    tokens: Vec<[u8; 256]>,
    certificate: Hash,
    session: Point,
    said: Vec<Said>,
    made: OwnCard,
    rng: ChaCha20Rng,
}

impl Default for Card {
    fn default() -> Self {
        Self::new()
    }
}

impl Card {
    /// Everybody is honest.
    ///
    /// # Panics
    /// Never with these keys.
    #[must_use]
    pub fn new() -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(12);
        let secret = Secret::derive(&[3; 256], &[SALT], &ELECTION);
        let certificate = certificate_hash(b"voter");
        let session = SigningKey::generate(&mut rng).public();
        let drawn: Vec<_> = (0..REGISTRARS).map(|_| Nonce::draw(&mut rng)).collect();
        let (nonces, public): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
        let mut card = Self {
            vk: secret.voting_key().public(),
            secret,
            tokens: vec![[1; 256], [2; 256]],
            certificate,
            session,
            said: Vec::new(),
            made: OwnCard::first(Vec::new()),
            rng,
        };
        for (i, k) in (0..REGISTRARS).zip(&public) {
            let said = card.says(i, *k);
            card.said.push(said);
        }
        // One booth asks and is answered; what is measured later asks the same.
        let asked = card.asked();
        for (said, nonce) in card.said.iter_mut().zip(nonces) {
            said.response = nonce.answer(&said.person, &asked.challenge());
        }
        card.made = asked.finish(&card.responses()).expect("honest answers");
        card
    }
    fn says(&self, registrar: u16, k: Point) -> Said {
        let mut rng = self.rng.clone();
        let key = SigningKey::generate(&mut rng);
        let seed = [u8::try_from(registrar).unwrap_or(0) + 1; 64];
        let person = PersonKey::derive(&seed, &ELECTION, &self.certificate).expect("a key");
        let owner = Owner {
            election: &ELECTION,
            registrar,
            certificate: &self.certificate,
        };
        let statement = AuthStatement {
            election: ELECTION,
            registrar,
            nonce: NONCE,
            session_key: self.session,
            certificate: self.certificate,
            salt: crypto::merkle::leaf(&SALT),
            person_key: person.public(),
            proof: person.prove(&owner, &mut rng).expect("a proof"),
            exists: true,
            card_nonce: Some(k),
        };
        Said {
            signature: statement.sign(&key, &mut rng),
            key,
            person,
            statement,
            response: Scalar::ZERO,
        }
    }
    fn place(&self) -> Place<'_> {
        Place {
            election: &ELECTION,
            vk: &self.vk,
            seq: 2,
            prev: &ELECTION,
            window: 1,
            tokens: &self.tokens,
        }
    }
    fn asked(&self) -> ballot::own_card::booth::Asked {
        let said = || self.said.iter().map(|s| &s.statement);
        let person: Vec<Point> = said().map(|s| s.person_key).collect();
        let nonces: Vec<Point> = said().filter_map(|s| s.card_nonce).collect();
        let keys = CardKeys::new(&self.secret, &ELECTION, &person).expect("keys");
        let asked = keys.ask(&nonces, &self.place(), &mut self.rng.clone());
        asked.expect("one of each")
    }
    fn responses(&self) -> Vec<Scalar> {
        self.said.iter().map(|s| s.response).collect()
    }
    /// R4.02 for one ballot.
    ///
    /// # Panics
    /// It does not verify.
    pub fn verify(&self) {
        assert_eq!(self.place().verify(&self.made), Ok(()), "own card");
    }
    /// R4.04 for the answers of all registrars.
    ///
    /// # Panics
    /// One does not verify.
    pub fn check_answers(&self) {
        for said in &self.said {
            let session = Session {
                election: &ELECTION,
                registrar: said.statement.registrar,
                nonce: &NONCE,
                session_key: &self.session,
                certificate: &self.certificate,
                salt: &SALT,
            };
            let answer = said
                .statement
                .check(&session, &said.key.public(), &said.signature);
            assert_eq!(answer, Ok(()), "honest answers");
        }
    }
    /// The booth's half of the signature: blinds the keys, asks, checks the responses (R4.05), adds up.
    ///
    /// # Panics
    /// A response does not fit.
    pub fn sign(&self) {
        black_box(self.asked().finish(&self.responses()).expect("they fit"));
    }
    /// One registrar's V and proof.
    ///
    /// # Panics
    /// Never with this key.
    pub fn prove(&self) {
        let said = self.said.first().expect("a registrar");
        let proof = said
            .person
            .prove(&said.statement.owner(), &mut self.rng.clone());
        black_box(proof.expect("a proof"));
    }
    /// A batch of further ballots: R4.02 for each, then the proofs together.
    ///
    /// # Panics
    /// One does not verify.
    pub fn verify_batch(&self, ours: &Ours, ballots: u16) {
        (0..ballots).for_each(|_| self.verify());
        ours.verify_batch();
    }
}
