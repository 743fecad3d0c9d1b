use super::*;
use crate::config::Limits;
use api::node::Declined;
use host::problem::Refused;
use host::serve::Server;
use host::tls::Identity;
use oblivious::{DoorKey, Request as Question};
use refusal::Refusal as _;

/// A relay in front of a node that is not there, and its address.
async fn relay(limits: &Limits) -> (String, reqwest::Client, String) {
    let spki = Identity::generate().unwrap().pin();
    let target = Target {
        // The port of nobody: reserved for tests and never listened on.
        origin: "https://127.0.0.1:1".to_owned(),
        spki: spki.0,
    };
    let (origin, pin) = before(limits, [target]).await;
    let client = host::http::pinned_client(pin, Duration::from_secs(20)).unwrap();
    (origin, client, spki.to_string())
}

/// A relay in front of these nodes: address and pin.
async fn before(limits: &Limits, nodes: impl IntoIterator<Item = Target>) -> (String, SpkiPin) {
    let nodes = nodes.into_iter().map(|node| (node.spki, node));
    let routes = router(nodes.collect(), limits).unwrap();
    serve(routes).await
}

async fn serve(routes: Router) -> (String, SpkiPin) {
    let identity = Identity::generate().unwrap();
    let any = "127.0.0.1:0".parse().unwrap();
    let server = Server::bind(any, Some(&identity)).await.unwrap();
    let server = server.body_limit(MAX_SEALED_QUESTION);
    let origin = format!("https://{}", server.local_addr().unwrap());
    tokio::spawn(server.run(routes, std::future::pending()));
    (origin, identity.pin())
}

fn sealed() -> Vec<u8> {
    let mut rng = rand::rng();
    let (_, public) = DoorKey::generate(&mut rng);
    let question = Question::get("/v1/status");
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

/// Everything that a node sees of a question.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    from: IpAddr,
    asked: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

type Notes = Arc<std::sync::Mutex<Vec<Seen>>>;

/// What a node does after it has written a question down.
#[derive(Clone, Copy)]
enum Then {
    /// Answers, with headers of its own.
    Answers,
    /// Begins to answer and never ends.
    Begins,
    /// Nothing.
    Hangs,
}

/// A node that writes down everything that it sees.
async fn curious(then: Then) -> (Target, Notes) {
    let notes = Notes::default();
    let kept = Arc::clone(&notes);
    let take = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request| async move {
        let text = |value: &header::HeaderValue| value.to_str().unwrap().to_owned();
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), text(value)));
        let (headers, asked) = (headers.collect(), request.uri().to_string());
        let body = Bytes::from_request(request, &()).await.unwrap().to_vec();
        kept.lock().unwrap().push(Seen {
            from: peer.ip(),
            asked,
            headers,
            body,
        });
        let headers = [
            (header::CONTENT_TYPE, ANSWER_TYPE),
            (header::SET_COOKIE, "voter=77"),
            (header::ETAG, "marked"),
        ];
        let first = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"half"))]);
        match then {
            Then::Answers => (headers, vec![7; 4144]).into_response(),
            Then::Begins => {
                let endless = futures::StreamExt::chain(first, futures::stream::pending());
                (headers, Body::from_stream(endless)).into_response()
            }
            Then::Hangs => std::future::pending().await,
        }
    };
    let (origin, pin) = serve(Router::new().route("/v1/oblivious", post(take))).await;
    let target = Target {
        origin,
        spki: pin.0,
    };
    (target, notes)
}

