use super::*;
use api::node::Declined;
use host::problem::Refused;
use host::serve::Server;
use host::tls::Identity;
use oblivious::{DoorKey, Request};
use refusal::Refusal as _;

/// A relay in front of a node that is not there, and its address.
async fn relay(limits: &Limits) -> (String, reqwest::Client, String) {
    let spki = Identity::generate().unwrap().pin();
    let target = Target {
        // The port of nobody: reserved for tests and never listened on.
        origin: "https://127.0.0.1:1".to_owned(),
        spki: spki.0,
    };
    let routes = router(Targets::from([(spki.0, target)]), limits).unwrap();
    let identity = Identity::generate().unwrap();
    let any = "127.0.0.1:0".parse().unwrap();
    let server = Server::bind(any, Some(&identity)).await.unwrap();
    let server = server.body_limit(MAX_SEALED_QUESTION);
    let origin = format!("https://{}", server.local_addr().unwrap());
    tokio::spawn(server.run(routes, std::future::pending()));
    let client = host::http::pinned_client(identity.pin(), Duration::from_secs(20)).unwrap();
    (origin, client, spki.to_string())
}

fn sealed() -> Vec<u8> {
    let mut rng = rand::rng();
    let (_, public) = DoorKey::generate(&mut rng);
    let question = Request::get("/v1/status");
    question.seal(&public, 4096, &mut rng).unwrap().0
}

async fn asked(client: &reqwest::Client, url: String, kind: &str, body: Vec<u8>) -> Refused {
    let request = client
        .post(url)
        .header(header::CONTENT_TYPE, kind)
        .body(body);
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body = host::http::limited(answer, MAX_REFUSAL).await.unwrap();
    Refused::new(status, body)
}

#[tokio::test]
async fn what_is_not_a_sealed_question_to_a_listed_node_is_refused() {
    let (origin, client, spki) = relay(&Limits::default()).await;
    let known = format!("{origin}/v1/nodes/{spki}");
    let other = format!("{origin}/v1/nodes/{}", "ab".repeat(32));
    let evil = format!("{origin}/v1/nodes/https%3A%2F%2Fevil.example");
    let cases = [
        (
            &known,
            "application/octet-stream",
            sealed(),
            Refusal::NotSealed,
        ),
        (&other, QUESTION_TYPE, sealed(), Refusal::UnknownNode),
        (&evil, QUESTION_TYPE, sealed(), Refusal::UnknownNode),
        (&known, QUESTION_TYPE, sealed(), Refusal::NoNode),
    ];
    for (url, kind, body, expected) in cases {
        let refused = asked(&client, url.clone(), kind, body).await;
        assert_eq!(refused.reason::<Refusal>(), Some(expected), "{refused}");
        assert_eq!(refused.status, expected.status());
        assert!(refused.reason::<Declined>().is_none());
    }
    let long = vec![0; MAX_SEALED_QUESTION + 1];
    let refused = asked(&client, known, QUESTION_TYPE, long).await;
    assert_eq!(refused.status, 413);
}

#[tokio::test]
async fn one_address_cannot_ask_without_end() {
    let limits = Limits {
        rate_per_second: 1,
        burst: 2,
        ..Limits::default()
    };
    let (origin, client, spki) = relay(&limits).await;
    let url = format!("{origin}/v1/nodes/{spki}");
    let mut seen = Vec::new();
    for _ in 0..4 {
        let refused = asked(&client, url.clone(), QUESTION_TYPE, sealed()).await;
        seen.push(refused.reason::<Refusal>());
    }
    assert_eq!(seen[0], Some(Refusal::NoNode));
    assert!(seen.contains(&Some(Refusal::TooManyQuestions)));
}

#[tokio::test]
async fn pages_of_any_site_may_ask() {
    let (origin, client, spki) = relay(&Limits::default()).await;
    let url = format!("{origin}/v1/nodes/{spki}");
    let request = client.request(reqwest::Method::OPTIONS, &url);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let header = |name: header::HeaderName| answer.headers()[name].to_str().unwrap();
    assert_eq!(header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
    assert_eq!(header(header::ACCESS_CONTROL_ALLOW_METHODS), "POST");
    assert_eq!(header(header::ACCESS_CONTROL_ALLOW_HEADERS), "content-type");
    // A look is not possible in any other way.
    let answer = client.get(&url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
}
