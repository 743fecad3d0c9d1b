//! What a record says about registrars' reports: failures, findings, last words and exit codes.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::process::{Command, Stdio};
use testkit::election::{Lab, MINUTE, Options, save};
use verify::Status;

const HOUR: u64 = 60 * MINUTE;

fn options(registrars: usize) -> Options {
    Options {
        seed: 41,
        registrars,
        ..Options::small()
    }
}

fn report(lab: &mut Lab, registrar: usize, tokens: (u32, u32)) {
    let day = lab.close_day();
    for entry in lab.report(registrar, day, tokens) {
        lab.post_one(&entry);
    }
}

/// Three voters for option 1, of whom the first votes twice: 3 counted, 1 replaced, margin 3. Each
/// registrar reports so many tokens, or nothing.
fn with_reports(reports: &[Option<(u32, u32)>]) -> Lab {
    let mut lab = Lab::open(options(reports.len()));
    for voter in [0, 1, 2, 0] {
        lab.cast(voter, 1);
    }
    lab.close();
    for (registrar, tokens) in reports.iter().enumerate() {
        if let Some(tokens) = tokens {
            report(&mut lab, registrar, *tokens);
        }
    }
    lab.advance_to(lab.now + 2 * HOUR);
    lab.tally();
    lab
}

/// The program's exit code and what it says.
fn run(lab: &Lab, trust: bool) -> (Option<i32>, String) {
    let dir = tempfile::tempdir().unwrap();
    let (record, keys) = (dir.path().join("record"), dir.path().join("trust.json"));
    save(&lab.record(), &record);
    std::fs::write(&keys, lab.trust_json()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-verify"));
    command.arg(&record).stdin(Stdio::null());
    if trust {
        command.arg("--trust").arg(&keys);
    }
    let out = command.output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    (out.status.code(), text)
}

fn checked(lab: &mut Lab) -> verify::Report {
    let record = lab.record();
    let election = lab.election;
    let expected = verify::Expected {
        trust: None,
        election: Some(&election),
    };
    verify::verify(&record, expected, &mut lab.rng, &mut |_| ())
}

#[track_caller]
fn finds(reports: &[Option<(u32, u32)>], rules: &[&str]) {
    let mut lab = with_reports(reports);
    let report = checked(&mut lab);
    assert!(report.ok, "{}", report.to_text());
    assert_eq!(report.found_rules(), rules, "{}", report.to_text());
    let status = report.checks.iter().find(|l| l.key == "reconciliation");
    let expected = if rules.is_empty() {
        Status::Passed
    } else {
        Status::Finding
    };
    assert_eq!(status.unwrap().status, expected);
    let code = if rules.is_empty() { 0 } else { 4 };
    assert_eq!(report.exit_code(), code);
}

#[track_caller]
fn fails(reports: &[Option<(u32, u32)>], rule: &str) {
    let mut lab = with_reports(reports);
    let report = checked(&mut lab);
    assert_eq!(report.failed_rules(), [rule], "{}", report.to_text());
    assert_eq!(report.exit_code(), 1);
}

#[test]
fn enough_reported_by_everybody_is_no_finding() {
    finds(&[Some((3, 1))], &[]);
    finds(&[Some((9, 9)), Some((3, 1))], &[]);
}

#[test]
fn finds_r8_10_too_few_credentials_of_one_registrar() {
    finds(&[Some((2, 1)), Some((3, 1))], &["R8.10"]);
    finds(&[Some((3, 1)), Some((1, 1))], &["R8.10"]);
}

#[test]
fn finds_r8_14_too_few_further_tokens_of_one_registrar() {
    finds(&[Some((3, 0)), Some((3, 1))], &["R8.14"]);
}

/// Nothing reported: 3 ballots and 1 replaced one, 3 + 2 · 1 ≥ 3.
#[test]
fn a_56_finds_r8_11_r8_19_a_registrar_that_never_reported() {
    finds(&[None, Some((3, 1))], &["R8.11", "R8.10", "R8.14", "R8.19"]);
}

#[test]
fn finds_r8_19_what_reaches_the_margin_and_nothing_less() {
    finds(&[Some((2, 0)), Some((3, 1))], &["R8.10", "R8.14", "R8.19"]);
    finds(&[Some((1, 1)), Some((3, 1))], &["R8.10"]);
    finds(&[Some((0, 1)), Some((3, 1))], &["R8.10", "R8.19"]);
}

#[test]
fn a_23_rejects_r8_15_when_no_registrar_covers_the_counted_ballots() {
    fails(&[Some((2, 1))], "R8.15");
    fails(&[None], "R8.15");
    fails(&[Some((2, 5)), Some((1, 1))], "R8.15");
}

#[test]
fn rejects_r8_16_when_no_registrar_covers_the_replaced_ballots() {
    fails(&[Some((3, 0))], "R8.16");
    fails(&[Some((7, 0)), Some((3, 0))], "R8.16");
}

#[test]
fn finds_r8_17_a_late_report_and_counts_it() {
    let mut lab = Lab::open(options(1));
    lab.cast(0, 1);
    lab.close();
    lab.advance_to(lab.now + 7 * HOUR);
    report(&mut lab, 0, (1, 0));
    lab.tally();
    let checked = checked(&mut lab);
    assert_eq!(checked.found_rules(), ["R8.17"]);
    let (code, text) = run(&lab, true);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.contains("2027-01-22"), "{text}");
    assert!(text.contains("指摘があります"), "{text}");
}

