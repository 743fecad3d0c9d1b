use super::{Lang, PAGES, Words, plain, ruby};

#[test]
fn furigana_becomes_ruby_and_everything_else_is_escaped() {
    assert_eq!(
        ruby("<[票|ひょう]>"),
        "&lt;<ruby>票<rp>（</rp><rt>ひょう</rt><rp>）</rp></ruby>&gt;"
    );
    assert_eq!(plain("[票|ひょう]は まだ"), "票（ひょう）は まだ");
    assert_eq!(plain("a[b"), "a[b");
}

#[test]
fn values_are_escaped_where_html_is_made() {
    let words = Words(Lang::Ja);
    assert!(
        words
            .html_with("choose.previous", "t", "<b>")
            .contains("&lt;b&gt;")
    );
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
