//! The record of an election that two officers withdrew before its opening.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use ballot::text::Text;
use board::entry::Act;
use std::process::{Command, Output, Stdio};
use testkit::election::{Lab, Options, save};

fn verify(lab: &Lab) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let (record, keys) = (dir.path().join("record"), dir.path().join("trust.json"));
    save(&lab.record(), &record);
    std::fs::write(&keys, lab.trust_json()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-verify"));
    let command = command.arg(&record).arg("--trust").arg(&keys);
    command.stdin(Stdio::null()).output().unwrap()
}

#[test]
fn a_63_a_withdrawn_record_is_sound_and_says_so() {
    let mut lab = Lab::sealed(Options::small());
    let act = lab.act(Act::Withdraw {
        reason: Text::new("選択肢の誤り", "a wrong option", "まちがい"),
    });
    lab.post_one(&act);
    let output = verify(&lab);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    for wanted in ["取りやめ", "WITHDRAWN", "選択肢の誤り / a wrong option"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let result = text.lines().find(|line| line.contains("R8.09")).unwrap();
    assert!(result.starts_with("取りやめ --"), "{result}");
}

#[test]
fn rejects_r8_09_an_election_that_is_only_sealed() {
    let output = verify(&Lab::sealed(Options::small()));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("[R8.09]"), "{text}");
}
