use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::card_client::{Booth, refused};
use crate::fixture::{CLOSE_MS, City, DAY, ListMode, MINUTE, Plan};
use api::hex::{Hex, HexBytes};
use api::registrar::FaceVerdict;
use ballot::card_text::{CredentialText, origin_hash};
use ballot::manifest::Channel;
use ballot::token::Kind;
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;

/// A change to one auth request, and how it is refused.
type Change = (&'static str, &'static str, fn(&mut Forged<'_>));

struct Forged<'a> {
    text: ballot::card_text::AuthText,
    signed: Option<Vec<u8>>,
    card: &'a crate::cards::TestCard,
    request: Option<fn(&mut api::registrar::AuthRequest)>,
}

#[tokio::test]
async fn each_wrong_text_is_refused_by_its_own_rule() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let changes: [Change; 10] = [
        ("E-24", "other_election", |f| {
            f.text.election = Hash([1; 64]);
        }),
        ("E-30", "other_origin", |f| {
            f.text.origin = origin_hash("https://127.0.0.1:47102");
        }),
        ("E-30", "other_nonce", |f| f.text.nonce = [1; 32]),
        ("E-26", "text_expired", |f| f.text.expiry_day -= 1),
        ("E-26", "text_expired", |f| f.text.expiry_day += 2),
        ("E-08c", "card_signature", |f| {
            // The card's other signature must not do.
            let election = f.text.election;
            f.signed = Some(f.card.sign(&CredentialText { election }.to_bytes()));
        }),
        ("E-08c", "card_signature", |f| f.signed = Some(vec![0; 256])),
        ("E-30", "malformed", |f| {
            f.request = Some(|r| {
                r.auth_text = HexBytes::of([r.auth_text.as_bytes(), &[0]].concat());
            });
        }),
        ("E-30", "malformed", |f| {
            f.request = Some(|r| r.face_reason = "Name Of Voter".into());
        }),
        ("E-08c", "certificate_profile", |f| {
            f.request = Some(|r| r.certificate = HexBytes::of([0x30]));
        }),
    ];
    for (code, reason, change) in changes {
        let session = booth.open(None).await.unwrap();
        let text = booth.text(&session);
        let mut forged = Forged {
            text,
            signed: None,
            card: &card,
            request: None,
        };
        change(&mut forged);
        let mut request = Booth::request_of(&session, &card, &forged.text);
        if let Some(signed) = forged.signed {
            request.card_signature = Hex(signed.try_into().unwrap());
        }
        if let Some(change) = forged.request {
            change(&mut request);
        }
        refused(booth.auth(&request).await, code, reason);
        // Whatever the outcome: the nonce is used up.
        let right = booth.request(&session, &card);
        refused(booth.auth(&right).await, "E-26b", "session_used");
    }
}

/// S-16: another spelling of a nonce, a key or a signature is no request, so it uses up nothing.
#[tokio::test]
async fn a_request_in_another_spelling_is_none() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let session = booth.open(None).await.unwrap();
    let request = booth.request(&session, &city.cards.person(0));
    let good = serde_json::to_value(&request).unwrap();
    for member in ["nonce", "certificate", "auth_text", "card_signature"] {
        let hex = good[member].as_str().unwrap();
        let spellings = [
            hex.to_ascii_uppercase(),
            format!("{hex}0"),
            format!("+{}", &hex[1..]),
            format!(" {hex}"),
            String::new(),
        ];
        for spelling in spellings {
            // An empty text is at least bytes; what it says is judged later.
            if spelling == hex || (spelling.is_empty() && member != "nonce") {
                continue;
            }
            let mut other = good.clone();
            other[member] = spelling.clone().into();
            let answer = booth.post::<_, api::registrar::AuthAnswer>("/v1/auth", &other);
            refused(answer.await, "E-30", "malformed");
        }
    }
    booth.auth(&request).await.unwrap();
}

