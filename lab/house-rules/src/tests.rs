use super::*;

#[test]
fn test_code_is_told_from_code() {
    assert!(is_test("crates/a/tests/it/main.rs"));
    assert!(is_test("crates/a/src/foo/tests.rs"));
    assert!(is_test("crates/a/src/foo/tests/prop.rs"));
    assert!(!is_test("crates/a/src/contests.rs"));
}
