use super::*;
use std::collections::BTreeSet;

#[test]
fn the_catalogue_is_complete() {
    let codes: BTreeSet<&str> = all().iter().map(|e| e.code.as_str()).collect();
    assert_eq!(codes.len(), all().len(), "a code stands twice");
    for n in 1..=30 {
        let code = format!("E-{n:02}");
        assert!(codes.contains(code.as_str()), "{code} is missing");
    }
    for code in [
        "E-04b", "E-04c", "E-08a", "E-08b", "E-08d", "E-17b", "E-19b",
    ] {
        assert!(codes.contains(code), "{code} is missing");
    }
    let slugs: BTreeSet<&str> = all().iter().map(|e| e.slug.as_str()).collect();
    assert_eq!(slugs.len(), all().len(), "a slug stands twice");
    let sorted: Vec<&str> = codes.into_iter().collect();
    let listed: Vec<&str> = all().iter().map(|e| e.code.as_str()).collect();
    assert_eq!(sorted, listed, "in the order of the codes");
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
    for code in ["E-21", "E-22", "E-28", "E-28b", "E-30b", "E-26", "E-10"] {
        let e = get(code);
        assert_eq!(e.code, code);
        assert!(
            e.ja.contains("**"),
            "{code} does not stress the state of the vote"
        );
    }
}

#[test]
fn values_and_unknown_codes() {
    let e = get("E-11");
    assert_eq!(
        e.message(Lang::Ja, &[("left", "2".into())]),
        "暗証番号が違います。あと2回入力できます。"
    );
    assert_eq!(e.message(Lang::Ja, &[]), "暗証番号が違います。");
    assert_eq!(get("E-777").code, "E-30");
    assert!(find("E-777").is_none());
    let hostile = get("E-30").message_html(Lang::Ja, &[("number", "<b>".into())]);
    assert!(hostile.as_str().contains("&lt;b&gt;"));
}
