//! The one answer under a person key: order, one nonce, one challenge, whatever replicas, restarts
//! and restored databases do.

use std::sync::Arc;

use api::registrar::Refusal;
use ballot::blind::{Blinding, blind};
use ballot::credential::Secret;
use ballot::token::{Kind, TokenMessage};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use crypto::{Point, Scalar};
use registrar::store::PAUSE_MS;
use sqlx::any::AnyPoolOptions;

use crate::card_client::{Booth, PREV, Session, refused};
use crate::cards::{OPENING_MS, TestCard};
use crate::concurrency::{eight_at_once, replica};
use crate::fixture::{City, HOUR, MINUTE, Plan, WINDOWS};

/// A city in which person 0 has voted and the pause is over.
async fn voted(database: Option<String>) -> (City, TestCard, Secret) {
    let city = City::with(Plan {
        database,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (session, answer) = booth.enter(&card).await.unwrap();
    assert_eq!(answer.card_nonce, None, "no K at a first visit");
    let secret = booth.secret(&card, &answer);
    booth.first(&session, &secret).await.unwrap();
    city.after_the_pause();
    (city, card, secret)
}

fn challenge(n: u64) -> Scalar {
    Scalar::from(n)
}

/// s·G = K + c′·W.
fn fits(booth: &Booth, session: &Session, challenge: &Scalar, answer: &Scalar) -> bool {
    let heard = booth.heard(&session.e).remove(0);
    let k = heard.card_nonce.unwrap().0;
    Point::mul_base(answer) == Point::new(k.point() + heard.person_key.0.point() * challenge)
}

#[tokio::test]
async fn a_74_one_challenge_after_the_token_and_its_repetitions_are_answered() {
    let (city, card, secret) = voted(None).await;
    let booth = Booth::new(&city);
    let (session, answer) = booth.enter(&card).await.unwrap();
    assert!(answer.exists.first && answer.card_nonce.is_some());
    booth.again(&session, &secret, 2, 1).await.unwrap();
    let said = booth.challenge(&session, &challenge(7)).await.unwrap();
    assert!(fits(&booth, &session, &challenge(7), &said));
    let repeated = booth.challenge(&session, &challenge(7)).await.unwrap();
    assert_eq!(repeated, said);
    let other = booth.challenge(&session, &challenge(8)).await;
    refused(other, "E-26b", "challenge_used");

    // Before the token there is no answer, and the nonce is gone.
    city.after_the_pause();
    let (session, _) = booth.enter(&card).await.unwrap();
    let early = booth.challenge(&session, &challenge(9)).await;
    refused(early, "E-30", "again_missing");
    booth.again(&session, &secret, 3, 2).await.unwrap();
    let late = booth.challenge(&session, &challenge(9)).await;
    refused(late, "E-26c", "nonce_gone");
    // Neither without a session, nor with a signature of somebody else.
    let mut foreign = booth.open(None).await.unwrap();
    let unknown = booth.challenge(&foreign, &challenge(1)).await;
    refused(unknown, "E-26c", "nonce_gone");
    foreign.nonce = session.nonce;
    let unsigned = booth.challenge(&foreign, &challenge(1)).await;
    refused(unsigned, "E-30", "session_signature");
}

/// Neither a token nor K within a quarter of an hour after a new *first*, an *again* or an answer,
/// and the answer's own wait counts from the answer.
#[tokio::test]
async fn a_52_a_second_silent_session_gets_neither_token_nor_nonce() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (_, secret) = booth.first_visit(&card).await;
    let nothing = async |seq| {
        let (silent, answer) = booth.enter(&card).await.unwrap();
        assert!(answer.exists.first);
        assert_eq!(answer.card_nonce, None);
        let token = booth.again(&silent, &secret, seq, 1).await;
        refused(token, "E-27", "again_too_often");
        let answer = booth.challenge(&silent, &challenge(1)).await;
        refused(answer, "E-26c", "nonce_gone");
    };
    nothing(2).await;
    let now = |city: &City| city.clock.wall().now_ms();
    city.clock.set_ms(now(&city) + PAUSE_MS - 1);
    nothing(2).await;
    city.clock.set_ms(now(&city) + 1);
    let (session, answer) = booth.enter(&card).await.unwrap();
    assert!(answer.card_nonce.is_some());
    booth.again(&session, &secret, 2, 1).await.unwrap();
    nothing(3).await;
    // The session's own wait does not stop its answer, which begins the next one.
    city.clock.set_ms(now(&city) + 5 * MINUTE);
    booth.challenge(&session, &challenge(1)).await.unwrap();
    city.clock.set_ms(now(&city) + PAUSE_MS - 1);
    nothing(3).await;
    city.clock.set_ms(now(&city) + 1);
    let (_, answer) = booth.enter(&card).await.unwrap();
    assert!(answer.card_nonce.is_some());
}

/// A session that gets K takes the place of the one before, on whatever replica.
pub async fn newest_session(database: String) {
    let (city, card, secret) = voted(Some(database.clone())).await;
    let booths = [
        Booth::new(&city),
        Booth::at(&city, replica(&city, &database).await),
    ];
    let (old, _) = booths[0].enter(&card).await.unwrap();
    let (new, _) = booths[1].enter(&card).await.unwrap();
    let token = booths[0].again(&old, &secret, 2, 1).await;
    refused(token, "E-26c", "session_replaced");
    // A replica that does not hold the nonce says so, and nothing is lost.
    let elsewhere = booths[0].challenge(&new, &challenge(1)).await;
    refused(elsewhere, "E-26c", "nonce_gone");
    booths[1].again(&new, &secret, 2, 1).await.unwrap();
    let answer = booths[1].challenge(&new, &challenge(1)).await.unwrap();
    assert!(fits(&booths[1], &new, &challenge(1), &answer));
    let late = booths[0].challenge(&old, &challenge(1)).await;
    refused(late, "E-26c", "session_replaced");
}

/// Eight sessions on two replicas at once, each with a challenge of its own: one is answered. Then
/// forty requests with two challenges in the one session.
pub async fn race_challenges(database: String) {
    let (city, card, secret) = voted(Some(database.clone())).await;
    let booths = Arc::new([
        Booth::new(&city),
        Booth::at(&city, replica(&city, &database).await),
    ]);
    let secret = Arc::new(secret);
    let answered = eight_at_once(&booths, &card, |booths, at, session, n| {
        let secret = Arc::clone(&secret);
        async move {
            let token = booths[at].again(&session, &secret, 2, n).await;
            let asked = challenge(u64::from(n));
            let answer = booths[at].challenge(&session, &asked).await;
            assert_eq!(token.is_ok(), answer.is_ok());
            answer.is_ok()
        }
    });
    let answered = answered.await.into_iter().filter(|answered| *answered);
    assert_eq!(answered.count(), 1);

    city.after_the_pause();
    let (session, _) = booths[0].enter(&card).await.unwrap();
    booths[0].again(&session, &secret, 3, 1).await.unwrap();
    let session = Arc::new(session);
    let mut tasks = Vec::new();
    for n in 0..40u64 {
        let (booths, session) = (Arc::clone(&booths), Arc::clone(&session));
        tasks.push(tokio::spawn(async move {
            let asked = challenge(n % 2);
            (n % 2, booths[0].challenge(&session, &asked).await)
        }));
    }
    let mut answers = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (asked, Ok(answer)) => answers.push((asked, answer)),
            (_, Err(Refusal::ChallengeUsed | Refusal::AgainPending)) => {}
            (_, Err(other)) => panic!("{other:?}"),
        }
    }
    let (asked, answer) = answers[0];
    assert!(answers.iter().all(|a| *a == (asked, answer)));
    assert!(fits(&booths[0], &session, &challenge(asked), &answer));
}

