use crate::card_client::{Booth, PREV, refused};
use crate::fixture::{City, HOUR, Plan, SALT_DEPTH};
use api::registrar::Refusal;
use ballot::card_text::AuthText;
use ballot::token::{Kind, TokenMessage};
use crypto::schnorr;
use crypto::wire::{Reader, TopLevel as _, Wire as _};
use registrar::config::LimitsConfig;
use registrar::store::PAUSE_MS;

#[tokio::test]
async fn one_card_gets_one_credential_from_any_session() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (session, answer) = booth.enter(&card).await.unwrap();
    assert!(!answer.exists.first && !answer.exists.survey);
    let secret = booth.secret(&card, &answer);
    let token = booth.first(&session, &secret).await.unwrap();
    let vk = secret.voting_key().public();
    let message = TokenMessage::First {
        election: booth.election,
        vk,
    }
    .to_bytes();
    assert_eq!(booth.key(Kind::First).verify(&message, &token), Ok(()));

    // Another computer, later: the same secret, the same request, the same token.
    city.clock.set_ms(city.clock.wall().now_ms() + 20 * HOUR);
    let (session, answer) = booth.enter(&card).await.unwrap();
    assert!(answer.exists.first);
    let again = booth.secret(&card, &answer);
    assert_eq!(again.voting_key().public(), vk);
    assert_eq!(booth.first(&session, &again).await.unwrap(), token);
    assert_eq!(booth.first(&session, &again).await.unwrap(), token);

    // Another card: another secret.
    let other = city.cards.person(1);
    let (_, answer) = booth.enter(&other).await.unwrap();
    assert_ne!(booth.secret(&other, &answer).voting_key().public(), vk);
}

#[tokio::test]
async fn another_first_request_is_refused_and_counted() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (session, answer) = booth.enter(&card).await.unwrap();
    booth
        .first(&session, &booth.secret(&card, &answer))
        .await
        .unwrap();
    // Malware with the card asks for a key of its own.
    let other = city.cards.person(1);
    let foreign = booth.secret(&other, &answer);
    refused(
        booth.first(&session, &foreign).await,
        "E-27b",
        "first_differs",
    );
    let (session, _) = booth.enter(&card).await.unwrap();
    refused(
        booth.first(&session, &foreign).await,
        "E-27b",
        "first_differs",
    );
    // Counted once a person and day: nobody inflates the published number with one card.
    assert_eq!(city.registrar.store().incidents().await.unwrap(), 1);
    city.clock.set_ms(city.clock.wall().now_ms() + 24 * HOUR);
    for _ in 0..5 {
        let (session, _) = booth.enter(&card).await.unwrap();
        let answer = booth.first(&session, &foreign).await;
        refused(answer, "E-27b", "first_differs");
    }
    assert_eq!(city.registrar.store().incidents().await.unwrap(), 2);
    let counts = city.registrar.store().counts().await.unwrap();
    assert_eq!(counts.values().sum::<u64>(), 1);
}

/// A token for the same blinded message in a later sitting is a token of its own: it has a record.
#[tokio::test]
async fn the_same_request_in_a_later_sitting_leaves_a_record_of_its_own() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (_, secret) = booth.first_visit(&card).await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        city.after_the_pause();
        let (session, _) = booth.enter(&card).await.unwrap();
        tokens.push(booth.again(&session, &secret, 2, 1).await.unwrap());
    }
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    let records = city.registrar.store().evidence().await.unwrap();
    assert_eq!(records.len(), 4, "one *first*, three *again*");
}

