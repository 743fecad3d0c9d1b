use super::*;

#[test]
fn codes_are_found_whole() {
    assert_eq!(
        codes("E-04b, (E-30) \"E-19\" E-1 E-123 SIZE-12 E-08bc"),
        ["E-04b", "E-30", "E-19"]
    );
}

#[test]
fn an_orphan_is_named_with_its_file() {
    let tree = Tree::of(&[
        ("data/errors.toml", "[\"E-04b\"]\n"),
        ("voter/booth/src/a.rs", "code(\"E-04b\")"),
        ("voter/booth/src/b.rs", "code(\"E-99\")"),
    ]);
    assert_eq!(all_known(&tree).unwrap(), ["E-99 in voter/booth/src/b.rs"]);
}