/// The person's row of the database as it is now, to be put back later: a restored backup.
async fn sql(database: &str, statements: &[&'static str]) {
    let pool = AnyPoolOptions::new().connect(database).await.unwrap();
    for statement in statements {
        sqlx::query(*statement).execute(&pool).await.unwrap();
    }
    pool.close().await;
}

const KEEP: [&str; 2] = [
    "CREATE TABLE kept_sessions AS SELECT * FROM current_sessions",
    "CREATE TABLE kept_pauses AS SELECT * FROM pauses",
];
const RESTORE: [&str; 4] = [
    "DELETE FROM current_sessions",
    "INSERT INTO current_sessions SELECT * FROM kept_sessions",
    "DELETE FROM pauses",
    "INSERT INTO pauses SELECT * FROM kept_pauses",
];

/// Whoever can set the database back gets no second answer of a nonce: the database would take
/// another challenge, and the nonce is gone. Two answers would give the person key away.
pub async fn restored(database: String) {
    let (city, card, secret) = voted(Some(database.clone())).await;
    let booth = Booth::new(&city);
    let (session, _) = booth.enter(&card).await.unwrap();
    booth.again(&session, &secret, 2, 1).await.unwrap();
    sql(&database, &KEEP).await;
    let said = booth.challenge(&session, &challenge(1)).await.unwrap();
    sql(&database, &RESTORE).await;
    let second = booth.challenge(&session, &challenge(2)).await;
    refused(second, "E-26b", "challenge_used");
    let same = booth.challenge(&session, &challenge(1)).await.unwrap();
    assert_eq!(same, said);

    // Put back between K and the first challenge: one answer all the same.
    city.after_the_pause();
    let (session, _) = booth.enter(&card).await.unwrap();
    booth.again(&session, &secret, 3, 1).await.unwrap();
    sql(&database, &RESTORE).await;
    let lost = booth.challenge(&session, &challenge(3)).await;
    refused(lost, "E-26c", "session_replaced");
    // What the database refused has burnt the nonce, and the card step is done once more.
    let gone = booth.challenge(&session, &challenge(4)).await;
    refused(gone, "E-26c", "nonce_gone");
    city.after_the_pause();
    let (session, _) = booth.enter(&card).await.unwrap();
    booth.again(&session, &secret, 3, 2).await.unwrap();
    let said = booth.challenge(&session, &challenge(5)).await.unwrap();
    assert!(fits(&booth, &session, &challenge(5), &said));
}

/// A crash after K, after the token or in the middle of the answer: the nonce is gone with the
/// process, whatever the database says.
pub async fn crashed(database: String) {
    let (city, card, secret) = voted(Some(database.clone())).await;
    let booth = Booth::new(&city);
    let (session, _) = booth.enter(&card).await.unwrap();
    booth.again(&session, &secret, 2, 1).await.unwrap();
    // The same program on the same database, without the memory of the first.
    let after = Booth::at(&city, replica(&city, &database).await);
    let answer = after.challenge(&session, &challenge(1)).await;
    refused(answer, "E-26c", "nonce_gone");
    city.after_the_pause();
    let (session, _) = after.enter(&card).await.unwrap();
    after.again(&session, &secret, 2, 2).await.unwrap();
    after.challenge(&session, &challenge(1)).await.unwrap();
}

fn file(folder: &tempfile::TempDir) -> String {
    format!("sqlite://{}", folder.path().join("shared.db").display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_74_a_new_session_takes_the_place_of_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    newest_session(file(&folder)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_74_two_replicas_answer_one_of_all_challenges() {
    let folder = tempfile::tempdir().unwrap();
    race_challenges(file(&folder)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_74_a_restored_database_gives_no_second_answer() {
    let folder = tempfile::tempdir().unwrap();
    restored(file(&folder)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_74_a_crash_burns_the_nonce_and_costs_a_card_step() {
    let folder = tempfile::tempdir().unwrap();
    crashed(file(&folder)).await;
}

/// A token is signed with the key of the window in force, for a quarter of an hour also with that of
/// the window before, and never with that of a coming one.
#[tokio::test]
async fn the_key_of_a_window_signs_in_that_window() {
    let (city, card, secret) = voted(None).await;
    let booth = Booth::new(&city);
    let second = OPENING_MS + 6 * HOUR;
    let ask = async |window: u8| {
        let (session, _) = booth.enter(&card).await.unwrap();
        // No such window: any key blinds.
        let key = booth.key_in(Kind::Again, window.min(WINDOWS - 1));
        let message = TokenMessage::Again {
            election: booth.election,
            vk: secret.voting_key().public(),
            seq: 2,
            prev: PREV,
        };
        let blinding = Blinding::fresh(&key, &[window; 64], "x", Kind::Again).unwrap();
        let blinded = blind(&key, &message.to_bytes(), &blinding).unwrap();
        let heard = booth.heard(&session.e);
        let request = booth.request_with(&session, Kind::Again, &blinded, (window, heard));
        let token = booth.post::<_, api::registrar::TokenAnswer>("/v1/tokens", &request);
        token.await
    };
    for (at, window, good) in [
        (second - 1, 1, false),
        // A minute later the registrar changes over.
        (second + MINUTE - 1, 1, false),
        (second + MINUTE, 1, true),
        (second + 14 * MINUTE + 59_999, 0, true),
        (second + 15 * MINUTE, 0, false),
        (second + 3 * HOUR, 2, false),
        (second + 3 * HOUR, 255, false),
    ] {
        city.after_the_pause();
        city.clock.set_ms(at);
        city.registrar
            .store()
            .end_pauses(u64::MAX >> 1)
            .await
            .unwrap();
        let token = ask(window).await;
        if good {
            token.unwrap();
        } else {
            refused(token, "E-26c", "window_over");
        }
    }
}

/// What goes into the evidence is what the registrars signed for this card in this sitting.
#[tokio::test]
async fn a_65_rejects_r4_04_what_the_registrars_did_not_say() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let [card, other] = [0, 1].map(|n| city.cards.person(n));
    let (foreign, _) = booth.enter(&other).await.unwrap();
    let (earlier, _) = booth.enter(&card).await.unwrap();
    let (session, answer) = booth.enter(&card).await.unwrap();
    let secret = booth.secret(&card, &answer);
    let key = booth.key(Kind::First);
    let message = TokenMessage::First {
        election: booth.election,
        vk: secret.voting_key().public(),
    };
    let blinding = Blinding::derive(&key, secret.expose(), "x", Kind::First).unwrap();
    let blinded = blind(&key, &message.to_bytes(), &blinding).unwrap();
    let own = booth.heard(&session.e);
    let mut other_key = own.clone();
    other_key[0].person_key.0 = SigningKey::generate(&mut rand::rng()).public();
    let mut known = own.clone();
    known[0].exists = true;
    let mut salted = own.clone();
    salted[0].salt.0[0] ^= 1;
    for heard in [
        vec![],
        [own.clone(), own.clone()].concat(),
        booth.heard(&foreign.e),
        booth.heard(&earlier.e),
        other_key,
        known,
        salted,
    ] {
        let request = booth.request_with(&session, Kind::First, &blinded, (0, heard));
        let token = booth.post::<_, api::registrar::TokenAnswer>("/v1/tokens", &request);
        refused(token.await, "E-30", "heard_unsigned");
    }
    let request = booth.request_with(&session, Kind::First, &blinded, (1, own.clone()));
    let token = booth.post::<_, api::registrar::TokenAnswer>("/v1/tokens", &request);
    refused(token.await, "E-30", "malformed");
    let request = booth.request_with(&session, Kind::Survey, &blinded, (0, own.clone()));
    let token = booth.post::<_, api::registrar::TokenAnswer>("/v1/tokens", &request);
    refused(token.await, "E-30", "malformed");
    let request = booth.request_with(&session, Kind::First, &blinded, (0, own));
    let token = booth.post::<_, api::registrar::TokenAnswer>("/v1/tokens", &request);
    token.await.unwrap();
}
