//! Replicas that share a database never give one person two credentials.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::card_client::{Booth, Session};
use crate::cards::TestCard;
use crate::fixture::{City, Plan, config, sealed, serve};
use crate::kept_keys::{pass, write};
use api::registrar::Refusal;
use ballot::blind::{Blinding, blind};
use ballot::token::{Kind, TokenMessage};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use registrar::Registrar;
use registrar::config::LimitsConfig;
use registrar::keys::Keys;

/// A second replica: the same keys, its own sessions, the same database.
pub async fn replica(city: &City, database: &str) -> SocketAddr {
    let folder = tempfile::tempdir_in(city.folder.path()).unwrap().keep();
    write(city.registrar.keys(), &folder);
    let keys = Keys::read(&folder, &pass()).unwrap();
    let sealed = sealed(&city.lab);
    let mut config = config(&city.folder, sealed, &city.cards, city.list_address);
    config.database = Some(database.to_owned());
    let registrar = Registrar::with_keys(&config, &folder, keys, city.clock.wall())
        .await
        .unwrap();
    serve(&Arc::new(registrar)).await
}

/// 64 requests of one person at once on two replicas: 16 of each of four different ones.
pub async fn race(database: String) {
    let city = City::with(Plan {
        database: Some(database.clone()),
        ..Plan::default()
    })
    .await;
    let booths = [
        Booth::new(&city),
        Booth::at(&city, replica(&city, &database).await),
    ];
    let card = city.cards.person(0);
    let mut sessions = Vec::new();
    for booth in &booths {
        sessions.push(booth.enter(&card).await.unwrap().0);
    }
    let key = booths[0].key(Kind::First);
    let requests: Vec<_> = (0..4u8)
        .map(|n| {
            let vk = SigningKey::generate(&mut rand::rng()).public();
            let message = TokenMessage::First {
                election: booths[0].election,
                vk,
            }
            .to_bytes();
            let blinding = Blinding::fresh(&key, &[n; 64], "x", Kind::First).unwrap();
            blind(&key, &message, &blinding).unwrap()
        })
        .collect();
    let booths = Arc::new(booths);
    let mut tasks = Vec::new();
    for n in 0..64 {
        let (at, kind) = (n % 2, n / 16);
        let request = booths[at].token_request(&sessions[at], Kind::First, &requests[kind]);
        let booths = Arc::clone(&booths);
        tasks.push(tokio::spawn(async move {
            let answer = booths[at]
                .post::<_, api::registrar::TokenAnswer>("/v1/tokens", &request)
                .await;
            (kind, answer)
        }));
    }
    let mut winners = Vec::new();
    let mut refused = 0;
    for task in tasks {
        match task.await.unwrap() {
            (kind, Ok(answer)) => winners.push((kind, answer.blind_signature)),
            (_, Err(refusal)) => {
                assert_eq!(refusal, Refusal::FirstDiffers);
                refused += 1;
            }
        }
    }
    assert_eq!((winners.len(), refused), (16, 48));
    assert!(
        winners.iter().all(|w| *w == winners[0]),
        "two different credentials were signed"
    );
    assert_eq!(city.registrar.store().incidents().await.unwrap(), 1);
    let counts = city.registrar.store().counts().await.unwrap();
    assert_eq!(counts.values().sum::<u64>(), 1);
}

/// Eight sessions of one person on two replicas ask for a further ballot at once: one is granted.
pub async fn race_again(database: String) {
    let city = City::with(Plan {
        database: Some(database.clone()),
        ..Plan::default()
    })
    .await;
    let booths = Arc::new([
        Booth::new(&city),
        Booth::at(&city, replica(&city, &database).await),
    ]);
    let card = city.cards.person(0);
    let (_, secret) = booths[0].first_visit(&card).await;
    let (other, _) = booths[1].enter(&card).await.unwrap();
    let early = booths[1].again(&other, &secret, 2, 1).await;
    assert!(
        matches!(early, Err(Refusal::AgainTooOften { .. })),
        "{early:?}"
    );

    city.after_the_pause();
    let secret = Arc::new(secret);
    let answers = eight_at_once(&booths, &card, |booths, at, session, n| {
        let secret = Arc::clone(&secret);
        async move { booths[at].again(&session, &secret, 2, n).await }
    });
    let mut granted = 0;
    for answer in answers.await {
        match answer {
            Ok(_) => granted += 1,
            Err(Refusal::AgainTooOften { .. } | Refusal::SessionReplaced) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(granted, 1);
}

/// Eight sessions of one person on two replicas, which `ask` at once: booths, the number of the
/// session's own one, the session, its number.
pub async fn eight_at_once<T, F>(
    booths: &Arc<[Booth; 2]>,
    card: &TestCard,
    ask: impl Fn(Arc<[Booth; 2]>, usize, Session, u8) -> F,
) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks = Vec::new();
    for n in 0..8u8 {
        let at = usize::from(n % 2);
        let (session, _) = booths[at].enter(card).await.unwrap();
        tasks.push(tokio::spawn(ask(Arc::clone(booths), at, session, n)));
    }
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn a_52_two_replicas_grant_one_further_ballot_a_quarter_hour() {
    let folder = tempfile::tempdir().unwrap();
    race_again(format!(
        "sqlite://{}",
        folder.path().join("shared.db").display()
    ))
    .await;
}

/// The same *again* request many times at once: nothing is signed without its claim.
#[tokio::test(flavor = "multi_thread")]
async fn repetitions_of_an_again_request_never_overtake_its_claim() {
    for allowed in [0, 1] {
        let city = City::with(Plan {
            limits: LimitsConfig {
                again_per_day: allowed,
                ..LimitsConfig::default()
            },
            ..Plan::default()
        })
        .await;
        let booth = Arc::new(Booth::new(&city));
        let card = city.cards.person(0);
        let (_, secret) = booth.first_visit(&card).await;
        city.after_the_pause();
        let (session, _) = booth.enter(&card).await.unwrap();
        let mut tasks = Vec::new();
        for _ in 0..40 {
            let request = booth.again_request(&session, &secret, 2, 1);
            let booth = Arc::clone(&booth);
            tasks.push(tokio::spawn(async move {
                let path = "/v1/tokens";
                booth
                    .post::<_, api::registrar::TokenAnswer>(path, &request)
                    .await
            }));
        }
        let mut signed = Vec::new();
        for task in tasks {
            match task.await.unwrap() {
                Ok(answer) => signed.push(answer.blind_signature),
                Err(Refusal::AgainPending | Refusal::AgainTooOften { .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        signed.dedup();
        let counts = city.registrar.store().counts().await.unwrap();
        let recorded: u64 = counts
            .iter()
            .filter(|(k, _)| k.0 == "again")
            .map(|c| c.1)
            .sum();
        assert_eq!(
            (signed.len(), recorded),
            (allowed as usize, u64::from(allowed))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_47_two_replicas_on_sqlite_give_one_credential() {
    let folder = tempfile::tempdir().unwrap();
    race(format!(
        "sqlite://{}",
        folder.path().join("shared.db").display()
    ))
    .await;
}
