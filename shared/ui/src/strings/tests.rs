use super::*;
use std::collections::BTreeSet;

/// Latin words that may stand in Japanese texts.
const LATIN: &[&str] = &[
    "CSV",
    "SVG",
    "HTML",
    "PDF",
    "USB",
    "Windows",
    "macOS",
    "Linux",
    "Google",
    "Chrome",
    "Firefox",
    "Microsoft",
    "Edge",
    "Society",
    "PC",
    "IP",
    "AA",
    "JIS",
    "X",
    "WCAG",
    "irefuda",
    "P",
    "AIPN",
    "English",
    "QR",
    "SHA",
    "RSS",
    "JSON",
    "A",
    "B",
    "O",
    "I",
    "L",
    "U",
    "RFC",
    "E",
    "Safari",
    "sha",
    "BFT",
    "NFC",
    "OS",
    "IC",
    "URL",
];

#[test]
fn no_key_stands_twice_and_every_row_is_full() {
    let mut seen = BTreeSet::new();
    for (name, prefix, source) in FILES {
        let file: BTreeMap<String, Catalogue> =
            toml::from_str(source).unwrap_or_else(|e| panic!("{name}: {e}"));
        for (section, rows) in file {
            for (key, row) in rows {
                let key = format!("{prefix}{section}.{key}");
                for text in [&row.ja, &row.en, &row.plain] {
                    assert!(!text.trim().is_empty(), "{key}");
                    assert_eq!(text.matches("**").count() % 2, 0, "{key}");
                }
                assert!(seen.insert(key.clone()), "{key} stands twice");
            }
        }
    }
    assert!(seen.len() > 50);
}

#[test]
fn the_three_languages_fill_in_the_same_values() {
    for key in keys("") {
        let row = row(key).unwrap_or_else(|| panic!("{key}"));
        let set = |text: &str| -> BTreeSet<String> {
            rich::places(text).into_iter().map(str::to_owned).collect()
        };
        assert_eq!(set(&row.ja), set(&row.en), "{key}");
        assert_eq!(set(&row.ja), set(&row.plain), "{key}");
    }
}

#[test]
fn japanese_texts_have_no_stray_latin_words_and_english_no_japanese() {
    for key in keys("") {
        let row = row(key).unwrap_or_else(|| panic!("{key}"));
        let mut bare = rich::text(&row.ja, &[]);
        for place in rich::places(&row.ja) {
            bare = bare.replace(&format!("{{{place}}}"), " ");
        }
        for word in bare
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|w| !w.is_empty())
        {
            assert!(LATIN.contains(&word), "{key}: {word} in {bare}");
        }
        assert!(!row.en.contains('。') && !row.en.contains('、'), "{key}");
        assert!(
            !row.ja.contains(['ﾊ', '(', ')']),
            "{key}: brackets are full-width in Japanese"
        );
    }
}

#[test]
fn a_missing_key_is_visible() {
    assert!(Words(Lang::Ja).h("no.such").as_str().contains(MISSING));
    assert_eq!(Words(Lang::En).t("action.next"), "Next");
    assert!(
        Words(Lang::Plain)
            .h("frame.screen")
            .as_str()
            .contains("<ruby>")
    );
}

#[test]
fn a_text_names_another_one_by_its_key() {
    let written = written();
    let made = |text: &str| named(&written, Lang::Ja, text.to_owned(), DEPTH);
    assert_eq!(
        made("「[@action.next]」と「[@action.back]」"),
        "「次へ」と「戻る」"
    );
    assert!(made("[@no.such]。").starts_with(MISSING));
    for key in keys("") {
        let row = row(key).unwrap_or_else(|| panic!("{key}"));
        for text in [&row.ja, &row.en, &row.plain] {
            assert!(
                !text.contains(MISSING) && !text.contains("[@"),
                "{key}: {text}"
            );
        }
    }
}