/// One registrar reports when one share is on the board: its word counts as missing.
fn after_shares(registrars: usize) -> Lab {
    let mut lab = Lab::open(options(registrars));
    lab.cast(0, 1);
    lab.close();
    for registrar in 1..registrars {
        report(&mut lab, registrar, (1, 0));
    }
    lab.advance_to(lab.now + 2 * HOUR);
    lab.commit_shares(2);
    lab.announce();
    lab.post_shares(1);
    report(&mut lab, 0, (1, 0));
    let second = lab.shares[1].clone();
    let entry = lab.share_entry(&second);
    lab.post_one(&entry);
    lab.post_result();
    lab
}

#[test]
fn a_55_finds_r8_18_a_report_when_the_votes_are_known() {
    let mut lab = after_shares(2);
    let report = checked(&mut lab);
    assert_eq!(report.found_rules(), ["R8.18", "R8.10", "R8.19"]);
    assert_eq!(report.facts.as_ref().unwrap().issued, [1, 1]);
    let mut alone = after_shares(1);
    assert_eq!(checked(&mut alone).failed_rules(), ["R8.15"]);
}

#[test]
fn the_last_line_says_on_whose_word_the_outcome_rests() {
    let lab = with_reports(&[None, Some((3, 1))]);
    let (code, text) = run(&lab, true);
    assert_eq!(code, Some(4), "{text}");
    let last = text.lines().last().unwrap();
    assert!(
        last.contains("ほかの登録機関の報告だけに支えられて"),
        "{last}"
    );
    assert!(last.contains("word of the other registrars"), "{last}");
    let small = with_reports(&[Some((2, 1)), Some((3, 1))]);
    let (code, text) = run(&small, true);
    assert_eq!(code, Some(4));
    assert!(!text.lines().last().unwrap().contains("other registrars"));
    // Whose election it is comes first: 5, and the findings are printed all the same.
    let (code, text) = run(&lab, false);
    assert_eq!(code, Some(5));
    assert!(text.contains("R8.19"), "{text}");
}

#[test]
fn the_report_says_what_is_proven_by_whom() {
    let lab = with_reports(&[Some((3, 1))]);
    let (code, text) = run(&lab, true);
    assert_eq!(code, Some(0), "{text}");
    for words in [
        "だれが示すか",
        "proven by whom",
        "irefuda-audit",
        "who may vote",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}
