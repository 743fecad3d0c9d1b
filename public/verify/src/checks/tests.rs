use super::*;

#[test]
fn every_rule_of_a_record_belongs_to_exactly_one_check() {
    // A record holds no receipts, no salts, no card step and nothing of a second device.
    let of_receipts = |rule: &Rule| rule.0 == 626 || (630..=633).contains(&rule.0);
    let elsewhere =
        |rule: &Rule| of_receipts(rule) || (403..=406).contains(&rule.0) || rule.chapter() == 9;
    let rules = board::rules::all().into_iter();
    for text in rules.filter(|text| !elsewhere(&text.rule)) {
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
