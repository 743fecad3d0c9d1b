use super::*;

const PAGE: &str = "\
| `ghost` | | | before the markers |
<!-- crate-table:begin -->
| crate | depends on | in tests also | what |
|---|---|---|---|
| `crypto` | — | | group |
| `ballot` | `crypto` | `testkit` | ballots |
<!-- crate-table:end -->
";

fn edges(normal: &[&str], tests: &[&str]) -> Edges {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Edges {
        normal: set(normal),
        tests: set(tests),
    }
}

#[test]
fn the_table_is_read_between_its_markers() {
    let all = table(PAGE);
    assert_eq!(all.len(), 2);
    assert_eq!(all["crypto"], edges(&[], &[]));
    assert_eq!(all["ballot"], edges(&["crypto"], &["testkit"]));
}

#[test]
fn equal_graphs_give_no_finding() {
    assert!(compare(&table(PAGE), &table(PAGE)).is_empty());
}

#[test]
fn each_difference_is_named() {
    let mut real = table(PAGE);
    real.insert("crypto".to_owned(), edges(&["ballot"], &[]));
    real.insert("ballot".to_owned(), edges(&[], &["testkit"]));
    real.insert("extra".to_owned(), edges(&[], &[]));
    let findings = compare(&table(PAGE), &real);
    assert_eq!(
        findings,
        [
            "ballot → crypto: in the table only",
            "crypto → ballot: not in the table",
            "extra: a crate without a row",
        ]
    );
}
