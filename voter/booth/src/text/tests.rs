use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ui::{Lang, errors, strings};

use super::{Words, message, next_step, row};
use crate::fault::Fault;

#[test]
fn values_are_escaped_where_html_is_made() {
    let words = Words(Lang::Ja);
    let html = words.hv("choose.previous", &[("t", "<b>".into())]);
    assert!(html.as_str().contains("&lt;b&gt;"));
}

/// One of each, with every value known.
fn all_faults() -> Vec<Fault> {
    let when = Some(1_800_000_000_000);
    vec![
        Fault::NotOpen { opens: when },
        Fault::Closed { closed: when },
        Fault::ChannelClosed { next: when },
        Fault::NoReader,
        Fault::ReaderService,
        Fault::ReaderShared,
        Fault::NoCard,
        Fault::WrongCard,
        Fault::OtherCard,
        Fault::CardGone,
        Fault::CardRead("x"),
        Fault::NoCertificate,
        Fault::Expired { since: when },
        Fault::IssuedAfterOpening,
        Fault::CertificateRefused,
        Fault::PhoneToken,
        Fault::Revoked,
        Fault::RevocationUnknown,
        Fault::PinWrong { left: 2 },
        Fault::PinLast,
        Fault::PinLocked,
        Fault::PinFormat,
        Fault::NoCamera,
        Fault::FaceUnclear(face::Reason::NoFace),
        Fault::FaceMismatch { left: 2 },
        Fault::FaceRefused,
        Fault::FaceEngine,
        Fault::SurfaceWrong { left: Some(9) },
        Fault::SurfaceLocked,
        Fault::SurfaceSignature,
        Fault::NothingChosen,
        Fault::SendFailed,
        Fault::NoRelay,
        Fault::Overtaken,
        Fault::BallotRefused,
        Fault::Waiting,
        Fault::StartFile,
        Fault::OldProgram,
        Fault::Idle,
        Fault::RateLimited { until: when },
        Fault::OtherRequest,
        Fault::StationOnly,
        Fault::FalseAnswer { registrar: 7 },
        Fault::CardKeyDiffers { registrar: 7 },
        Fault::FirstDenied { registrar: 7 },
        Fault::ForeignFirst,
        Fault::CardStepAgain,
        Fault::KeptHere,
        Fault::NotOpened,
        Fault::OpeningRefused,
        Fault::CheckRefused,
        Fault::Survey,
        Fault::StationUnknown,
        Fault::Internal("x"),
    ]
}

#[test]
fn every_fault_has_its_own_row_with_a_message_and_a_next_step_in_three_languages() {
    for fault in all_faults() {
        let code = fault.code();
        for lang in Lang::ALL {
            assert!(!message(&fault, lang).is_empty(), "{code} {lang:?}");
            assert!(!message(&fault, lang).contains('{'), "{code} {lang:?}");
            assert!(!next_step(&fault, lang).is_empty(), "{code} {lang:?}");
        }
    }
}

#[test]
fn tries_left_are_in_the_text() {
    assert!(message(&Fault::PinWrong { left: 2 }, Lang::Ja).contains('2'));
    assert!(message(&Fault::FaceMismatch { left: 2 }, Lang::Ja).contains('2'));
}

/// Words voters do not have to know (requirements §2.8).
#[test]
fn no_jargon_on_voter_pages_and_no_japanese_in_english() {
    let mut seen = 0;
    for key in strings::keys("booth.") {
        let row = strings::row(key).unwrap();
        for word in ["ハッシュ", "ノード", "トークン", "パスワードを入力", "PIN"]
        {
            assert!(!row.ja.contains(word), "{key} {word}");
        }
        // ア and イ are the signs of the two numbers, the same on every device and paper.
        let sign = |c| ['ア', 'イ'].contains(&c);
        let japanese = |c: char| ('\u{3040}'..='\u{9fff}').contains(&c) && !sign(c);
        assert!(!row.en.contains(japanese), "{key}: {}", row.en);
        seen += 1;
    }
    assert!(seen > 100);
}

