//! Whole journeys of one card at two registrars, up to ballots under the board's own rules.

use ballot::ballot::BallotError;
use ballot::credential::Secret;
use ballot::own_card::booth::CardKeys;
use ballot::own_card::{OwnCardError, Place};
use ballot::{Ballot, BallotRules, Draft, OwnCard, Selection};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point};

use crate::card_client::{Booth, Session, refused};
use crate::cards::TestCard;
use crate::fixture::{City, Plan};

/// A voter's sitting at both registrars.
struct Sitting {
    sessions: Vec<Session>,
    secret: Secret,
    /// K of each, if all gave one.
    nonces: Option<Vec<Point>>,
    exists: Vec<bool>,
}

/// Sessions everywhere, then the card.
async fn sit(
    booths: &[Booth; 2],
    card: &TestCard,
    station: Option<(&str, &SigningKey)>,
) -> Sitting {
    let e = SigningKey::generate(&mut rand::rng());
    let mut sessions = Vec::new();
    for booth in booths {
        let id = station.map(|(id, _)| id);
        sessions.push(booth.open_with(id, e.clone()).await.unwrap());
    }
    let mut answers = Vec::new();
    for (booth, session) in booths.iter().zip(&sessions) {
        let mut request = booth.request(session, card);
        if let Some((id, key)) = station {
            request.station = Some(Booth::station_proof(&request, id, key));
        }
        answers.push(booth.auth(&request).await.unwrap());
    }
    let text = ballot::card_text::CredentialText {
        election: booths[0].election,
    };
    let signature = card.sign(&text.to_bytes()).try_into().unwrap();
    let shares: Vec<_> = answers.iter().map(|a| *a.salt_share.0.0).collect();
    Sitting {
        secret: Secret::derive(&signature, &shares, &booths[0].election),
        nonces: answers.iter().map(|a| Some(a.card_nonce?.0)).collect(),
        exists: answers.iter().map(|a| a.exists.first).collect(),
        sessions,
    }
}

impl Sitting {
    fn keys(&self, booths: &[Booth; 2]) -> CardKeys {
        let heard = booths[0].heard(&self.sessions[0].e);
        let person: Vec<_> = heard.iter().map(|h| h.person_key.0).collect();
        CardKeys::new(&self.secret, &booths[0].election, &person).unwrap()
    }

    async fn first(&self, booths: &[Booth; 2]) -> (Vec<[u8; 256]>, OwnCard) {
        let mut tokens = Vec::new();
        for (booth, session) in booths.iter().zip(&self.sessions) {
            tokens.push(booth.first(session, &self.secret).await.unwrap());
        }
        (tokens, OwnCard::first(self.keys(booths).blinded().to_vec()))
    }

    /// Tokens for a further ballot of this key, from this card.
    async fn tokens(&self, booths: &[Booth; 2], vk: Point, place: (u32, Hash)) -> Vec<[u8; 256]> {
        let mut tokens = Vec::new();
        for (booth, session) in booths.iter().zip(&self.sessions) {
            tokens.push(booth.again_for(session, vk, place, 1).await.unwrap());
        }
        tokens
    }

    async fn again(
        &self,
        booths: &[Booth; 2],
        (seq, prev): (u32, Hash),
    ) -> (Vec<[u8; 256]>, OwnCard) {
        let vk = self.secret.voting_key().public();
        let tokens = self.tokens(booths, vk, (seq, prev)).await;
        let place = Place {
            election: &booths[0].election,
            vk: &vk,
            seq,
            prev: &prev,
            window: booths[0].window(&self.sessions[0]),
            tokens: &tokens,
        };
        let nonces = self.nonces.as_ref().unwrap();
        let asked = self
            .keys(booths)
            .ask(nonces, &place, &mut rand::rng())
            .unwrap();
        let mut answers = Vec::new();
        for ((booth, session), i) in booths.iter().zip(&self.sessions).zip(0u16..) {
            let answer = booth.challenge(session, &asked.challenge()).await.unwrap();
            asked.check(i, &answer).unwrap();
            answers.push(answer);
        }
        let card = asked.finish(&answers).unwrap();
        (tokens, card)
    }

    fn ballot(
        &self,
        rules: &BallotRules,
        city: &City,
        (seq, prev): (u32, Hash),
        (tokens, card): (Vec<[u8; 256]>, OwnCard),
    ) -> Ballot {
        let shape = &city.manifest().contests[0].shape;
        let selection = Selection::new(shape, &vec![0; usize::from(shape.k_max())]).unwrap();
        let key = self.secret.voting_key();
        let draft = Draft {
            key: &key,
            seq,
            prev,
            pictures: [1, 2],
            tokens,
            card,
        };
        let contests = city.manifest().contests.len();
        draft
            .seal(
                rules,
                &vec![selection; contests],
                &[5; 32],
                &mut rand::rng(),
            )
            .unwrap()
    }
}

/// What the board would say to this ballot, but for its history.
fn judge(rules: &BallotRules, ballot: &Ballot) -> Result<(), BallotError> {
    rules.check(&ballot.to_bytes(), &mut rand::rng()).map(drop)
}

async fn city(database: Option<String>, second: Option<String>) -> City {
    City::with(Plan {
        database,
        second: Some(second),
        face_required: Vec::new(),
        ..Plan::default()
    })
    .await
}

