//! The loopback server as a hostile page, another program or the driver meets it.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{Guard, Web, router};
use crate::actor::Actor;
use crate::session::tests::session_with;
use crate::tests::fixture::Fixture;

const HOST: &str = "127.0.0.1:4711";
const ORIGIN: &str = "http://127.0.0.1:4711";

struct Booth {
    router: Router,
    launch: String,
    next: String,
}

impl Booth {
    fn new() -> Self {
        Self::with(None)
    }
    fn with(papers: Option<String>) -> Self {
        let guard = Guard::new(4711).unwrap();
        let launch = guard.address().split_once('#').unwrap().1.to_owned();
        let next = guard.yield_to().1;
        let place = Fixture::new().place();
        let session = session_with(place.count(), Instant::now(), papers);
        let actor = Actor::start(session).unwrap();
        Self {
            router: router(Arc::new(Web::new(actor, place, guard))),
            launch,
            next,
        }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn token(&self) -> String {
        let request = post("/api/start").header("irefuda-launch", &self.launch);
        let answer = value(self.send(request.body("{}".into()).unwrap()).await).await;
        answer["token"].as_str().unwrap().to_owned()
    }
}

fn post(path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("host", HOST)
        .header("origin", ORIGIN)
        .header("content-type", "application/json")
}

fn shaped(token: &str, path: &str, kind: &str, body: &str) -> Request<Body> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("host", HOST)
        .header("origin", ORIGIN)
        .header("irefuda-token", token)
        .header("content-type", kind);
    request.body(Body::from(body.to_owned())).unwrap()
}

