use super::*;

const LIST: &str = "[[statement]]\npurpose = \"origin\"\ntested = \"here\"\n\
                    [[statement]]\npurpose = \"salt\"\ntested = \"every_field_counts\"\n";
const TEST: (&str, &str) = (
    "crates/a/src/tests.rs",
    "#[tokio::test(flavor = \"multi_thread\")]\n#[cfg(unix)]\nasync fn every_field_counts() {}",
);

fn findings(code: &str) -> Findings {
    let tree = Tree::of(&[(REGISTRY, LIST), TEST, ("crates/a/src/lib.rs", code)]);
    all_registered(&tree).unwrap()
}

#[test]
fn a_statement_without_a_test_is_found() {
    let code = (
        "crates/a/src/lib.rs",
        "hash(\"origin\", &[x]); hash(\"salt\", &[x]);",
    );
    let helper = ("crates/a/src/tests.rs", "fn every_field_counts() {}");
    let bare = LIST.replace("tested = \"here\"", "");
    for (list, test, wrong) in [
        (LIST, TEST, None),
        (
            LIST,
            helper,
            Some("salt: no test is called \"every_field_counts\""),
        ),
        (bare.as_str(), TEST, Some("origin: no test is called \"\"")),
    ] {
        let found = all_registered(&Tree::of(&[(REGISTRY, list), test, code])).unwrap();
        assert_eq!(found.first().map(String::as_str), wrong);
        assert_eq!(found.len(), usize::from(wrong.is_some()));
    }
}

#[test]
fn what_the_registry_and_the_sources_share_is_fine() {
    let code = "hash::hash(\n    \"origin\", &[x]); const D: &[u8] = b\"irefuda/v2/salt\";";
    assert_eq!(findings(code), Findings::new());
    // Test code may hash what it likes.
    let more = format!("{code}\n#[cfg(test)]\nmod tests {{ hash(\"anything\", &[]); }}");
    assert_eq!(findings(&more), Findings::new());
}

#[test]
fn a_statement_on_one_side_only_is_found() {
    let found = findings("hash(\"origin\", &[x]); Transcript::new(\"new-proof\")");
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("new-proof"));
    assert!(found[1].starts_with("salt"));
    assert_eq!(
        findings("key.sign(\"board-new\", b) hash(\"origin\") \"salt\"").len(),
        1
    );
}
