use crate::card_client::{Booth, Session, refused};
use crate::cards::{OPENING_MS, TestCard};
use crate::fixture::{City, DAY, Plan};
use api::hex::HexBytes;
use api::registrar::{AuthRequest, FaceVerdict};
use ballot::card_text::AuthText;
use ballot::manifest::Channel;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;

#[tokio::test]
async fn a_kiosk_proves_itself_over_what_it_asks() {
    let face_required = Channel::ALL.to_vec();
    let city = City::with(Plan {
        face_required,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let open = || async { booth.open(Some("counter-1")).await.unwrap() };

    let session = open().await;
    assert_eq!(session.answer.channel, "counter");
    refused(
        booth.auth(&booth.request(&session, &card)).await,
        "E-03b",
        "station_proof",
    );

    // Good but for the one thing that is signed otherwise than it is sent.
    type Otherwise = fn(&mut AuthText, &mut AuthRequest);
    let otherwise: [(&str, Otherwise); 7] = [
        ("election", |text, _| text.election.0[0] ^= 1),
        ("registrar", |text, _| text.origin.0[0] ^= 1),
        ("nonce", |text, _| text.nonce[0] ^= 1),
        ("session key", |text, _| {
            text.session_key = SigningKey::generate(&mut rand::rng()).public();
        }),
        ("day", |text, _| text.expiry_day += 1),
        ("face", |_, request| request.face = FaceVerdict::Staff),
        ("reason", |_, request| {
            request.face_reason = "glasses".into();
        }),
    ];
    for (field, change) in otherwise {
        let session = open().await;
        let mut request = booth.request(&session, &card);
        let (mut text, mut signed) = (booth.text(&session), request.clone());
        change(&mut text, &mut signed);
        signed.auth_text = HexBytes::of(text.to_bytes());
        request.station = Some(Booth::station_proof(&signed, "counter-1", &city.counter));
        let answer = booth.auth(&request).await;
        assert!(answer.is_err(), "{field}");
        refused(answer, "E-03b", "station_proof");
    }
    for (id, key) in [("counter-1", &city.venue), ("venue-1", &city.counter)] {
        let session = open().await;
        let mut request = booth.request(&session, &card);
        request.station = Some(Booth::station_proof(&request, id, key));
        refused(booth.auth(&request).await, "E-03b", "station_proof");
    }

    // Two members of staff may vouch for the face, but only there.
    let session = open().await;
    let mut request = booth.request(&session, &card);
    request.face = FaceVerdict::Staff;
    request.face_reason = "glasses".into();
    request.station = Some(Booth::station_proof(&request, "counter-1", &city.counter));
    let answer = booth.auth(&request).await.unwrap();
    booth
        .first(&session, &booth.secret(&card, &answer))
        .await
        .unwrap();
    let counts = city.registrar.store().counts().await.unwrap();
    let key = (
        "first".to_owned(),
        "counter".to_owned(),
        registrar::hours::japan_day(OPENING_MS),
    );
    assert_eq!(counts.get(&key), Some(&1));

    refused(
        booth.open(Some("counter-9")).await.map(|_| ()),
        "E-03b",
        "station_unknown",
    );
}

#[tokio::test]
async fn a_credential_from_the_counter_is_the_one_from_home() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let session = booth.open(Some("counter-1")).await.unwrap();
    let mut request = booth.request(&session, &card);
    request.station = Some(Booth::station_proof(&request, "counter-1", &city.counter));
    let answer = booth.auth(&request).await.unwrap();
    let token = booth
        .first(&session, &booth.secret(&card, &answer))
        .await
        .unwrap();
    city.clock.set_ms(OPENING_MS + DAY + 1);
    let (session, answer) = booth.enter(&card).await.unwrap();
    assert_eq!(
        booth
            .first(&session, &booth.secret(&card, &answer))
            .await
            .unwrap(),
        token
    );
    assert_eq!(city.registrar.store().counts().await.unwrap().len(), 1);
}

/// Enters at the counter's kiosk.
async fn at_counter(city: &City, booth: &Booth, card: &TestCard) -> Session {
    let session = booth.open(Some("counter-1")).await.unwrap();
    let mut request = booth.request(&session, card);
    request.station = Some(Booth::station_proof(&request, "counter-1", &city.counter));
    booth.auth(&request).await.unwrap();
    session
}

/// Whoever was forced to vote at home votes again at a counter; nobody can make them change that
/// vote at home afterwards.
#[tokio::test]
async fn a_54_a_ballot_of_a_staffed_station_is_not_replaced_from_home() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (_, secret) = booth.first_visit(&card).await;

    // A visit alone ties nothing: the voter may think again and go.
    city.after_the_pause();
    at_counter(&city, &booth, &card).await;
    let (session, _) = booth.enter(&card).await.unwrap();
    booth.again(&session, &secret, 2, 1).await.unwrap();

    city.after_the_pause();
    let session = at_counter(&city, &booth, &card).await;
    booth.again(&session, &secret, 3, 2).await.unwrap();
    city.after_the_pause();
    let (session, _) = booth.enter(&card).await.unwrap();
    let answer = booth.again(&session, &secret, 4, 3).await;
    refused(answer, "E-27c", "station_only");
    // Asking for the first credential once more opens no way round it.
    booth.first(&session, &secret).await.unwrap();
    let answer = booth.again(&session, &secret, 4, 3).await;
    refused(answer, "E-27c", "station_only");
    let session = at_counter(&city, &booth, &card).await;
    booth.again(&session, &secret, 4, 4).await.unwrap();
}
