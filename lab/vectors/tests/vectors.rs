//! The files in `vectors/` are what the code gives.

use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).expect(name)
}

#[test]
fn every_vector_is_computed_again_from_its_inputs() {
    let (files, mut count) = (vectors::files(), 0);
    for file in &files {
        let value = serde_json::from_str(&read(file.name)).unwrap();
        let (n, differ) = vectors::recompute(&files, &value);
        assert!(differ.is_empty(), "{}: {differ:?}", file.name);
        count += n;
    }
    assert!(count > 500, "{count}");
}

#[test]
fn the_files_are_what_the_fixed_seeds_give() {
    for file in vectors::files() {
        assert!(
            read(file.name) == file.text(),
            "{}: run cargo xtask vectors",
            file.name
        );
    }
}

#[test]
fn a_changed_vector_is_noticed() {
    let files = vectors::files();
    let mut value: serde_json::Value = serde_json::from_str(&read(files[0].name)).unwrap();
    let vector = &mut value["groups"][0]["vectors"][0];
    vector["in"]["fields"] = serde_json::json!(["00"]);
    let (_, differ) = vectors::recompute(&files, &value);
    assert_eq!(differ.len(), 1);
}
