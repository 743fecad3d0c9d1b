//! Records whose parts do not belong together: the program names the rule and ends with 1.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;
use std::process::{Command, Stdio};
use testkit::election::{Lab, Options, record_of, save};

fn lab(seed: u64) -> Lab {
    let options = Options {
        seed,
        ..Options::small()
    };
    Lab::finished(options, &[&[0], &[1]])
}

/// Saves the record, damages it, and expects the rule.
#[track_caller]
fn fails_with(lab: &Lab, rule: &str, damage: impl FnOnce(&Path)) {
    let dir = tempfile::tempdir().unwrap();
    let (record, keys) = (dir.path().join("record"), dir.path().join("trust.json"));
    save(&lab.record(), &record);
    std::fs::write(&keys, lab.trust_json()).unwrap();
    damage(&record);
    let out = Command::new(env!("CARGO_BIN_EXE_irefuda-verify"))
        .arg(&record)
        .arg("--trust")
        .arg(&keys)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout);
    assert_eq!(out.status.code(), Some(1), "{text}");
    assert!(text.contains(rule), "{rule}: {text}");
}

#[cfg(unix)]
#[test]
fn rejects_r8_01_a_file_that_is_a_link() {
    let lab = lab(7);
    for file in ["entries.bin", "view/result.json"] {
        fails_with(&lab, "R8.01", |record| {
            let real = record.with_file_name("elsewhere");
            std::fs::rename(record.join(file), &real).unwrap();
            std::os::unix::fs::symlink(&real, record.join(file)).unwrap();
        });
    }
}

fn replace(record: &Path, file: &str, other: &Lab) {
    let dir = tempfile::tempdir().unwrap();
    save(&other.record(), dir.path());
    std::fs::copy(dir.path().join(file), record.join(file)).unwrap();
}

#[test]
fn rejects_r8_05_the_manifest_of_another_election() {
    fails_with(&lab(31), "R8.05", |record| {
        replace(record, "manifest.bin", &lab(32));
    });
}

#[test]
fn rejects_r8_06_a_view_that_tells_another_result() {
    fails_with(&lab(31), "R8.06", |record| {
        let path = record.join("view/result.json");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}\n")).unwrap();
    });
}

#[test]
fn rejects_r8_03_a_chain_without_its_first_block() {
    let lab = lab(31);
    let manifest = lab.manifest.as_ref().unwrap();
    let headless = record_of(&lab.chain[1..], manifest, lab.on_board());
    fails_with(&lab, "R8.03", |record| save(&headless, record));
}