/// From when on the next further ballot is possible.
fn retry<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> u64 {
    match answer {
        Err(Refusal::AgainTooOften { retry_ms }) => retry_ms,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_further_ballot_needs_a_fresh_card_signature_each_time() {
    let limits = LimitsConfig {
        again_per_day: 3,
        ..Default::default()
    };
    let city = City::with(Plan {
        limits,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (session, answer) = booth.enter(&card).await.unwrap();
    let secret = booth.secret(&card, &answer);
    refused(
        booth.again(&session, &secret, 2, 1).await,
        "E-30",
        "first_missing",
    );
    booth.first(&session, &secret).await.unwrap();
    city.after_the_pause();
    let (session, _) = booth.enter(&card).await.unwrap();
    let token = booth.again(&session, &secret, 2, 1).await.unwrap();
    // A lost answer is repeated; another request in the same session is not signed.
    assert_eq!(booth.again(&session, &secret, 2, 1).await.unwrap(), token);
    refused(
        booth.again(&session, &secret, 3, 2).await,
        "E-26b",
        "again_used",
    );

    city.after_the_pause();
    let (session, _) = booth.enter(&card).await.unwrap();
    booth.again(&session, &secret, 3, 2).await.unwrap();
    city.after_the_pause();
    let (session, _) = booth.enter(&card).await.unwrap();
    booth.again(&session, &secret, 4, 3).await.unwrap();

    // Three on one day: the next one tomorrow, in Japan.
    city.after_the_pause();
    let (session, _) = booth.enter(&card).await.unwrap();
    let midnight = retry(booth.again(&session, &secret, 5, 4).await);
    assert_eq!((midnight + 9 * HOUR) % (24 * HOUR), 0);
    city.clock.set_ms(midnight);
    let (session, _) = booth.enter(&card).await.unwrap();
    booth.again(&session, &secret, 5, 4).await.unwrap();
}

/// Malware that lets the card sign once more, unseen, gets nothing to keep: neither in the session
/// whose *first* was new nor in another one of the next quarter of an hour.
#[tokio::test]
async fn a_52_no_further_ballot_within_a_quarter_of_an_hour() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (session, secret) = booth.first_visit(&card).await;
    let start = city.clock.wall().now_ms();
    for seq in 2..5 {
        let same = booth.again(&session, &secret, seq, 1).await;
        assert_eq!(retry(same), start + PAUSE_MS);
        let (silent, _) = booth.enter(&card).await.unwrap();
        let answer = booth.again(&silent, &secret, seq, 2).await;
        assert_eq!(retry(answer), start + PAUSE_MS);
    }
    city.clock.set_ms(start + PAUSE_MS - 1);
    let (session, _) = booth.enter(&card).await.unwrap();
    let early = booth.again(&session, &secret, 2, 3).await;
    refused(early, "E-27", "again_too_often");
    // The repeated *first* of an honest booth begins no new wait.
    booth.first(&session, &secret).await.unwrap();
    city.clock.set_ms(start + PAUSE_MS);
    // A session that began within the wait gets nothing after it either.
    let stale = booth.again(&session, &secret, 2, 3).await;
    refused(stale, "E-26c", "session_replaced");
    let (session, _) = booth.enter(&card).await.unwrap();
    booth.again(&session, &secret, 2, 3).await.unwrap();
    let (silent, _) = booth.enter(&card).await.unwrap();
    let next = booth.again(&silent, &secret, 3, 4).await;
    assert_eq!(retry(next), start + 2 * PAUSE_MS);
}

/// The issuer signs blindly and cannot know whose key it signs a further ballot for: a card of
/// another voter gets a token for a stolen s. Without the own card it is no ballot (see `two`), and
/// the other voter's limits hold.
#[tokio::test]
async fn a_44_a_token_of_another_card_is_granted_and_bounded() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let (victim, accomplice) = (city.cards.person(0), city.cards.person(1));
    let (session, answer) = booth.enter(&victim).await.unwrap();
    let stolen = booth.secret(&victim, &answer);
    booth.first(&session, &stolen).await.unwrap();

    let (session, answer) = booth.enter(&accomplice).await.unwrap();
    // Not before the accomplice has a credential, which is on record.
    let early = booth.again(&session, &stolen, 2, 1).await;
    refused(early, "E-30", "first_missing");
    let own = booth.secret(&accomplice, &answer);
    booth.first(&session, &own).await.unwrap();
    city.after_the_pause();
    let (session, _) = booth.enter(&accomplice).await.unwrap();
    let token = booth.again(&session, &stolen, 2, 1).await.unwrap();
    let message = TokenMessage::Again {
        election: booth.election,
        vk: stolen.voting_key().public(),
        seq: 2,
        prev: PREV,
    };
    let key = booth.key(Kind::Again);
    assert_eq!(key.verify(&message.to_bytes(), &token), Ok(()));

    // The bound: one in a quarter of an hour and five a day for one card.
    assert_eq!(LimitsConfig::default().again_per_day, 5);
    let mut granted = 1;
    for n in 2..=16u8 {
        city.clock.set_ms(city.clock.wall().now_ms() + HOUR / 2);
        let (session, _) = booth.enter(&accomplice).await.unwrap();
        let seq = u32::from(n) + 1;
        granted += u32::from(booth.again(&session, &stolen, seq, n).await.is_ok());
    }
    assert_eq!(granted, 5);
}

#[tokio::test]
async fn one_survey_answer_a_person() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (session, answer) = booth.enter(&card).await.unwrap();
    refused(booth.survey(&session, 1).await, "E-30", "first_missing");
    booth
        .first(&session, &booth.secret(&card, &answer))
        .await
        .unwrap();
    let token = booth.survey(&session, 1).await.unwrap();
    assert_eq!(booth.survey(&session, 1).await.unwrap(), token);
    refused(booth.survey(&session, 2).await, "E-30b", "survey_used");
    let (session, answer) = booth.enter(&card).await.unwrap();
    assert!(answer.exists.survey);
    refused(booth.survey(&session, 3).await, "E-30b", "survey_used");
}

#[tokio::test]
async fn auditors_find_a_card_signature_behind_every_credential() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    for n in 0..3 {
        let card = city.cards.person(n);
        booth.first_visit(&card).await;
    }
    let open = |sealed: &[u8], places: &[u16]| {
        let sealed = evidence::Sealed::read(sealed).unwrap();
        let share = |p: &u16| city.auditors[usize::from(*p) - 1].share(&sealed, *p);
        let shares: Vec<_> = places.iter().map(|p| share(p).unwrap()).collect();
        evidence::open(&sealed, &shares.iter().collect::<Vec<_>>())
    };
    let rows = city.registrar.store().evidence().await.unwrap();
    assert_eq!(rows.len(), 3);
    assert!(
        rows.iter().all(|row| row.len() == rows[0].len()),
        "records differ in length"
    );
    for row in &rows {
        assert!(
            open(row, &[1]).is_err(),
            "one auditor alone opened a record"
        );
        let record = open(row, &[1, 3]).unwrap();
        let certificate = jpki::AuthCertificate::parse(&record.certificate).unwrap();
        certificate
            .check_signature(&record.auth_text, &record.card_signature)
            .unwrap();
        let text = AuthText::from_bytes(&record.auth_text).unwrap();
        assert_eq!(
            (text.election, record.kind.as_str()),
            (booth.election, "first")
        );
        let heard = Reader::new(&record.heard).list(8).unwrap();
        let asked = api::registrar::Asked {
            kind: "first",
            window: record.window,
            blinded: &record.request,
            heard: &heard,
        };
        let message =
            api::registrar::token_message(&text.election, &text.origin, &text.nonce, &asked);
        let signature = schnorr::Signature::read(&mut Reader::new(&record.request_signature));
        let purpose = api::registrar::PURPOSE_TOKEN;
        schnorr::verify(&text.session_key, purpose, &message, &signature.unwrap()).unwrap();
    }
}

#[tokio::test]
async fn a_28_all_answers_of_one_step_have_one_length() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let mut lengths = Vec::new();
    for n in 0..3 {
        let card = city.cards.person(n);
        let session = booth.open(None).await.unwrap();
        let request = serde_json::to_vec(&booth.request(&session, &card)).unwrap();
        let (status, body) = booth.raw("/v1/auth", request.clone()).await;
        assert_eq!(status, 200);
        lengths.push((
            request.len(),
            body.len(),
            serde_json::to_vec(&session.answer).unwrap().len(),
        ));
        let answer: api::registrar::AuthAnswer = serde_json::from_slice(&body).unwrap();
        assert_eq!(answer.salt_share.to_string().len(), 128);
        assert_eq!(answer.salt_path.len(), usize::from(SALT_DEPTH));
    }
    assert!(lengths.iter().all(|l| *l == lengths[0]), "{lengths:?}");
}
