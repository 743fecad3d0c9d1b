use super::*;

const PAGE: (&str, &str) = (
    GLOSSARY,
    "<!-- word-types:begin -->\n| word | type |\n|---|---|\n| ballot | `ballot::Ballot` |\n<!-- word-types:end -->\n",
);
const HOME: (&str, &str) = ("core/ballot/src/ballot.rs", "pub struct Ballot {\n");

fn found(files: &[(&str, &str)]) -> Findings {
    let all: Vec<(&str, &str)> = files.iter().copied().chain([PAGE]).collect();
    one_type_each(&Tree::of(&all)).unwrap()
}

#[test]
fn a_second_crate_with_the_type_is_found() {
    let other = ("voter/booth/src/state.rs", "    pub enum Ballot {\n");
    assert_eq!(
        found(&[HOME, other]),
        ["ballot: booth has a second Ballot beside ballot's"]
    );
}

#[test]
fn a_row_without_a_type_and_a_page_without_rows_are_found() {
    assert_eq!(found(&[]), ["ballot: ballot has no public type Ballot"]);
    let findings = one_type_each(&Tree::of(&[(GLOSSARY, "# Words")])).unwrap();
    assert_eq!(findings, ["docs/glossary.md: no table of types"]);
}

#[test]
fn models_tests_and_longer_names_are_not_counted() {
    let model = ("lab/model/src/lib.rs", "pub struct Ballot;\n");
    let test = ("voter/booth/src/x/tests.rs", "pub struct Ballot;\n");
    let longer = (
        "voter/booth/src/y.rs",
        "pub struct BallotView;\nstruct Ballot;\n",
    );
    assert!(found(&[HOME, model, test, longer]).is_empty());
}
