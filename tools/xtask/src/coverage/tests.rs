use super::table;

const REPORT: &str = r#"{"data": [{"files": [
    {"filename": "/w/core/crypto/src/group.rs", "summary": {"lines": {"count": 300, "covered": 299}}},
    {"filename": "/w/core/crypto/src/group/tests.rs", "summary": {"lines": {"count": 90, "covered": 90}}},
    {"filename": "/w/core/ballot/src/lib.rs", "summary": {"lines": {"count": 100, "covered": 50}}},
    {"filename": "/w/voter/booth/src/app.rs", "summary": {"lines": {"count": 10, "covered": 0}}},
    {"filename": "/elsewhere/lib.rs", "summary": {"lines": {"count": 10, "covered": 10}}}
]}]}"#;

#[test]
fn lines_are_summed_by_zone_without_tests_and_foreign_files() {
    let table = table(REPORT, "/w", None).unwrap();
    let rows: Vec<Vec<&str>> = table
        .iter()
        .map(|r| r.split_whitespace().collect())
        .collect();
    assert_eq!(rows[1], ["core", "400", "349", "87.2", "%"]);
    assert_eq!(rows[2], ["voter", "10", "0", "0.0", "%"]);
    assert_eq!(rows[3], ["all", "410", "349", "85.1", "%"]);
}

#[test]
fn one_zone_is_shown_crate_by_crate() {
    let table = table(REPORT, "/w", Some("core")).unwrap();
    assert!(table[1].starts_with("core/ballot "));
    assert!(table[2].starts_with("core/crypto "));
    assert!(table[3].starts_with("all "));
    assert!(table[3].contains(" 400 "));
}

#[test]
fn an_empty_zone_has_a_share_of_zero() {
    let table = table(r#"{"data": []}"#, "/w", None).unwrap();
    assert!(table[1].ends_with("0.0 %"));
}
