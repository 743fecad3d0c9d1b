//! The program itself, as a script runs it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(dir: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-trustee"));
    let command = command.current_dir(dir).args(words).stdin(Stdio::null());
    command.output().unwrap()
}

#[test]
fn practise_goes_from_the_key_to_the_result_in_a_folder_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("phrase"), "a long enough passphrase\n").unwrap();
    let practise = [
        "practise",
        "--passphrase-file",
        "phrase",
        "--n",
        "5",
        "--t",
        "3",
    ];
    // Without a person it asks for --yes and does nothing more.
    let asked = run(dir.path(), &practise);
    assert_eq!(asked.status.code(), Some(1));
    let said = String::from_utf8(asked.stderr).unwrap();
    assert!(said.contains("--yes"), "{said}");
    let done = run(dir.path(), &[practise.as_slice(), &["--yes"]].concat());
    assert_eq!(done.status.code(), Some(0));
    let said = String::from_utf8(done.stdout).unwrap();
    for line in said.lines() {
        let marked = line.starts_with("【練習】") || line.starts_with("    [PRACTICE]");
        assert!(marked, "{line}");
    }
    assert!(said.contains("締切ブロックの六つの言葉"));
    let folders = std::fs::read_dir(dir.path()).unwrap();
    let names = folders.map(|f| f.unwrap().file_name().into_string().unwrap());
    let others: Vec<String> = names.filter(|n| n != "phrase").collect();
    assert!(others.len() <= 2, "{others:?}");
    assert!(others.iter().all(|n| n.starts_with("renshu-practice-")));
}

#[test]
fn a_practice_needs_a_majority_and_a_command_its_configuration() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("phrase"), "a long enough passphrase\n").unwrap();
    let few = [
        "practise",
        "--passphrase-file",
        "phrase",
        "--n",
        "4",
        "--t",
        "2",
        "--yes",
    ];
    let refused = run(dir.path(), &few);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("R2.01"));
    let refused = run(dir.path(), &["status"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("--config")
    );
}
