use super::*;

#[test]
fn every_rule_is_there_once_and_in_both_languages() {
    let all = all();
    let numbers: Vec<u16> = all.iter().map(|text| text.rule.0).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "a number twice");
    let chapters: std::collections::BTreeSet<u16> = all.iter().map(|t| t.rule.chapter()).collect();
    assert!(chapters.iter().eq(&[1, 2, 3, 4, 5, 6, 7, 8, 9]));
    for text in all {
        assert!(text.en.ends_with('.'), "{}", text.rule);
        assert!(text.ja.ends_with('。'), "{}", text.rule);
        assert!(!text.ja.is_ascii(), "{}", text.rule);
    }
}
