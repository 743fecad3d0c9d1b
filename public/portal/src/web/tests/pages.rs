use std::path::PathBuf;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use ballot::text::Text;
use tower::ServiceExt as _;
use ui::Lang;

use super::fixture::{Fixture, ms};

/// Every page below the language.
const PAGES: [&str; 20] = [
    "",
    "/proposals",
    "/proposals/1",
    "/proposals/6",
    "/proposals/11",
    "/proposals/print",
    "/how",
    "/start",
    "/check",
    "/help",
    "/faq",
    "/errors",
    "/glossary",
    "/receipt",
    "/result",
    "/status",
    "/survey",
    "/promise",
    "/privacy",
    "/accessibility",
];

/// Leaves a page under target/portal-pages, to be looked at and for accessibility checks.
fn leave(name: &str, html: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/portal-pages");
    std::fs::create_dir_all(&folder).expect("a folder");
    let css = ui::assets::css_path();
    std::fs::write(folder.join("ui.css"), ui::assets::CSS).expect("written");
    let html = html.replace(&format!("href=\"{css}\""), "href=\"ui.css\"");
    std::fs::write(folder.join(format!("{name}.html")), html).expect("written");
}

fn sound(path: &str, html: &str) {
    assert!(
        !html.contains(ui::strings::MISSING),
        "{path}: a text is missing: {html}"
    );
    for inline in [
        "style=\"", "onclick", "<script", "<style", "http://", "https://",
    ] {
        let allowed =
            inline.starts_with("http") && html.contains("xmlns=\"http://www.w3.org/2000/svg\"");
        let found = html.replace("http://www.w3.org/2000/svg", "");
        assert!(!found.contains(inline), "{path}: {inline} {allowed}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "{path}: one h1");
    assert_eq!(html.matches("<main").count(), 1, "{path}");
    assert!(
        html.contains("aria-current=\"page\"") || path.len() < 8,
        "{path}"
    );
    assert!(!html.contains("{when}") && !html.contains("{n}"), "{path}");
    let mut ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|s| s.split('"').next())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "{path}: an id stands twice");
}

#[tokio::test]
async fn every_page_in_every_language() {
    let site = Fixture::demo().await;
    for (stage, result) in [("open", false), ("result", true)] {
        if result {
            site.clock.set_ms(ms("2027-01-27T16:40:00+09:00"));
            site.with_result();
        }
        for lang in Lang::ALL {
            for page in PAGES {
                let path = format!("/{}{page}", lang.code());
                let (status, html) = site.get(&path).await;
                assert_eq!(status, StatusCode::OK, "{path}");
                sound(&path, &html);
                assert!(
                    html.contains(&format!("<html lang=\"{}\"", lang.tag())),
                    "{path}"
                );
                leave(&format!("{stage}{}", path.replace('/', "-")), &html);
            }
        }
    }
    let (status, html) = site.get("/demo").await;
    assert_eq!(status, StatusCode::OK);
    sound("/demo", &html);
}

/// Booth and portal show the same pictures under the same names, in the ballot's order.
#[test]
fn the_pictures_are_those_of_the_ballot() {
    for (n, name) in (0..).zip(ballot::code::PICTURES) {
        assert_eq!(ui::pictures::name(Lang::En, n), name);
    }
}

#[tokio::test]
async fn first_page_is_small_and_links_lead_somewhere() {
    let site = Fixture::demo().await;
    let (_, html) = site.get("/ja").await;
    assert!(
        html.len() + ui::assets::CSS.len() < 100_000,
        "{} bytes",
        html.len()
    );
    for page in PAGES {
        let (_, html) = site.get(&format!("/ja{page}")).await;
        for link in html
            .split("href=\"")
            .skip(1)
            .filter_map(|s| s.split('"').next())
        {
            let path = link.split('#').next().unwrap_or("");
            if path.is_empty() {
                continue;
            }
            let (status, target) = site.get(path).await;
            let missing = status == StatusCode::NOT_FOUND && !path.starts_with("/result.");
            assert!(!missing, "{page} → {link}");
            if let Some((_, anchor)) = link.split_once('#') {
                assert!(
                    target.contains(&format!("id=\"{anchor}\"")),
                    "{page} → {link}"
                );
            }
        }
    }
}

