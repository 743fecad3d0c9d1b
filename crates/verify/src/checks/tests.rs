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
