use super::*;
use axum::body::Body;
use axum::http::{HeaderName, Request};
use testkit::election::{Lab, Options};
use tower::ServiceExt as _;

/// Pages in a folder, and next to it something that must not be given out.
fn served() -> (tempfile::TempDir, Router) {
    let lab = Lab::sealed(Options {
        validators: 1,
        n: 3,
        t: 2,
        ..Options::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("pages");
    std::fs::create_dir(&pages).unwrap();
    std::fs::write(folder.path().join("secret.js"), "no").unwrap();
    std::fs::write(pages.join("index.html"), "<!DOCTYPE html>").unwrap();
    std::fs::write(pages.join("web_verify_bg.wasm"), b"\0asm").unwrap();
    std::fs::write(pages.join("notes.txt"), "no").unwrap();
    let manifest = &lab.manifest.as_ref().unwrap().manifest;
    let verifier = Verifier::new(pages, manifest).unwrap();
    (folder, router(Some(verifier)))
}

async fn get(router: &Router, path: &str) -> Response {
    let request = Request::get(path).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap()
}

#[tokio::test]
async fn a_31_pages_come_with_their_policy_and_nothing_beside_them() {
    let (_folder, router) = served();
    for (path, kind) in [
        ("/verify/", "text/html; charset=utf-8"),
        ("/verify/index.html", "text/html; charset=utf-8"),
        ("/verify/web_verify_bg.wasm", "application/wasm"),
    ] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let of = |name: HeaderName| answer.headers()[&name].to_str().unwrap().to_owned();
        assert_eq!(of(header::CONTENT_TYPE), kind);
        let policy = of(header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains("connect-src 'self';"), "{policy}");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
    for path in [
        "/verify/notes.txt",
        "/verify/..%2Fsecret.js",
        "/verify/%2Fetc%2Fpasswd",
        "/verify/missing.js",
        "/verify/index.HTML",
    ] {
        assert_eq!(get(&router, path).await.status(), StatusCode::NOT_FOUND);
    }
}

#[test]
fn pages_may_ask_this_site_and_the_relays_of_the_manifest() {
    let lab = Lab::sealed(Options::small());
    let mut manifest = lab.manifest.as_ref().unwrap().manifest.clone();
    manifest.relays = vec![ballot::manifest::Relay {
        name: ballot::text::Text::new("中継", "Relay", "中継"),
        origin: "https://relay.example:444".to_owned(),
        spki: [7; 32],
    }];
    let told = policy(&manifest).unwrap();
    let told = told.to_str().unwrap();
    assert!(told.contains("connect-src 'self' https://relay.example:444; style-src"));
    for other in [
        "https://relay.example;script-src",
        "*",
        "https://*.example",
        "https:",
    ] {
        manifest.relays[0].origin = other.to_owned();
        assert!(policy(&manifest).is_none(), "{other}");
    }
}

#[tokio::test]
async fn only_hashes_keys_and_numbers_reach_a_node() {
    let (_folder, router) = served();
    for path in [
        "/v1/entries/..%2F..%2Fstatus",
        "/v1/entries/ab%3Fx=1/bytes",
        "/v1/voters/%20/last",
        "/v1/checks/ab/%2e%2e",
        "/v1/openings/%2e%2e",
        "/v1/voters/%2e%2e/checks/1",
        "/v1/voters/ab/checks/-1",
        "/v1/receipts/hello",
    ] {
        let status = get(&router, path).await.status();
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
    }
    // The test network's nodes are nowhere: said as such, not as "not there".
    for path in [
        "/v1/record",
        "/v1/entries/abcd",
        "/v1/receipts/00000-00000-00000-00000",
    ] {
        let status = get(&router, path).await.status();
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
}

#[tokio::test]
async fn one_address_does_not_read_records_all_day() {
    let (_folder, router) = served();
    let mut last = StatusCode::OK;
    for _ in 0..12 {
        last = get(&router, "/v1/record").await.status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