/// First ballot, silent second session, further ballot; then a thief with the voter's secret, the
/// voter's last (R, z), and an own card.
pub async fn journey(database: Option<String>, second: Option<String>) {
    let city = city(database, second).await;
    let rules = BallotRules::new(city.manifest());
    let booths = Booth::pair(&city);
    let card = city.cards.person(0);
    let sitting = sit(&booths, &card, None).await;
    assert_eq!(sitting.exists, [false, false]);
    assert_eq!(sitting.nonces, None);
    let vk = sitting.secret.voting_key().public();
    let place = (1, Hash::ZERO);
    let made = sitting.first(&booths).await;
    let one = sitting.ballot(&rules, &city, place, made);
    assert_eq!(judge(&rules, &one), Ok(()));

    let silent = sit(&booths, &card, None).await;
    assert_eq!((silent.exists, silent.nonces), (vec![true, true], None));

    city.after_the_pause();
    let sitting = sit(&booths, &card, None).await;
    assert_eq!(sitting.secret.voting_key().public(), vk);
    assert_eq!(sitting.keys(&booths).fit(&one.card.keys), Ok(()));
    let place = (2, one.entry_hash());
    let made = sitting.again(&booths, place).await;
    let two = sitting.ballot(&rules, &city, place, made.clone());
    assert_eq!(judge(&rules, &two), Ok(()));

    // Malware has s and yesterday's (R, z). A card of somebody else gets tokens for vk – the
    // registrars are blind – and the ballot is none.
    city.after_the_pause();
    let accomplice = city.cards.person(1);
    let entered = sit(&booths, &accomplice, None).await;
    entered.first(&booths).await;
    city.after_the_pause();
    let entered = sit(&booths, &accomplice, None).await;
    let place = (3, two.entry_hash());
    let tokens = entered.tokens(&booths, vk, place).await;
    let forged = sitting.ballot(&rules, &city, place, (tokens.clone(), made.1.clone()));
    let refused = Err(BallotError::Card(OwnCardError::Signature));
    assert_eq!(judge(&rules, &forged), refused);
    // Nor with what the accomplice's own card signs for it.
    let place_of = Place {
        election: &booths[0].election,
        vk: &vk,
        seq: 3,
        prev: &place.1,
        window: two.card.window,
        tokens: &tokens,
    };
    let nonces = entered.nonces.as_ref().unwrap();
    let asked = entered.keys(&booths);
    let asked = asked.ask(nonces, &place_of, &mut rand::rng()).unwrap();
    let mut answers = Vec::new();
    for (booth, session) in booths.iter().zip(&entered.sessions) {
        answers.push(booth.challenge(session, &asked.challenge()).await.unwrap());
    }
    let mut forged_card = asked.finish(&answers).unwrap();
    forged_card.keys.clone_from(&two.card.keys);
    let forged = sitting.ballot(&rules, &city, place, (tokens, forged_card));
    assert_eq!(judge(&rules, &forged), refused);
}

/// After a staffed station every registrar keeps tokens, K and answers for stations.
pub async fn kiosk(database: Option<String>, second: Option<String>) {
    let city = city(database, second).await;
    let booths = Booth::pair(&city);
    let card = city.cards.person(0);
    let counter = Some(("counter-1", &city.counter));
    let sitting = sit(&booths, &card, None).await;
    let (vk, first) = (sitting.secret.voting_key().public(), Hash([1; 64]));
    sitting.first(&booths).await;
    city.after_the_pause();
    // A session from home is open when the voter comes to the counter.
    let home = sit(&booths, &card, None).await;
    assert!(home.nonces.is_some());
    let staffed = sit(&booths, &card, counter).await;
    staffed.again(&booths, (2, first)).await;
    for (booth, session) in booths.iter().zip(&home.sessions) {
        let token = booth.again_for(session, vk, (2, first), 1).await;
        refused(token, "E-27c", "station_only");
        let answer = booth.challenge(session, &crypto::Scalar::ONE).await;
        refused(answer, "E-27c", "station_only");
    }
    city.after_the_pause();
    let home = sit(&booths, &card, None).await;
    assert_eq!((home.exists, home.nonces), (vec![true, true], None));
    let staffed = sit(&booths, &card, counter).await;
    staffed.again(&booths, (3, first)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_72_a_further_ballot_needs_the_card_of_the_first_at_two_registrars() {
    journey(None, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_54_a_kiosks_ballot_gets_neither_token_nor_nonce_nor_answer_at_home() {
    kiosk(None, None).await;
}

/// One of two registrars says falsely that the person exists. The other's word keeps the voting key
/// off the look-up; the credential is the same as ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_registrar_alone_gives_no_further_ballot() {
    let city = city(None, None).await;
    let booths = Booth::pair(&city);
    let card = city.cards.person(0);
    let sitting = sit(&booths, &card, None).await;
    // Only one of them has granted a *first*.
    booths[0]
        .first(&sitting.sessions[0], &sitting.secret)
        .await
        .unwrap();
    city.after_the_pause();
    let sitting = sit(&booths, &card, None).await;
    assert_eq!(sitting.exists, [true, false]);
    assert_eq!(sitting.nonces, None, "K of one is no further ballot");
    let (tokens, _) = sitting.first(&booths).await;
    assert_eq!(tokens.len(), 2);
}
