//! What registrars and booths ask.

use axum::http::StatusCode;
use ballot::manifest::Manifest;
use ballot::token::TokenMessage;
use crypto::wire::TopLevel as _;
use serde_json::{Value, json};

use super::fixture::Fixture;
use crate::start::TICKET_MS;

async fn ticket(site: &Fixture) -> (String, u64) {
    let (status, text) = site.get("/start.irefuda").await;
    assert_eq!(status, StatusCode::OK);
    let file: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(file["election_hash"], site.site.content.hash().to_hex());
    (
        file["ticket"].as_str().expect("a ticket").to_owned(),
        file["ticket_expires"].as_u64().expect("a time"),
    )
}

#[tokio::test]
async fn a_ticket_is_good_once_at_each_registrar_and_for_a_day() {
    let site = Fixture::demo().await;
    let (first, expires) = ticket(&site).await;
    let (second, _) = ticket(&site).await;
    assert_ne!(first, second);
    let redeem = |t: &str, r: &str| {
        let (t, r) = (t.to_owned(), r.to_owned());
        let site = &site;
        async move {
            site.post("/v1/tickets/redeem", &json!({"ticket": t, "registrar": r}))
                .await
        }
    };
    let (status, answer) = redeem(&first, "registrar-1").await;
    assert_eq!(
        (status, answer["expires_ms"].as_u64()),
        (StatusCode::OK, Some(expires))
    );
    let (status, answer) = redeem(&first, "registrar-1").await;
    assert_eq!(
        (status, answer["code"].as_str()),
        (StatusCode::CONFLICT, Some("E-24b"))
    );
    // The election has one registrar: a second name does not get another use out of it.
    assert_eq!(redeem(&first, "registrar-2").await.0, StatusCode::CONFLICT);
    let (status, answer) = redeem(&"0".repeat(32), "registrar-1").await;
    assert_eq!(
        (status, answer["code"].as_str(), answer["reason"].as_str()),
        (StatusCode::NOT_FOUND, Some("E-24"), Some("ticket_unknown"))
    );
    // S-16: another spelling of a good ticket is none.
    let upper = second.to_ascii_uppercase();
    for other in ["zz", "", upper.as_str(), &format!("+{}", &second[1..])] {
        if other != second {
            assert_eq!(
                redeem(other, "registrar-1").await.0,
                StatusCode::BAD_REQUEST
            );
        }
    }
    let now = site.site.clock.now_ms();
    site.clock.set_ms(now + TICKET_MS - 1);
    assert_eq!(redeem(&second, "registrar-1").await.0, StatusCode::OK);
    let (third, _) = ticket(&site).await;
    site.clock.set_ms(now + 2 * TICKET_MS - 1);
    assert_eq!(redeem(&third, "registrar-1").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn one_ticket_many_at_once_is_redeemed_once() {
    let site = Fixture::demo().await;
    let (ticket, _) = ticket(&site).await;
    let body = json!({"ticket": ticket, "registrar": "registrar-1"});
    let asked: Vec<_> = (0..16)
        .map(|_| site.post("/v1/tickets/redeem", &body))
        .collect();
    let mut good = 0;
    for answer in futures_all(asked).await {
        good += usize::from(answer.0 == StatusCode::OK);
    }
    assert_eq!(good, 1);
}

/// Waits for all of them at the same time.
async fn futures_all<F: Future>(all: Vec<F>) -> Vec<F::Output> {
    let mut out = Vec::new();
    let mut waiting: Vec<_> = all.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|cx| {
        waiting.retain_mut(|f| match f.as_mut().poll(cx) {
            std::task::Poll::Ready(v) => {
                out.push(v);
                false
            }
            std::task::Poll::Pending => true,
        });
        if waiting.is_empty() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    out
}

fn answer(site: &Fixture, serial: u8, answers: &Value) -> Value {
    let serial = [serial; 32];
    let election = *site.site.content.hash();
    let message = TokenMessage::Survey { election, serial }.to_bytes();
    // Keys of the test registrar: first, again, survey.
    let token = site.lab.parties.issuers[2].sign(&message);
    json!({
        "election": election.to_hex(),
        "serial": crypto::hash::to_hex(&serial),
        "tokens": [crypto::hash::to_hex(&token)],
        "answers": answers,
    })
}

#[tokio::test]
async fn one_survey_answer_a_token() {
    let site = Fixture::demo().await;
    let good = answer(&site, 1, &json!([{"question": "Q2", "values": ["5"]}]));
    assert_eq!(
        site.post("/v1/survey", &good).await.0,
        StatusCode::NO_CONTENT
    );
    let (status, problem) = site.post("/v1/survey", &good).await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (StatusCode::CONFLICT, Some("E-30b"))
    );
    assert_eq!(problem["vote"], "accepted");
    let stored = site.site.store.answers().await.expect("answers");
    assert_eq!(stored, [r#"[{"question":"Q2","values":["5"]}]"#]);
}

/// Nodes bring the answers of many voters from one address: what is counted is the token.
#[tokio::test]
async fn the_survey_counts_tokens_and_not_addresses() {
    let site = Fixture::demo().await;
    let from_a_node = async |serial| {
        let peer = axum::extract::ConnectInfo(std::net::SocketAddr::from(([192, 0, 2, 1], 1)));
        let body = answer(&site, serial, &json!([])).to_string();
        let request = axum::http::Request::post("/v1/survey").extension(peer);
        let request = request.body(axum::body::Body::from(body));
        site.send(request.expect("a request")).await.0
    };
    for serial in 0..40 {
        assert_eq!(
            from_a_node(serial).await,
            StatusCode::NO_CONTENT,
            "{serial}"
        );
    }
    let mut again = Vec::new();
    for _ in 0..12 {
        again.push(from_a_node(0).await);
    }
    assert_eq!(again[0], StatusCode::CONFLICT);
    assert!(again.contains(&StatusCode::TOO_MANY_REQUESTS), "{again:?}");
}

#[tokio::test]
async fn hostile_survey_answers_are_refused() {
    let site = Fixture::demo().await;
    let one = |v: Value| answer(&site, 9, &json!([v]));
    let long = "あ".repeat(201);
    let mut other_spelling = one(json!({"question": "Q2", "values": ["5"]}));
    other_spelling["serial"] = json!("0A".repeat(32));
    let cases = [
        (
            one(json!({"question": "Q2", "values": ["6"]})),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            one(json!({"question": "Q2", "values": ["5", "4"]})),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            one(json!({"question": "Q3", "values": ["pin", "pin"]})),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            one(json!({"question": "Q99", "values": []})),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            one(json!({"question": "Q8", "text": long})),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            one(json!({"question": "Q2", "text": "x"})),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            one(json!({"question": "Q2", "vk": "x"})),
            StatusCode::BAD_REQUEST,
        ),
        (json!({"election": 1}), StatusCode::BAD_REQUEST),
        (other_spelling, StatusCode::BAD_REQUEST),
    ];
    for (body, status) in cases {
        assert_eq!(site.post("/v1/survey", &body).await.0, status, "{body}");
    }
    let mut forged = answer(&site, 3, &json!([]));
    let token = site.lab.parties.issuers[0].sign(b"first");
    forged["tokens"] = json!([crypto::hash::to_hex(&token)]);
    assert_eq!(
        site.post("/v1/survey", &forged).await.0,
        StatusCode::FORBIDDEN
    );
    let mut moved = answer(&site, 4, &json!([]));
    moved["serial"] = json!(crypto::hash::to_hex(&[5; 32]));
    assert_eq!(
        site.post("/v1/survey", &moved).await.0,
        StatusCode::FORBIDDEN
    );
    let mut none = answer(&site, 6, &json!([]));
    none["tokens"] = json!([]);
    assert_eq!(
        site.post("/v1/survey", &none).await.0,
        StatusCode::FORBIDDEN
    );
    assert!(site.site.store.answers().await.expect("answers").is_empty());
}

#[tokio::test]
async fn the_manifest_is_served_as_sealed() {
    let site = Fixture::demo().await;
    let request = axum::http::Request::get("/manifest.bin")
        .body(axum::body::Body::empty())
        .expect("a request");
    let (status, bytes) = site.send(request).await;
    assert_eq!(status, StatusCode::OK);
    let sealed = ballot::SealedManifest::from_bytes(&bytes).expect("a manifest");
    assert_eq!(sealed.check().expect("sealed"), *site.site.content.hash());
    let m: &Manifest = &sealed.manifest;
    assert_eq!(m.contests[0].options.len(), 11);
}

#[tokio::test]
async fn the_clock_button_needs_a_demo_clock() {
    let site = Fixture::demo().await;
    assert_eq!(
        site.post("/demo/clock/next", &Value::Null).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn one_address_cannot_take_tickets_without_end() {
    use axum::extract::ConnectInfo;
    let site = Fixture::demo().await;
    let ask = |ip: [u8; 4]| {
        let peer = ConnectInfo(std::net::SocketAddr::from((ip, 1)));
        axum::http::Request::get("/start.irefuda")
            .extension(peer)
            .body(axum::body::Body::empty())
            .expect("a request")
    };
    let mut refused = 0;
    for _ in 0..400 {
        let (status, _) = site.send(ask([192, 0, 2, 1])).await;
        refused += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 10, "{refused}");
    assert_eq!(site.send(ask([192, 0, 2, 2])).await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_clock_button_steps_to_the_next_boundary_and_only_from_the_page() {
    use host::clock::ClockConfig;
    let mut site = Fixture::demo().await;
    let folder = tempfile::tempdir().expect("a folder");
    let config = ClockConfig::demo(&folder.path().join("clock"));
    let inner = std::sync::Arc::get_mut(&mut site.site).expect("not shared yet");
    inner.hands = crate::demo::DemoHands::new(true, &config);
    assert!(crate::demo::DemoHands::new(false, &config).is_none());
    let ask = |headers: &[(&str, &str)]| {
        let post = axum::http::Request::post("/demo/clock/next").header("host", "vote.example");
        let with = |post: axum::http::request::Builder, (name, value): &(&str, &str)| {
            post.header(*name, *value)
        };
        let post = headers.iter().fold(post, with);
        post.body(axum::body::Body::empty()).expect("a request")
    };
    let clock = config.open().expect("a clock");
    let own = ("origin", "https://vote.example");
    let foreign = ("origin", "https://other.example");
    let refused: [&[(&str, &str)]; 5] = [
        &[("sec-fetch-site", "cross-site"), foreign],
        &[("sec-fetch-site", "same-origin"), foreign],
        &[foreign],
        &[("origin", "null")],
        &[],
    ];
    for headers in refused {
        let (status, _) = site.send(ask(headers)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(clock.generation(), 0, "nothing moved");
    }
    let (status, _) = site
        .send(ask(&[("sec-fetch-site", "same-origin"), own]))
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(clock.generation(), 1);
    let (status, _) = site.send(ask(&[own])).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "an older browser");
    // The fixture stands at the opening; the next boundary is the counter's first close.
    let next = super::fixture::ms("2027-01-22T17:15:00+09:00");
    let now = clock.now_ms();
    assert!((next..next + 60_000).contains(&now), "{now} {next}");
}
