use super::*;

const PAGE: &str = "\
| `ghost` | | | | before the markers |
<!-- crate-table:begin -->
| crate | zone | depends on | in tests also | what |
|---|---|---|---|---|
| `crypto` | core | — | | group |
| `ballot` | core | `crypto` | `testkit` | ballots |
<!-- crate-table:end -->
";

fn edges(normal: &[&str], tests: &[&str]) -> Edges {
    placed("core", normal, tests)
}

fn placed(zone: &str, normal: &[&str], tests: &[&str]) -> Edges {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Edges {
        zone: zone.to_owned(),
        program: false,
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

#[test]
fn a_crate_in_another_folder_than_the_table_says_is_named() {
    let mut real = table(PAGE);
    real.insert("crypto".to_owned(), placed("shared", &[], &[]));
    let findings = compare(&table(PAGE), &real);
    assert_eq!(findings, ["crypto: is in shared, the table says core"]);
}

/// Every arrow that must not be drawn, one a row; the last rows are allowed.
#[test]
fn arrows_between_zones_are_named() {
    let arrow = |from: &str, to: &str, target: &str, in_tests: bool| {
        let names: &[&str] = &[to];
        let (normal, tests) = if in_tests {
            (&[][..], names)
        } else {
            (names, &[][..])
        };
        let graph = BTreeMap::from([
            ("a".to_owned(), placed(from, normal, tests)),
            (to.to_owned(), placed(target, &[], &[])),
        ]);
        crossings(&graph).len()
    };
    for (from, to, target, in_tests, wrong) in [
        ("core", "b", "shared", false, 1),
        ("core", "b", "lab", false, 1),
        ("shared", "b", "voter", false, 1),
        ("voter", "b", "identity", false, 1),
        ("voter", "b", "identity", true, 1),
        ("identity", "b", "voter", false, 1),
        ("chain", "jpki", "identity", false, 1),
        ("public", "b", "tools", true, 1),
        ("chain", "b", "lab", false, 1),
        ("chain", "b", "lab", true, 0),
        ("voter", "jpki", "identity", false, 0),
        ("count", "b", "shared", false, 0),
        ("shared", "b", "core", false, 0),
        ("lab", "b", "voter", false, 0),
        ("tools", "b", "chain", false, 0),
    ] {
        assert_eq!(
            arrow(from, to, target, in_tests),
            wrong,
            "{from} → {to} ({target})"
        );
    }
}

#[test]
fn a_program_never_links_another_of_its_zone() {
    let program = |normal: &[&str]| Edges {
        program: true,
        ..placed("count", normal, &[])
    };
    let graph = BTreeMap::from([
        ("admin".to_owned(), program(&["trustee"])),
        ("trustee".to_owned(), program(&[])),
    ]);
    assert_eq!(crossings(&graph), ["admin → trustee: two programs"]);
}

#[test]
fn an_unknown_folder_is_named() {
    let graph = BTreeMap::from([("a".to_owned(), placed("crates", &[], &[]))]);
    assert_eq!(crossings(&graph), ["a: no zone is called \"crates\""]);
}
