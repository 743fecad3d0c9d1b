use super::*;

#[test]
fn codes_are_found_whole() {
    assert_eq!(
        codes("E-04b, (E-30) \"E-19\" E-1 E-123 SIZE-12 E-08bc"),
        ["E-04b", "E-30", "E-19"]
    );
}

const ROWS: &str = "NoCard = \"E-05\",\n    Printer = \"E-28b\",\n";

fn catalogue(rows: &[(&str, bool)]) -> String {
    rows.iter()
        .map(|(code, later)| {
            let by = if *later {
                "to_be_raised_by = \"x\"\n"
            } else {
                ""
            };
            format!("[[error]]\ncode = \"{code}\"\n{by}")
        })
        .collect()
}

fn findings(rows: &[(&str, bool)], more: &[(&str, &str)]) -> Vec<String> {
    let catalogue = catalogue(rows);
    let mut files = vec![(CATALOGUE, catalogue.as_str()), (TYPE, ROWS)];
    files.extend_from_slice(more);
    all_agree(&Tree::of(&files)).unwrap()
}

const BOTH: [(&str, bool); 2] = [("E-05", false), ("E-28b", true)];
const RAISED: (&str, &str) = ("voter/card/src/error.rs", "=> ErrorCode::NoCard,");

#[test]
fn a_tree_in_which_all_agree_has_no_findings() {
    assert_eq!(findings(&BOTH, &[RAISED]), Vec::<String>::new());
}

#[test]
fn a_code_that_nothing_raises_is_found() {
    let expected = ["E-05 is raised nowhere"];
    assert_eq!(findings(&BOTH, &[]), expected);
    // Tests, tools and longer names raise nothing.
    for other in [
        ("voter/card/src/error/tests.rs", "ErrorCode::NoCard"),
        ("tools/demo/src/plan.rs", "ErrorCode::NoCard"),
        ("voter/card/src/error.rs", "ErrorCode::NoCardAtAll"),
    ] {
        assert_eq!(findings(&BOTH, &[other]), expected, "{other:?}");
    }
}

#[test]
fn a_code_that_is_raised_leaves_the_list() {
    let printer = ("voter/booth/src/fault.rs", "ErrorCode::Printer => 1");
    assert_eq!(
        findings(&BOTH, &[RAISED, printer]),
        ["E-28b is raised in voter/booth/src/fault.rs: take it off the list"]
    );
}

#[test]
fn a_code_without_text_and_a_text_without_code_are_found() {
    assert_eq!(
        findings(&[("E-05", false), ("E-99", false)], &[RAISED]),
        [
            "E-28b has no text in data/errors.toml",
            "E-99 is not in shared/refusal/src/code.rs"
        ]
    );
}

#[test]
fn a_literal_is_found_with_its_file() {
    let literal = ("tools/demo/src/plan.rs", "Some(\"E-05\")");
    assert_eq!(
        findings(&BOTH, &[RAISED, literal]),
        ["E-05 is a literal in tools/demo/src/plan.rs"]
    );
    let page = ("voter/booth/templates/a.html", "<b>E-99</b>");
    assert_eq!(
        findings(&BOTH, &[RAISED, page]),
        ["E-99 in voter/booth/templates/a.html does not exist"]
    );
}
