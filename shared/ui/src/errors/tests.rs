use super::*;
use std::collections::BTreeSet;

#[test]
fn the_catalogue_is_complete() {
    let listed: Vec<ErrorCode> = all().iter().map(|e| e.code).collect();
    assert_eq!(listed, ErrorCode::ALL, "each code once, in their order");
    let slugs: BTreeSet<&str> = all().iter().map(|e| e.slug.as_str()).collect();
    assert_eq!(slugs.len(), all().len(), "a slug stands twice");
    // A code is named in the source as its slug.
    for e in all() {
        let camel = format!("{:?}", e.code);
        let joined: String = e.slug.split('-').collect();
        assert_eq!(camel.to_lowercase(), joined, "{}", e.code);
    }
}

#[test]
fn every_part_has_a_text_in_every_language() {
    for e in all() {
        for (what, text) in [("staff", &e.staff), ("situation", &e.situation)] {
            assert!(!text.is_empty(), "{} {what}", e.code);
        }
        for text in [
            &e.ja,
            &e.en,
            &e.plain,
            &e.voter.ja,
            &e.voter.en,
            &e.voter.plain,
        ] {
            assert!(!text.trim().is_empty(), "{}", e.code);
            assert!(
                !text.contains(strings::MISSING) && !text.contains("[@"),
                "{}: {text}",
                e.code
            );
            for place in rich::places(text) {
                assert!(
                    SAMPLE.iter().any(|(n, _)| *n == place),
                    "{} {place}",
                    e.code
                );
            }
        }
        assert!(
            e.ja.trim_end_matches("**").trim_end().ends_with('。'),
            "{}",
            e.code
        );
        for lang in Lang::ALL {
            let bare = e.message(lang, &[]);
            let full = e.message(lang, &SAMPLE);
            assert!(!full.is_empty() && !full.contains('{'), "{} {full}", e.code);
            assert!(
                !bare.contains('{') && !bare.contains("**"),
                "{} {bare}",
                e.code
            );
        }
    }
}

#[test]
fn after_the_confirm_step_the_state_of_the_vote_is_said() {
    for code in [
        ErrorCode::SendFailed,
        ErrorCode::Waiting,
        ErrorCode::KeptHere,
        ErrorCode::Printer,
        ErrorCode::SurveyRefused,
        ErrorCode::SessionEnded,
        ErrorCode::RevocationUnknown,
    ] {
        let e = get(code);
        assert!(
            e.ja.contains("**"),
            "{code} does not stress the state of the vote"
        );
    }
}

#[test]
fn values_are_filled_in_and_escaped() {
    let e = get(ErrorCode::PinWrong);
    assert_eq!(
        e.message(Lang::Ja, &[("left", "2".into())]),
        "入力した番号が違いました。あと2回入力できます。"
    );
    assert_eq!(e.message(Lang::Ja, &[]), "入力した番号が違いました。");
    let hostile = get(ErrorCode::Internal).message_html(Lang::Ja, &[("number", "<b>".into())]);
    assert!(hostile.as_str().contains("&lt;b&gt;"));
}
