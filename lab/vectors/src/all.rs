//! All files of `vectors/`, and all vectors computed again.

use crate::file::File;
use crate::input::In;
use serde_json::Value;

/// Every file.
#[must_use]
pub fn files() -> Vec<File> {
    vec![
        crate::chapter01::file(),
        crate::manifest::file(),
        crate::chapter02::file(),
        crate::chapter03::file(),
        crate::chapter04::file(),
        crate::chapter05::file(),
        crate::chapter06::file(),
        crate::chapter07::file(),
        crate::chapter08::file(),
        crate::chapter09::file(),
    ]
}

/// Computes the vectors of a file as it was read, from nothing but its inputs; gives how many there
/// were and the names of those that differ.
#[must_use]
pub fn recompute(files: &[File], read: &Value) -> (usize, Vec<String>) {
    let computes: Vec<_> = files.iter().flat_map(File::computes).collect();
    let mut kinds: Vec<&str> = computes.iter().map(|c| c.0).collect();
    kinds.sort_unstable();
    assert!(
        kinds.windows(2).all(|w| w[0] != w[1]),
        "a kind stands twice"
    );
    let shared = In(read["shared"].as_object().expect("an object"));
    let (mut count, mut differ) = (0, Vec::new());
    for group in read["groups"].as_array().expect("groups") {
        let kind = group["kind"].as_str().expect("a kind");
        let compute = computes
            .iter()
            .find(|c| c.0 == kind)
            .expect("a known kind")
            .1;
        for vector in group["vectors"].as_array().expect("vectors") {
            let answer = compute(In(vector["in"].as_object().expect("inputs")), shared);
            count += 1;
            if answer.out != vector["out"] || vector["expect"] != answer.expect.as_str() {
                differ.push(format!("{kind}: {}", vector["name"]));
            }
        }
    }
    (count, differ)
}
