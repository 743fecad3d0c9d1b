use super::*;

#[test]
fn every_rule_of_the_board_belongs_to_exactly_one_check() {
    for text in board::rules::TABLE {
        let of = |c: &&Check| {
            c.covers
                .iter()
                .any(|(a, b)| (*a..=*b).contains(&text.rule.0))
        };
        assert_eq!(CHECKS.iter().filter(of).count(), 1, "{}", text.rule);
    }
}

#[test]
fn every_check_says_what_it_means_in_both_languages() {
    for c in &CHECKS {
        let ja = c.means_ja.starts_with("つまり、") && c.means_ja.ends_with('。');
        let en = c.means_en.starts_with("This means that ") && c.means_en.ends_with('.');
        assert!(ja && en, "{}", c.key);
        assert!(
            c.means_en.is_ascii(),
            "{}: two languages in one sentence",
            c.key
        );
    }
}
