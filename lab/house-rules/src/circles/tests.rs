use super::*;

const ROOT: (&str, &str) = ("core/a/src/lib.rs", "mod one;\nmod two;\npub use one::One;");

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let all: Vec<(&str, &str)> = files.iter().copied().chain([ROOT]).collect();
    none_but_known(&Tree::of(&all)).unwrap()
}

#[test]
fn two_modules_that_need_each_other_are_found() {
    let one = (
        "core/a/src/one.rs",
        "use crate::two::Two; pub struct One(Two);",
    );
    let two = (
        "core/a/src/two.rs",
        "pub struct Two; pub fn f(one: &crate::one::One) {}",
    );
    assert_eq!(found(&[one, two]), ["new circle: a: one two"]);
}

#[test]
fn a_name_that_the_root_passes_on_belongs_to_its_module() {
    let one = ("core/a/src/one.rs", "use crate::two::f; pub struct One;");
    let two = (
        "core/a/src/two.rs",
        "use crate::One; pub fn f(one: &One) {}",
    );
    assert_eq!(found(&[one, two]), ["new circle: a: one two"]);
}

#[test]
fn an_imported_module_is_followed() {
    let one = (
        "core/a/src/one.rs",
        "use crate::two; pub fn g() { two::f(); }",
    );
    let two = ("core/a/src/two.rs", "use super::one::g; pub fn f() { g() }");
    assert_eq!(found(&[one, two]), ["new circle: a: one two"]);
}

#[test]
fn one_direction_parents_and_tests_are_no_circle() {
    let one = (
        "core/a/src/one.rs",
        "mod part; use crate::two::Two; pub struct One(part::Part);",
    );
    let part = (
        "core/a/src/one/part.rs",
        "pub struct Part; fn f(one: &super::One) {}",
    );
    let two = (
        "core/a/src/two.rs",
        "pub struct Two; #[cfg(test)] mod tests { use crate::one::One; }",
    );
    let tests = ("core/a/src/two/tests.rs", "use crate::one::One;");
    assert!(found(&[one, part, two, tests]).is_empty());
}

#[test]
fn a_known_circle_that_is_open_must_leave_the_list() {
    let one = ("core/a/src/one.rs", "pub struct One;");
    let list = (KNOWN, "# circles\na: one two\n");
    assert_eq!(
        found(&[one, list]),
        [format!(
            "no circle any more, take it out of {KNOWN}: a: one two"
        )]
    );
}
