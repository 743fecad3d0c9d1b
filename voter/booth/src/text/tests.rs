use ui::Lang;

use super::{PAGES, Words, message, next_step};
use crate::fault::{FaceHint, Fault};

#[test]
fn values_are_escaped_where_html_is_made() {
    let words = Words(Lang::Ja);
    let html = words.html_with("choose.previous", "t", "<b>");
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
        Fault::FaceUnclear(FaceHint::NoFace),
        Fault::FaceMismatch { left: 2 },
        Fault::FaceRefused,
        Fault::FaceEngine,
        Fault::SurfaceWrong { left: Some(9) },
        Fault::SurfaceLocked,
        Fault::SurfaceSignature,
        Fault::NothingChosen,
        Fault::SendFailed,
        Fault::Overtaken,
        Fault::BallotRefused,
        Fault::Waiting,
        Fault::StartFile,
        Fault::OldProgram,
        Fault::Idle,
        Fault::RateLimited { until: when },
        Fault::OtherRequest,
        Fault::KeptHere,
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

#[test]
fn every_text_is_there_in_three_languages_without_mixing() {
    for (page, rows) in PAGES.iter() {
        for (key, row) in rows {
            for lang in Lang::ALL {
                let text = row.get(lang);
                assert!(!text.trim().is_empty(), "{page}.{key} {lang:?}");
                let places = |t: &str| t.matches('{').count();
                assert_eq!(places(text), places(&row.ja), "{page}.{key} {lang:?}");
            }
            let en = &row.en;
            assert!(
                !en.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c)),
                "{page}.{key}: {en}"
            );
        }
    }
}

/// Words voters do not have to know (requirements §2.8).
#[test]
fn no_jargon_on_voter_pages() {
    for (page, rows) in PAGES.iter() {
        for (key, row) in rows {
            for word in ["ハッシュ", "ノード", "トークン", "パスワードを入力", "PIN"]
            {
                assert!(!row.ja.contains(word), "{page}.{key} {word}");
            }
        }
    }
}
