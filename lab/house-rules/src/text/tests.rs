use super::*;

#[test]
fn a_manifest_without_lints_is_found() {
    let good = "[package]\n\n[lints]\nworkspace = true\n";
    let tree = Tree::of(&[
        ("crates/a/Cargo.toml", good),
        ("crates/b/Cargo.toml", "[package]\n"),
    ]);
    assert_eq!(lints_inherited(&tree).unwrap(), ["crates/b/Cargo.toml"]);
}

#[test]
fn a_long_file_is_found_but_not_in_tests() {
    let long = "x\n".repeat(601);
    let tree = Tree::of(&[
        ("crates/a/src/long.rs", &long),
        ("crates/a/src/long/tests.rs", &long),
        ("crates/a/src/short.rs", &long[2..]),
    ]);
    assert_eq!(
        short_files(&tree).unwrap(),
        ["crates/a/src/long.rs: 601 lines"]
    );
}

#[test]
fn a_note_needs_its_issue() {
    let word = concat!("TO", "DO");
    let text = format!("// {word}(#12): later\n// {word}: some day\n");
    let tree = Tree::of(&[("crates/a/src/lib.rs", &text)]);
    assert_eq!(todos_numbered(&tree).unwrap().len(), 1);
}

#[test]
fn machine_paths_are_found() {
    let text = format!("see {}x\n", concat!("/wo", "rk/"));
    let tree = Tree::of(&[("README.md", &text), ("a.md", "see docs/\n")]);
    assert_eq!(stands_alone(&tree).unwrap().len(), 1);
}

#[test]
fn unsafe_is_found_outside_its_crate() {
    let code = "// unsafe { } in a comment\nlet x = unsafe { y };\n#![allow(unsafe_code)]\n";
    let tree = Tree::of(&[
        ("voter/dlib-sys/src/lib.rs", code),
        ("crates/a/src/lib.rs", code),
    ]);
    assert_eq!(
        unsafe_in_one_crate(&tree).unwrap(),
        ["crates/a/src/lib.rs:2", "crates/a/src/lib.rs:3"]
    );
}

#[test]
fn a_zone_without_its_page_is_found() {
    let page = INTRODUCED.join("\n");
    let names: Vec<String> = ZONES
        .iter()
        .map(|zone| format!("{zone}/README.md"))
        .collect();
    let mut files: Vec<(&str, &str)> = names
        .iter()
        .map(|name| (name.as_str(), page.as_str()))
        .collect();
    assert!(zones_introduced(&Tree::of(&files)).unwrap().is_empty());
    files[0].1 = "**Who runs it.** Somebody.";
    files.pop();
    assert_eq!(zones_introduced(&Tree::of(&files)).unwrap().len(), 2);
}
