use crate::card_client::{Booth, refused};
use crate::cards::OPENING_MS;
use crate::city::{City, DAY, Plan};
use api::registrar::FaceVerdict;
use ballot::manifest::Channel;

#[tokio::test]
async fn a_kiosk_proves_itself_over_the_sessions_nonce() {
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

    let (session, other) = (open().await, open().await);
    let proofs = [
        Booth::station_proof(&session, "counter-1", &city.venue),
        Booth::station_proof(&session, "venue-1", &city.counter),
        Booth::station_proof(&other, "counter-1", &city.counter),
    ];
    for proof in proofs {
        let session = open().await;
        let mut request = booth.request(&session, &card);
        request.station = Some(proof);
        refused(booth.auth(&request).await, "E-03b", "station_proof");
    }

    // Two members of staff may vouch for the face, but only there.
    let session = open().await;
    let mut request = booth.request(&session, &card);
    request.face = FaceVerdict::Staff;
    request.face_reason = "glasses".into();
    request.station = Some(Booth::station_proof(&session, "counter-1", &city.counter));
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
    request.station = Some(Booth::station_proof(&session, "counter-1", &city.counter));
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