async fn value(response: Response<Body>) -> Value {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

async fn length(response: Response<Body>) -> usize {
    to_bytes(response.into_body(), 1 << 20).await.unwrap().len()
}

#[tokio::test]
async fn the_launch_token_works_once() {
    let booth = Booth::new();
    let ask = |token: &str| {
        post("/api/start")
            .header("irefuda-launch", token)
            .body(Body::from("{}"))
            .unwrap()
    };
    let wrong = booth.send(ask(&"0".repeat(64))).await;
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    let first = booth.send(ask(&booth.launch)).await;
    assert_eq!(first.status(), StatusCode::OK);
    let second = booth.send(ask(&booth.launch)).await;
    assert_eq!(second.status(), StatusCode::UNAUTHORIZED);
}

/// Without a receipt the same address gives what the nodes signed, and nothing when they did not.
#[tokio::test]
async fn a_32_papers_without_a_receipt_can_be_saved() {
    for papers in [None, Some("{}".to_owned())] {
        let booth = Booth::with(papers.clone());
        let token = booth.token().await;
        let ask = Request::builder().uri("/api/receipt").header("host", HOST);
        let ask = ask.header("irefuda-token", token);
        let answer = booth.send(ask.body(Body::empty()).unwrap()).await;
        let Some(papers) = papers else {
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            continue;
        };
        assert_eq!(answer.status(), StatusCode::OK);
        let answer = value(answer).await;
        assert_eq!(answer["json"], json!(papers));
        assert_eq!(answer["name"], json!("irefuda-answers"));
    }
}

#[tokio::test]
async fn nothing_but_the_empty_shell_is_shown_without_the_token() {
    let booth = Booth::new();
    let token = booth.token().await;
    let get = |path: &str| Request::builder().uri(path).header("host", HOST);
    let empty = || Body::empty();
    for path in ["/page", "/api/state", "/api/receipt"] {
        let bare = booth.send(get(path).body(empty()).unwrap()).await;
        assert_eq!(bare.status(), StatusCode::UNAUTHORIZED, "{path}");
        let wrong = get(path)
            .header("irefuda-token", "x")
            .body(empty())
            .unwrap();
        assert_eq!(
            booth.send(wrong).await.status(),
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        let launch = get(path)
            .header("irefuda-token", &booth.launch)
            .body(empty())
            .unwrap();
        assert_eq!(
            booth.send(launch).await.status(),
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    for path in ["card/read", "pin", "choose", "cast", "end"] {
        let bare = post(&format!("/api/{path}"))
            .body(Body::from("{}"))
            .unwrap();
        assert_eq!(
            booth.send(bare).await.status(),
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    let right = get("/api/state")
        .header("irefuda-token", &token)
        .body(empty())
        .unwrap();
    assert_eq!(booth.send(right).await.status(), StatusCode::OK);
    assert_eq!(
        booth.send(get("/").body(empty()).unwrap()).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_31_other_hosts_and_other_origins_are_refused() {
    let booth = Booth::new();
    let token = booth.token().await;
    let ask = |method: Method, host: &str, more: &[(&str, &str)]| {
        let mut request = Request::builder()
            .method(method)
            .uri("/api/state")
            .header("host", host)
            .header("irefuda-token", &token);
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).unwrap()
    };
    let refused = [
        ask(Method::GET, "evil.invalid", &[]),
        ask(Method::GET, "localhost:4711", &[]),
        ask(Method::GET, "127.0.0.1", &[]),
        ask(Method::GET, HOST, &[("origin", "http://evil.invalid")]),
        ask(Method::GET, HOST, &[("origin", "null")]),
        ask(Method::GET, HOST, &[("sec-fetch-site", "cross-site")]),
        ask(Method::GET, HOST, &[("sec-fetch-site", "same-site")]),
        ask(Method::POST, HOST, &[]),
        ask(Method::POST, HOST, &[("origin", "http://127.0.0.1:4712")]),
        ask(
            Method::POST,
            HOST,
            &[("origin", ORIGIN), ("sec-fetch-site", "none")],
        ),
        ask(Method::GET, HOST, &[("host", "evil.invalid")]),
    ];
    for request in refused {
        let shown = format!("{:?}", request.headers().get("origin"));
        assert_eq!(
            booth.send(request).await.status(),
            StatusCode::FORBIDDEN,
            "{shown}"
        );
    }
    let fine = ask(
        Method::GET,
        HOST,
        &[("origin", ORIGIN), ("sec-fetch-site", "same-origin")],
    );
    assert_eq!(booth.send(fine).await.status(), StatusCode::OK);
}

/// The file that opens the browser is another site's to it, and so is a link. What comes in is the
/// empty first page, in a window of its own, and nothing else.
#[tokio::test]
async fn the_first_page_is_come_to_from_anywhere_and_nothing_else_is() {
    let booth = Booth::new();
    let token = booth.token().await;
    let ask = |method: Method, path: &str, mode: &str, dest: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", HOST)
            .header("irefuda-token", &token)
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-mode", mode)
            .header("sec-fetch-dest", dest);
        request.body(Body::empty()).unwrap()
    };
    let get = Method::GET;
    let came = ask(get.clone(), "/", "navigate", "document");
    assert_eq!(booth.send(came).await.status(), StatusCode::OK);
    for request in [
        ask(get.clone(), "/", "navigate", "iframe"),
        ask(get.clone(), "/", "no-cors", "image"),
        ask(get.clone(), "/", "cors", "empty"),
        ask(get.clone(), "/page", "navigate", "document"),
        ask(get.clone(), "/api/state", "navigate", "document"),
        ask(get, "/assets/booth.js", "no-cors", "script"),
        ask(Method::POST, "/", "navigate", "document"),
    ] {
        let shown = format!("{} {:?}", request.uri(), request.headers());
        let answer = booth.send(request).await.status();
        assert_eq!(answer, StatusCode::FORBIDDEN, "{shown}");
    }
}

/// Only who can read what this user's programs write may end one.
#[tokio::test]
async fn the_next_program_of_the_same_user_makes_this_one_end() {
    let booth = Booth::new();
    let token = booth.token().await;
    let step = async || {
        let request = Request::builder().uri("/api/state").header("host", HOST);
        let request = request.header("irefuda-token", &token);
        let answer = booth.send(request.body(Body::empty()).unwrap()).await;
        value(answer).await["step"].clone()
    };
    let ask = |secret: &str| {
        let request = post("/api/yield").header("irefuda-yield", secret);
        booth.send(request.body(Body::empty()).unwrap())
    };
    for wrong in ["", &token, &booth.launch] {
        assert_eq!(ask(wrong).await.status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(step().await, json!("start"));
    let made_room = ask(&booth.next).await.status();
    assert_eq!(made_room, StatusCode::NO_CONTENT);
    assert_eq!(step().await, json!("end"));
}

#[tokio::test]
async fn a_31_every_answer_carries_the_headers_that_keep_others_out() {
    let booth = Booth::new();
    for path in [
        "/",
        "/assets/booth.js",
        "/assets/booth.css",
        "/nothing",
        "/page",
    ] {
        let request = Request::builder().uri(path).header("host", HOST);
        let answer = booth.send(request.body(Body::empty()).unwrap()).await;
        let header = |name: &str| {
            answer
                .headers()
                .get(name)
                .unwrap_or_else(|| panic!("{path} {name}"))
                .to_str()
                .unwrap()
        };
        let csp = header("content-security-policy");
        assert!(
            csp.contains("default-src 'none'") && !csp.contains("unsafe"),
            "{csp}"
        );
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert!(
            answer
                .headers()
                .get("access-control-allow-origin")
                .is_none()
        );
    }
}

#[tokio::test]
async fn requests_of_another_shape_never_reach_the_session() {
    let booth = Booth::new();
    let token = booth.token().await;
    let json = "application/json";
    for (path, kind, body, expected) in [
        (
            "/api/pin",
            "text/plain",
            "{}",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        ("/api/pin", json, "{}", StatusCode::BAD_REQUEST),
        (
            "/api/pin",
            json,
            r#"{"pin":"1234","more":1}"#,
            StatusCode::BAD_REQUEST,
        ),
        (
            "/api/choose",
            json,
            r#"{"option":"7"}"#,
            StatusCode::BAD_REQUEST,
        ),
        (
            "/api/choose",
            json,
            r#"{"option":"+07"}"#,
            StatusCode::BAD_REQUEST,
        ),
        (
            "/api/mark",
            json,
            r#"{"marks":["03"]}"#,
            StatusCode::BAD_REQUEST,
        ),
        (
            "/api/pin?lang=ja&x=1",
            json,
            r#"{"pin":"1234"}"#,
            StatusCode::BAD_REQUEST,
        ),
        (
            "/api/face/frame",
            json,
            "{}",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        ("/api/pin", json, r#"{"pin":"1234"}"#, StatusCode::CONFLICT),
        (
            "/api/choose",
            json,
            r#"{"option":"007"}"#,
            StatusCode::CONFLICT,
        ),
    ] {
        let answer = booth.send(shaped(&token, path, kind, body)).await;
        assert_eq!(answer.status(), expected, "{path} {body}");
        let body = value(answer).await;
        assert_eq!(body["ok"], json!(false));
    }
}

#[tokio::test]
async fn what_is_too_long_is_not_read() {
    let booth = Booth::new();
    let token = booth.token().await;
    let long = "x".repeat(super::MAX_BODY + 1);
    let request = post("/api/pin")
        .header("irefuda-token", token)
        .body(Body::from(long));
    let answer = booth.send(request.unwrap()).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

/// Acceptance 7: neither requests nor answers tell by their length what was picked.
#[tokio::test]
async fn a_28_lengths_do_not_depend_on_the_choice() {
    let mut seen = Vec::new();
    for number in 1..=11u16 {
        let booth = Booth::new();
        let token = booth.token().await;
        let ask = |method: Method, path: &str, body: String| {
            Request::builder()
                .method(method)
                .uri(path)
                .header("host", HOST)
                .header("origin", ORIGIN)
                .header("irefuda-token", &token)
                .header("content-type", "application/json")
                .body(Body::from(body))
                .unwrap()
        };
        let mut lengths = Vec::new();
        for (path, body) in [
            ("/api/card/read", "{}".to_owned()),
            ("/api/pin", r#"{"pin":"0420"}"#.to_owned()),
            ("/api/authorize", "{}".to_owned()),
            ("/api/choose", format!(r#"{{"option":"{number:03}"}}"#)),
            ("/api/mark", r#"{"marks":["03","09"]}"#.to_owned()),
            ("/api/confirm", r#"{"go":true}"#.to_owned()),
            ("/api/ready", r#"{"go":true}"#.to_owned()),
            ("/api/cast", "{}".to_owned()),
            ("/api/noted", "{}".to_owned()),
            ("/api/side", format!(r#"{{"side":"{}"}}"#, number % 2)),
            ("/api/open", "{}".to_owned()),
        ] {
            if path == "/api/confirm" {
                confirmed(&booth, &ask, number).await;
            }
            if path == "/api/noted" {
                // The page that shows both numbers.
                let page = booth.send(ask(Method::GET, "/page", String::new())).await;
                let bytes = to_bytes(page.into_body(), 1 << 20).await.unwrap();
                let html = String::from_utf8(bytes.to_vec()).unwrap();
                assert!(html.contains(&format!("data-own>{number}<")), "{number}");
            }
            lengths.push(body.len());
            let answer = booth.send(ask(Method::POST, path, body)).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            lengths.push(length(answer).await);
            let page = booth.send(ask(Method::GET, "/page", String::new())).await;
            assert_eq!(page.status(), StatusCode::OK);
            lengths.push(length(page).await);
        }
        let state = booth
            .send(ask(Method::GET, "/api/state", String::new()))
            .await;
        let state = value(state).await;
        assert_eq!(state["step"], "done");
        seen.push(lengths);
    }
    assert!(seen.iter().all(|lengths| *lengths == seen[0]));
}

/// The page that shows the choice is the one that was measured.
async fn confirmed(
    booth: &Booth,
    ask: &impl Fn(Method, &str, String) -> Request<Body>,
    number: u16,
) {
    let page = booth
        .send(ask(Method::GET, "/page?lang=ja", String::new()))
        .await;
    let bytes = to_bytes(page.into_body(), 1 << 20).await.unwrap();
    let html = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(html.contains(&format!("{number}番")), "{number}");
    let state = booth
        .send(ask(Method::GET, "/api/state", String::new()))
        .await;
    assert_eq!(value(state).await["step"], "confirm");
}

/// A side is one of two words of one length, and only in its step.
#[tokio::test]
async fn a_side_is_zero_or_one_and_nothing_else() {
    let booth = Booth::new();
    let token = booth.token().await;
    for (body, expected) in [
        (r#"{"side":"2"}"#, StatusCode::BAD_REQUEST),
        (r#"{"side":0}"#, StatusCode::BAD_REQUEST),
        (r#"{"side":"0","value":98}"#, StatusCode::BAD_REQUEST),
        (r#"{"side":"0"}"#, StatusCode::CONFLICT),
    ] {
        let answer = booth
            .send(shaped(&token, "/api/side", "application/json", body))
            .await;
        assert_eq!(answer.status(), expected, "{body}");
    }
}
