//! What other programs print and open leads to a page here, and size and colours without a script.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use refusal::ErrorCode;
use tower::ServiceExt as _;
use ui::{Lang, links};

use super::fixture::Fixture;

/// Every address that the booth's pages, codes and receipts name, asked of the real router: the
/// page is there, and so is its entry.
#[tokio::test]
async fn every_link_of_the_booth_leads_to_a_page() {
    let site = Fixture::demo().await;
    for lang in Lang::ALL {
        let mut all = vec![
            links::help("/", lang),
            links::receipts("", lang),
            links::receipt("/", lang, "00000-00000-00000-00000"),
        ];
        all.extend(
            ErrorCode::ALL
                .iter()
                .map(|code| links::error("", lang, *code)),
        );
        assert!(all.len() > 50);
        let (_, messages) = site.get(&format!("/{}/errors", lang.code())).await;
        for link in all {
            let (path, entry) = link.split_once('#').unwrap_or((&link, ""));
            match entry {
                "" => {
                    let (status, html) = site.get(path).await;
                    // A number that nobody has is answered on the page of receipts.
                    let answered = html.contains("id=\"receipt-state\"");
                    assert!(status == StatusCode::OK || answered, "{link}: {status}");
                }
                code => {
                    assert!(path.ends_with("/errors"), "{link}");
                    assert!(messages.contains(&format!("id=\"{code}\"")), "{link}");
                }
            }
        }
    }
}

/// As people type them, without a language; what follows the `?` is kept.
#[tokio::test]
async fn typed_addresses_lead_to_the_japanese_page() {
    let site = Fixture::demo().await;
    for (typed, to) in [
        ("/help", "/ja/help"),
        ("/errors", "/ja/errors"),
        ("/receipt?code=ABC", "/ja/receipt?code=ABC"),
    ] {
        let (status, headers) = answer(&site, typed, None).await;
        assert!(status.is_redirection(), "{typed}");
        assert_eq!(headers[header::LOCATION], to);
    }
    assert_eq!(site.get("/nowhere").await.0, StatusCode::NOT_FOUND);
}

/// One press of a link changes one of the two and keeps the other; the page says so to the browser
/// and offers the way back.
#[tokio::test]
async fn size_and_colours_are_chosen_by_links() {
    let site = Fixture::demo().await;
    let (status, headers) = answer(&site, "/look/huge/en/how", Some("look=normal.inverted")).await;
    assert!(status.is_redirection());
    assert_eq!(headers[header::LOCATION], "/en/how");
    let cookie = headers[header::SET_COOKIE].to_str().expect("text");
    assert!(
        cookie.starts_with("look=huge.inverted; Path=/;"),
        "{cookie}"
    );
    assert!(
        !cookie.contains("Max-Age") && !cookie.contains("Expires"),
        "{cookie}"
    );

    let plain = site.get("/ja/how").await.1;
    assert!(!plain.contains("data-size") && !plain.contains("data-contrast"));
    assert!(plain.contains("/look/inverted/ja/how") && !plain.contains("/look/upright/"));
    let request = Request::get("/ja/how").header(header::COOKIE, "a=b; look=huge.inverted");
    let chosen = page(&site, request).await;
    assert!(chosen.contains("data-size=\"huge\" data-contrast=\"inverted\""));
    assert!(chosen.contains("/look/upright/ja/how") && chosen.contains("/look/normal/ja/how"));
}

/// The link leads nowhere else, whatever is written behind it, and sets nothing else.
#[tokio::test]
async fn a_foreign_address_is_not_followed() {
    let site = Fixture::demo().await;
    for to in [
        "/evil.example",
        "ja//evil.example",
        "ja/%0d%0ax",
        "https:/evil.example",
    ] {
        let (_, headers) = answer(&site, &format!("/look/large/{to}"), Some("look=<b>.x")).await;
        assert_eq!(headers[header::LOCATION], "/ja", "{to}");
        let cookie = headers[header::SET_COOKIE].to_str().expect("text");
        assert!(cookie.starts_with("look=large.upright;"), "{cookie}");
    }
}

async fn answer(
    site: &Fixture,
    path: &str,
    cookie: Option<&str>,
) -> (StatusCode, axum::http::HeaderMap) {
    let mut request = Request::get(path);
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Body::empty()).expect("a request");
    let response = site.router().oneshot(request).await.expect("an answer");
    (response.status(), response.headers().clone())
}

async fn page(site: &Fixture, request: axum::http::request::Builder) -> String {
    let request = request.body(Body::empty()).expect("a request");
    let response = site.router().oneshot(request).await.expect("an answer");
    let body = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    String::from_utf8(body.to_vec()).expect("text")
}