/// Of what a voter's program or browser sends along, and of the address it comes from, nothing
/// gets to a node; nor anything of the node's to the voter but status, kind and bytes.
#[tokio::test]
async fn a_80_a_node_sees_the_relay_and_nothing_of_the_voter() {
    let (node, notes) = curious(Then::Answers).await;
    let host = node.origin.trim_start_matches("https://").to_owned();
    let spki = SpkiPin(node.spki);
    let (origin, pin) = before(&Limits::default(), [node]).await;
    let voter = reqwest::Client::builder()
        .use_preconfigured_tls(host::tls::client_config(pin).unwrap())
        .local_address(IpAddr::from([127, 0, 0, 77]))
        .user_agent("Browser of 127.0.0.77")
        .build()
        .unwrap();
    let body = sealed();
    let mut request = voter
        .post(format!("{origin}/v1/nodes/{spki}?voter=77"))
        .header(header::CONTENT_TYPE, QUESTION_TYPE)
        .body(body.clone());
    for name in [
        "accept-language",
        "authorization",
        "cookie",
        "forwarded",
        "origin",
        "referer",
        "traceparent",
        "via",
        "x-forwarded-for",
        "x-real-ip",
    ] {
        request = request.header(name, "127.0.0.77");
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let given: Vec<&str> = answer.headers().keys().map(|name| name.as_str()).collect();
    let mut given: Vec<&str> = given.into_iter().filter(|name| *name != "date").collect();
    given.sort_unstable();
    assert_eq!(
        given,
        [
            "access-control-allow-headers",
            "access-control-allow-methods",
            "access-control-allow-origin",
            "access-control-max-age",
            "cache-control",
            "content-type",
            "transfer-encoding",
        ]
    );
    assert_eq!(answer.bytes().await.unwrap(), vec![7; 4144]);
    let length = body.len().to_string();
    let headers = [
        ("accept", "*/*"),
        ("content-length", length.as_str()),
        ("content-type", QUESTION_TYPE),
        ("host", host.as_str()),
        ("user-agent", "irefuda"),
    ];
    let seen = Seen {
        from: IpAddr::from([127, 0, 0, 1]),
        asked: "/v1/oblivious".to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        body,
    };
    assert_eq!(*notes.lock().unwrap(), [seen]);
}

/// A node that never answers, or never ends its answer, takes its own places and no others; they are
/// given back when the voter goes.
#[tokio::test]
async fn a_node_that_hangs_takes_only_its_own_places() {
    let limits = Limits {
        per_node: 1,
        ..Limits::default()
    };
    for then in [Then::Hangs, Then::Begins] {
        let (bad, notes) = curious(then).await;
        let (good, _) = curious(Then::Answers).await;
        let [to_bad, to_good] = [&bad, &good].map(|node| SpkiPin(node.spki));
        let (origin, pin) = before(&limits, [bad, good]).await;
        let client = host::http::pinned_client(pin, Duration::from_secs(60)).unwrap();
        let ask = |to| {
            let post = client.post(format!("{origin}/v1/nodes/{to}"));
            let post = post.header(header::CONTENT_TYPE, QUESTION_TYPE);
            post.body(sealed()).send()
        };
        let first = ask(to_bad);
        let first = tokio::spawn(async move {
            let mut answer = first.await.unwrap();
            while let Ok(Some(_)) = answer.chunk().await {}
        });
        while notes.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(ask(to_bad).await.unwrap().status(), 503);
        assert_eq!(ask(to_good).await.unwrap().status(), StatusCode::OK);
        first.abort();
        // As soon as the relay notices that the voter is gone.
        while notes.lock().unwrap().len() < 2 {
            let next = ask(to_bad);
            let _ = timeout(Duration::from_millis(200), next).await;
        }
    }
}

/// Who asks too often, or too much at once, is refused without the body being read.
#[tokio::test]
async fn limits_hold_before_a_body_is_read() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let limits = Limits {
        under_way: 0,
        ..Limits::default()
    };
    let (node, _) = curious(Then::Answers).await;
    let spki = SpkiPin(node.spki);
    let nodes = Targets::from([(node.spki, node)]);
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), None)
        .await
        .unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(server.run(router(nodes, &limits).unwrap(), std::future::pending()));
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    // A body that never comes.
    let head = format!(
        "POST /v1/nodes/{spki} HTTP/1.1\r\nHost: a\r\nContent-Type: {QUESTION_TYPE}\r\n\
         Content-Length: 1000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    let read = stream.read_exact(&mut answer);
    // Shorter than the time that a body has.
    let read = timeout(Duration::from_secs(10), read).await;
    read.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 503");
}