#[tokio::test]
async fn a_26_a_nonce_is_good_once_and_for_ten_minutes() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let session = booth.open(None).await.unwrap();
    let request = booth.request(&session, &card);
    booth.auth(&request).await.unwrap();
    refused(booth.auth(&request).await, "E-26b", "session_used");

    let session = booth.open(None).await.unwrap();
    city.clock.set_ms(session.answer.expires_ms);
    let request = booth.request(&session, &card);
    refused(booth.auth(&request).await, "E-26", "session_unknown");

    let mut session = booth.open(None).await.unwrap();
    session.nonce = [9; 32];
    let request = booth.request(&session, &card);
    refused(booth.auth(&request).await, "E-26", "session_unknown");

    let (session, answer) = booth.enter(&card).await.unwrap();
    let secret = booth.secret(&card, &answer);
    city.clock.set_ms(answer.expires_ms);
    refused(
        booth.first(&session, &secret).await,
        "E-26",
        "session_unknown",
    );
}

#[tokio::test]
async fn a_26_sixty_four_replays_of_one_auth_give_one_answer() {
    let city = City::new().await;
    let card = city.cards.person(0);
    let first = Booth::new(&city);
    let session = first.open(None).await.unwrap();
    let request = first.request(&session, &card);
    let mut tasks = Vec::new();
    for _ in 0..64 {
        let (booth, request) = (Booth::new(&city), request.clone());
        tasks.push(tokio::spawn(
            async move { booth.auth(&request).await.is_ok() },
        ));
    }
    let mut accepted = 0;
    for task in tasks {
        accepted += u32::from(task.await.unwrap());
    }
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn a_25_cards_that_may_not_vote() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    for (persona, code, reason) in [
        ("expired-1", "E-08", "certificate_expired"),
        ("revoked-1", "E-09", "revoked"),
        ("issued-after-opening-1", "E-08b", "certificate_late"),
        ("rogue-authority-1", "E-08c", "certificate_profile"),
    ] {
        let card = city.cards.card(persona);
        refused(booth.enter(&card).await.map(|_| ()), code, reason);
    }
    assert!(city.registrar.store().counts().await.unwrap().is_empty());
}

#[tokio::test]
async fn without_a_usable_revocation_list_nobody_enters() {
    for mode in [
        ListMode::Down,
        ListMode::Stale,
        ListMode::BeforeOpening,
        ListMode::Rubbish,
    ] {
        let city = City::new().await;
        let booth = Booth::new(&city);
        let card = city.cards.person(0);
        city.set_list(mode);
        refused(
            booth.enter(&card).await.map(|_| ()),
            "E-10",
            "revocation_unknown",
        );
        city.set_list(ListMode::Good);
        booth.enter(&card).await.unwrap();
        // A list that is still valid bridges an outage, but not beyond its next update.
        city.set_list(ListMode::Down);
        booth.enter(&card).await.unwrap();
        city.clock.set_ms(city.clock.wall().now_ms() + DAY + MINUTE);
        refused(
            booth.enter(&card).await.map(|_| ()),
            "E-10",
            "revocation_unknown",
        );
    }
}

