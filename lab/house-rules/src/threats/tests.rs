use super::*;

fn table() -> String {
    let row = |n: &u8| format!("| A-{n:02} | attack | answer | `a_{n:02}_shown` |\n");
    MUST.iter().map(row).collect()
}

fn code() -> String {
    MUST.iter()
        .map(|n| format!("    fn a_{n:02}_shown() {{}}\n"))
        .collect()
}

fn findings(table: &str, code: &str) -> Findings {
    let tree = Tree::of(&[(TABLE, table), ("crates/a/src/tests.rs", code)]);
    all_shown(&tree).unwrap()
}

#[test]
fn a_table_whose_tests_exist_is_fine() {
    assert_eq!(findings(&table(), &code()), Findings::new());
}

#[test]
fn a_missing_test_and_a_test_that_is_not_listed_are_found() {
    let gone = code().replace("fn a_07_shown", "fn shown");
    assert_eq!(findings(&table(), &gone).len(), 2);
    let more = code() + "async fn real_a_46_more() {}\nfn a_of_something() {}\n";
    assert_eq!(
        findings(&table(), &more),
        ["real_a_46_more: not in docs/threats.md"]
    );
}

/// Two branches that give one number to two attacks meet in a table that reads well.
#[test]
fn a_number_of_two_attacks_is_found() {
    let twice = table() + "| A-07 | another attack | answer | `a_07_shown` |\n";
    assert_eq!(
        findings(&twice, &code()),
        ["A-07: two attacks in docs/threats.md have this number"]
    );
}
