use super::*;

const LIST: &str = "[[statement]]\npurpose = \"origin\"\n[[statement]]\npurpose = \"salt\"\n";

fn findings(code: &str) -> Findings {
    let tree = Tree::of(&[(REGISTRY, LIST), ("crates/a/src/lib.rs", code)]);
    all_registered(&tree).unwrap()
}

#[test]
fn what_the_registry_and_the_sources_share_is_fine() {
    let code = "hash::hash(\n    \"origin\", &[x]); const D: &[u8] = b\"irefuda/v1/salt\";";
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