/// A list that is held is used while its server says nothing; nobody waits for the others.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_revocation_server_holds_nobody_up() {
    let city = City::new().await;
    let booth = Arc::new(Booth::new(&city));
    booth.enter(&city.cards.person(0)).await.unwrap();
    city.set_list(ListMode::Silent);
    let mut requests = Vec::new();
    for n in 0..12 {
        let session = booth.open(None).await.unwrap();
        requests.push(booth.request(&session, &city.cards.person(n)));
    }
    let started = Instant::now();
    let mut tasks = Vec::new();
    for request in requests {
        let booth = Arc::clone(&booth);
        tasks.push(tokio::spawn(async move { booth.auth(&request).await }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let took = started.elapsed();
    assert!(took < Duration::from_secs(6), "{took:?}");
    // A refused card stays refused.
    let revoked = city.cards.card("revoked-1");
    refused(booth.enter(&revoked).await.map(|_| ()), "E-09", "revoked");
}

#[tokio::test]
async fn a_list_server_that_failed_is_not_asked_by_every_request() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    booth.enter(&city.cards.person(0)).await.unwrap();
    city.set_list(ListMode::Down);
    booth.enter(&city.cards.person(1)).await.unwrap();
    // Whoever asked now would wait a second for a server that says nothing.
    city.set_list(ListMode::Silent);
    booth.enter(&city.cards.person(2)).await.unwrap();
    assert!(city.list_unasked());
}

#[tokio::test]
async fn the_face_step_counts_where_the_manifest_says_so() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    for (verdict, code, reason) in [
        (FaceVerdict::Mismatch, "E-17", "face_mismatch"),
        (FaceVerdict::Exhausted, "E-18", "face_exhausted"),
        (FaceVerdict::NotDone, "E-18", "face_missing"),
        (FaceVerdict::Staff, "E-18", "face_missing"),
    ] {
        let session = booth.open(None).await.unwrap();
        assert!(session.answer.face_required);
        let mut request = booth.request(&session, &card);
        request.face = verdict;
        refused(booth.auth(&request).await, code, reason);
    }
    // The face step never uses up the voter's right.
    booth.enter(&card).await.unwrap();

    let city = City::with(Plan {
        face_required: vec![Channel::Counter],
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let session = booth.open(None).await.unwrap();
    assert!(!session.answer.face_required);
    let mut request = booth.request(&session, &card);
    request.face = FaceVerdict::NotDone;
    booth.auth(&request).await.unwrap();
}

#[tokio::test]
async fn a_token_request_needs_the_session_key() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (mut session, answer) = booth.enter(&card).await.unwrap();
    let secret = booth.secret(&card, &answer);
    let good = std::mem::replace(&mut session.e, SigningKey::generate(&mut rand::rng()));
    refused(
        booth.first(&session, &secret).await,
        "E-30",
        "session_signature",
    );
    session.e = good;
    // A signature for one kind is none for another.
    let mut request = booth.token_request(&session, Kind::Survey, &[1; 256]);
    request.kind = Kind::First;
    let answer = booth
        .post::<_, api::registrar::TokenAnswer>("/v1/tokens", &request)
        .await;
    refused(answer, "E-30", "session_signature");
    for blinded in [[0; 256], [0xff; 256]] {
        let request = booth.token_request(&session, Kind::First, &blinded);
        let answer = booth
            .post::<_, api::registrar::TokenAnswer>("/v1/tokens", &request)
            .await;
        refused(answer, "E-30", "malformed");
    }
    let request = booth.token_request(&session, Kind::First, &[1; 256]);
    let mut request = serde_json::to_value(&request).unwrap();
    request["kind"] = "other".into();
    let answer = booth
        .post::<_, api::registrar::TokenAnswer>("/v1/tokens", &request)
        .await;
    refused(answer, "E-30", "malformed");
    // A session that has not shown its card gets nothing.
    let early = booth.open(None).await.unwrap();
    refused(
        booth.first(&early, &secret).await,
        "E-26",
        "session_unknown",
    );
    booth.first(&session, &secret).await.unwrap();
}

#[tokio::test]
async fn a_47_after_the_close_there_is_no_answer_at_all() {
    let city = City::with(Plan {
        now_ms: CLOSE_MS - MINUTE,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (session, secret) = booth.first_visit(&card).await;
    let waiting = booth.open(None).await.unwrap();
    city.clock.set_ms(CLOSE_MS - 1);
    booth.first(&session, &secret).await.unwrap();
    city.clock.set_ms(CLOSE_MS);
    refused(booth.first(&session, &secret).await, "E-02", "closed");
    refused(booth.survey(&session, 1).await, "E-02", "closed");
    refused(
        booth.auth(&booth.request(&waiting, &card)).await,
        "E-02",
        "closed",
    );
    refused(booth.open(None).await.map(|_| ()), "E-02", "closed");
    // The officers extend: home goes on, up to the manifest's limit.
    city.registrar.hours().extend(u64::MAX);
    assert_eq!(
        city.registrar.hours().close_ms(),
        city.manifest().extend_limit
    );
    booth.first(&session, &secret).await.unwrap();
}

#[tokio::test]
async fn rubbish_and_floods_are_refused_in_good_order() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    for body in [
        &b""[..],
        b"{",
        b"[]",
        b"{\"ticket\":1}",
        b"{\"unknown\":1}",
        b"\xff\xfe",
    ] {
        for path in ["/v1/sessions", "/v1/auth", "/v1/tokens"] {
            let (status, answer) = booth.raw(path, body.to_vec()).await;
            assert_eq!(status, 400, "{path} {body:?}");
            assert!(
                String::from_utf8(answer)
                    .unwrap()
                    .contains("\"reason\":\"malformed\"")
            );
        }
    }
    let (status, _) = booth
        .raw("/v1/auth", vec![b'a'; registrar::routes::BODY_LIMIT + 1])
        .await;
    assert_eq!(status, 413);
}