#[tokio::test]
async fn what_comes_from_outside_is_escaped() {
    let site = Fixture::with(false, |m| {
        let evil = "<script>alert(1)</script>\" onload=\"x";
        m.title = Text::new(evil, evil, evil);
        m.municipality = Text::new(evil, evil, evil);
        for o in m.contests.iter_mut().flat_map(|c| &mut c.options) {
            let title = format!("{evil}{}", o.number);
            o.title = Text::new(&title, &title, &title);
            o.proposer = Text::new(evil, evil, evil);
            o.summary = Text::new(evil, evil, evil);
        }
        for c in &mut m.channels {
            c.name = Text::new(evil, evil, evil);
            c.place = Text::new(evil, evil, evil);
        }
    })
    .await;
    site.with_result();
    for page in PAGES {
        let (_, html) = site.get(&format!("/ja{page}")).await;
        assert!(
            !html.contains("<script>") && !html.contains("\" onload"),
            "{page}"
        );
    }
    let (_, html) = site
        .get("/ja/receipt?code=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        .await;
    assert!(!html.contains("<script>"), "{html}");
    assert!(html.contains("data-state=\"format\"") && html.contains("#E-29b"));
    let (_, csv) = site.get("/result.csv").await;
    assert!(
        csv.contains("\"<script>alert(1)</script>\"\" onload=\"\"x\""),
        "{csv}"
    );
}

#[tokio::test]
async fn nothing_of_the_result_before_it_is_on_the_board() {
    let site = Fixture::demo().await;
    site.clock.set_ms(ms("2027-01-28T16:40:00+09:00"));
    let (_, html) = site.get("/ja/result").await;
    assert!(html.contains(
        "最終審査会で発表します。立会人が約束を守る限り、それまでは誰も見ることができません。"
    ));
    assert!(html.contains("1月27日（水曜日）午後4時30分"));
    for path in ["/result.csv", "/result.svg", "/v1/result"] {
        assert_eq!(site.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    site.with_result();
    let (_, html) = site.get("/ja/result").await;
    assert!(html.contains("あと300メートルのカート"));
    assert!(html.contains("審査の採点には直接反映しません"));
    let (_, csv) = site.get("/result.csv").await;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 12);
    assert!(
        lines[1].starts_with("1,6,") && lines[1].ends_with(",15"),
        "{}",
        lines[1]
    );
    let (status, json) = site.get("/v1/result").await;
    assert_eq!(status, StatusCode::OK);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["votes"]["P06"], 15);
    assert_eq!(json["received"], 119);
}

/// Telephone, hours of help, places, tie rule and who is entitled are the manifest's own words.
#[tokio::test]
async fn voters_are_told_what_the_manifest_says() {
    let site = Fixture::demo().await;
    let m = site.site.content.manifest().clone();
    for lang in Lang::ALL {
        let say = |text| crate::content::say(lang, text).to_owned();
        let base = format!("/{}", lang.code());
        let (_, home) = site.get(&base).await;
        for words in [
            say(&m.eligibility.words),
            m.help.telephone.clone(),
            say(&m.help.hours),
            say(&m.tie_rule.words),
        ] {
            assert!(home.contains(&words), "{words} is not on {base}");
        }
        let (_, help) = site.get(&format!("{base}/help")).await;
        assert!(help.contains(&m.help.telephone) && help.contains(&say(&m.help.hours)));
        let (_, how) = site.get(&format!("{base}/how")).await;
        assert!(!m.places.is_empty());
        for place in &m.places {
            assert!(how.contains(&say(&place.name)) && how.contains(&say(&place.address)));
        }
    }
    // Two first proposals: the rule for ties stands beside them, and not when there is one.
    site.with_result();
    let tie = m.tie_rule.words.ja.clone();
    assert!(!site.get("/ja/result").await.1.contains(&tie));
    let mut view = (*site.site.board.view()).clone();
    if let Some(result) = &mut view.result {
        result.votes = vec![15, 15, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }
    site.site.board.set_view(view);
    assert!(site.get("/ja/result").await.1.contains(&tie));
}

/// The list of programs is the board's: the manifest's and what two officers released later.
#[tokio::test]
async fn the_start_page_lists_the_releases_of_manifest_and_board() {
    let release = |version: &str| ballot::manifest::Release {
        version: version.into(),
        platform: "windows-x86_64".into(),
        size: 1,
        sha256: [7; 32],
    };
    let site = Fixture::demo().await;
    let mut view = (*site.site.board.view()).clone();
    view.releases = vec![release("1.0.0"), release("1.0.1")];
    site.site.board.set_view(view);
    let (_, html) = site.get("/ja/start").await;
    assert!(html.contains("1.0.0") && html.contains("1.0.1"));
}

#[tokio::test]
async fn a_63_a_withdrawn_election_says_so_above_every_page() {
    let site = Fixture::demo().await;
    assert!(site.get("/ja").await.1.contains("/ja/start"));
    let mut view = (*site.site.board.view()).clone();
    view.phase = "withdrawn";
    view.withdrawn = Some(Text::new("選択肢の誤り", "a wrong option", "まちがい"));
    site.site.board.set_view(view);
    for (path, said, reason) in [
        ("/ja", "この投票は取りやめになりました", "選択肢の誤り"),
        ("/ja/how", "この投票は取りやめになりました", "選択肢の誤り"),
        (
            "/en/status",
            "This election was withdrawn",
            "a wrong option",
        ),
    ] {
        let (_, html) = site.get(path).await;
        assert!(html.contains(said) && html.contains(reason), "{path}");
    }
    assert!(!site.get("/ja").await.1.contains("投票の受付は終わりました"));
}

#[tokio::test]
async fn every_answer_is_guarded_and_sets_no_cookie() {
    let site = Fixture::demo().await;
    for path in [
        "/ja",
        "/nowhere",
        "/start.irefuda",
        "/assets/icon.svg",
        "/v1/result",
    ] {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response = site.router().oneshot(request).await.expect("an answer");
        let headers = response.headers();
        let policy = headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("text");
        for part in [
            "default-src 'self'",
            "frame-ancestors 'none'",
            "script-src 'none'",
        ] {
            assert!(policy.contains(part), "{path}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
        assert!(headers.get(header::SET_COOKIE).is_none(), "{path}");
    }
}

#[tokio::test]
async fn an_urgent_notice_is_on_every_page_at_once() {
    let site = Fixture::demo().await;
    assert!(!site.get("/ja").await.1.contains("emergency-title"));
    site.emergency(
        "updated_ms = 1800574200000\n[title]\nja = '<b>延長'\nen = 'Extended'\nplain = 'のびました'\n\
         [body]\nja = '締切を延ばします。'\nen = 'Later.'\nplain = 'のびました。'\n",
    );
    for page in PAGES {
        let (_, html) = site.get(&format!("/ja{page}")).await;
        assert!(
            html.contains("【緊急】&#60;b&#62;延長") && !html.contains("<b>延長"),
            "{page}"
        );
    }
    site.emergency("nonsense");
    assert_eq!(site.get("/ja").await.0, StatusCode::OK);
}