/// A key that has no text would appear on the page as a mark.
#[test]
fn every_key_that_a_page_names_has_a_text() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![
        here.join("src/web/pages/view.rs"),
        here.join("src/web/pages/view/numbers.rs"),
        here.join("src/receipt/text.rs"),
    ];
    let templates = fs::read_dir(here.join("templates")).unwrap();
    pages.extend(templates.map(|entry| entry.unwrap().path()));
    let mut named = 0;
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for call in [".w(\"", ".t(\"", ".tv(\"", ".wn(\"", ".tn(\"", "=> \""] {
            for after in text.split(call).skip(1) {
                let key = after.split('"').next().unwrap();
                if key.contains('.') {
                    let known = strings::row(&format!("booth.{key}"));
                    assert!(known.is_some(), "{key} in {}", page.display());
                    named += 1;
                }
            }
        }
    }
    assert!(named > 80, "{named}");
}

/// Quoted words that are no buttons of ours: what the browser, the card or a paper says.
const SIGNS: [&str; 9] = [
    "許可",
    "Allow",
    "valid until",
    "おなじ 人でした",
    "同じ人だった",
    "○○○○年○月○日まで有効",
    "○○○○年まで",
    "ア",
    "イ",
];

/// What is between 「」 or “”.
fn quoted(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for (open, close) in [('「', '」'), ('“', '”')] {
        let parts = text.split(open).skip(1);
        out.extend(parts.filter_map(|part| part.split(close).next()));
    }
    out
}

/// Keys of the words on the booth's buttons and of its headings.
fn buttons_and_headings() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut keys = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for button in text.split("<button").skip(1) {
            let label = button.split("</button>").next().unwrap();
            for after in label.split(".w(\"").skip(1) {
                keys.insert(format!("booth.{}", after.split('"').next().unwrap()));
            }
        }
    }
    assert!(keys.len() > 30, "{keys:?}");
    keys.extend(
        strings::keys("booth.")
            .filter(|k| k.ends_with(".title"))
            .map(str::to_owned),
    );
    // Signs and links that are on the pages as they are quoted.
    keys.extend(["booth.end.take", "booth.common.help", "nav.receipt"].map(str::to_owned));
    keys
}

/// A voter looks for the words in quotation marks. Whatever a message or a page names is the text of
/// a button, a heading or a link, letter by letter.
#[test]
fn a_quoted_button_is_on_a_page() {
    let keys = buttons_and_headings();
    let mut found = 0;
    for lang in Lang::ALL {
        let known: BTreeSet<String> = keys.iter().map(|key| ui::Words(lang).t(key)).collect();
        let mut texts: Vec<(String, String)> = strings::keys("booth.")
            .map(|key| (key.to_owned(), ui::Words(lang).t(key)))
            .collect();
        for entry in errors::all() {
            texts.push((entry.code.to_string(), entry.message(lang, &errors::SAMPLE)));
            texts.push((entry.code.to_string(), entry.action(lang)));
        }
        for (name, text) in texts {
            for word in quoted(&text) {
                let is_known = known.contains(word) || SIGNS.contains(&word);
                assert!(is_known, "{name} names {word}, which is nowhere");
                found += 1;
            }
        }
    }
    assert!(found > 60, "{found}");
}

/// What a kiosk says in other words has a form for everywhere else.
#[test]
fn every_text_of_a_kiosk_has_its_ordinary_form() {
    let own = strings::keys("booth.").filter_map(|key| key.strip_suffix("_kiosk"));
    let mut seen = 0;
    for key in own {
        assert!(strings::row(key).is_some(), "{key}");
        seen += 1;
    }
    assert!(seen > 3);
}

/// Page and `doctor` say the same; what has a code of its own is said in the words of the error list.
#[test]
fn what_was_looked_at_is_said_with_its_name() {
    let mut checkup = crate::checkup::tests::good();
    checkup.reader.card = Err(Fault::NoCard);
    let said: Vec<_> = checkup.rows().iter().map(|r| row(r, Lang::Ja)).collect();
    let has = |what: &str, says: &str| said.iter().any(|s| s.0 == what && s.1.contains(says));
    assert!(has("カードリーダー（Reader 1）", "カードが入っています"));
    assert!(has("マイナンバーカード", "置かれていません"));
    assert!(said.iter().all(|(_, says)| !says.is_empty()));
}
