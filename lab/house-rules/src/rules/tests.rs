use super::*;

#[test]
fn ids_in_text_and_in_names() {
    let found = ids("Rule R4.03: see R12.10, PR4.05, fn rejects_r4_07_sum() r5_123 R4.3");
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        ["R12.10", "R4.03", "R4.07"]
    );
}

#[test]
fn definitions() {
    assert_eq!(definition("| R4.03 | sum |").as_deref(), Some("R4.03"));
    assert_eq!(definition("### R4.03 The sum").as_deref(), Some("R4.03"));
    assert_eq!(definition("| `R4.03` | sum |").as_deref(), Some("R4.03"));
    assert_eq!(definition("see R4.03"), None);
    assert_eq!(definition("| see | R4.03 |"), None);
}

#[test]
fn each_kind_of_gap_is_named() {
    let tree = Tree::of(&[
        (LIST, "| R1.01 | a |\n| R1.02 | b |\n"),
        ("core/board/src/a.rs", "// R1.01 R1.03"),
        (
            "core/board/src/a/tests.rs",
            "// R1.01\nfn helper_r1_01() {}\n#[test]\nfn rejects_r1_02() { f(\"R1.01\"); }",
        ),
    ]);
    assert_eq!(
        all_cited(&tree).unwrap(),
        [
            "R1.01: no test has it in its name",
            "R1.02: not cited in code",
            "R1.03: cited, but not in the list",
        ]
    );
}

#[test]
fn a_missing_list_is_a_finding() {
    assert_eq!(all_cited(&Tree::of(&[])).unwrap().len(), 1);
}

#[test]
fn a_constant_counts_when_code_uses_it() {
    let table = "    SEQ = 5 . 23, \"en\", \"ja\";\n    UNUSED = 5 . 24, \"en\", \"ja\";\n";
    let tree = Tree::of(&[
        ("core/board/src/rules.rs", table),
        ("core/board/src/state.rs", "return Err(rules::SEQ);"),
        ("core/board/src/state/tests.rs", "rules::UNUSED"),
    ]);
    assert_eq!(
        named_in_code(&tree).into_iter().collect::<Vec<_>>(),
        ["R5.23"]
    );
}
