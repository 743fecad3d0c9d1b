//! 200 random single-bit flips in each file of a record: the program ends with 1 for every one.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use testkit::election::{Lab, Options, save};

const FLIPS: usize = 200;

struct Saved {
    _dir: tempfile::TempDir,
    record: PathBuf,
    trust: PathBuf,
}

fn saved() -> Saved {
    let options = Options {
        seed: 21,
        ..Options::small()
    };
    let lab = Lab::finished(options, &[&[0], &[1, 0]]);
    let dir = tempfile::tempdir().unwrap();
    let (record, trust) = (dir.path().join("record"), dir.path().join("trust.json"));
    save(&lab.record(), &record);
    std::fs::write(&trust, lab.trust_json()).unwrap();
    Saved {
        _dir: dir,
        record,
        trust,
    }
}

fn run(p: &Saved, record: &Path) -> (i32, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_irefuda-verify"))
        .arg(record)
        .arg("--trust")
        .arg(&p.trust)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text =
        String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (out.status.code().unwrap_or(-1), text)
}

fn flip_everywhere(file: &str) {
    let p = saved();
    let (code, text) = run(&p, &p.record);
    assert_eq!(code, 0, "{text}");
    let path = p.record.join(file);
    let good = std::fs::read(&path).unwrap();
    let seed = 7000;
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    for i in 0..FLIPS {
        let bit = usize::try_from(rng.next_u64()).unwrap() % (good.len() * 8);
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, &bad).unwrap();
        let (code, text) = run(&p, &p.record);
        assert_eq!(
            code, 1,
            "{file}: flip {i} (seed {seed}) of bit {bit}: {text}"
        );
    }
}

#[test]
fn flips_in_manifest() {
    flip_everywhere("manifest.bin");
}

#[test]
fn flips_in_entries() {
    flip_everywhere("entries.bin");
}

#[test]
fn flips_in_blocks() {
    flip_everywhere("blocks.bin");
}

#[test]
fn flips_in_finality() {
    flip_everywhere("finality.bin");
}

#[test]
fn flips_in_view_counted() {
    flip_everywhere("view/counted.json");
}

#[test]
fn flips_in_view_election() {
    flip_everywhere("view/election.json");
}

#[test]
fn flips_in_view_result() {
    flip_everywhere("view/result.json");
}

#[test]
fn rejects_r8_01_r8_02_missing_unknown_and_truncated_files() {
    let p = saved();
    std::fs::write(p.record.join("note.txt"), "x").unwrap();
    let (code, text) = run(&p, &p.record);
    assert!(code == 1 && text.contains("R8.01"), "{text}");
    std::fs::remove_file(p.record.join("note.txt")).unwrap();
    let entries = p.record.join("entries.bin");
    let good = std::fs::read(&entries).unwrap();
    std::fs::write(&entries, &good[..good.len() - 1]).unwrap();
    let (code, text) = run(&p, &p.record);
    assert!(code == 1 && text.contains("R8.02"), "{text}");
    std::fs::remove_file(&entries).unwrap();
    let (code, text) = run(&p, &p.record);
    assert!(code == 1 && text.contains("R8.01"), "{text}");
}

/// A tar of the record with these names, `change`d afterwards.
fn tar_of(p: &Saved, names: &[&str], change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let mut bytes = Vec::new();
    for name in names {
        let file = std::fs::read(p.record.join(name)).unwrap_or_default();
        let size = u64::try_from(file.len()).unwrap();
        board::record::tar::write(&mut bytes, name, size, file.as_slice()).unwrap();
    }
    board::record::tar::end(&mut bytes).unwrap();
    change(&mut bytes);
    let path = p.record.with_extension("changed.tar");
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn rejects_r8_01_tars_with_other_files_another_order_or_more_bytes() {
    let p = saved();
    let all = board::record::ORDER;
    std::fs::write(p.record.join("extra"), "x").unwrap();
    let extra = [all.as_slice(), &["extra"]].concat();
    let folder = [&["view"], all.as_slice()].concat();
    let mut swapped = all;
    swapped.swap(1, 2);
    for names in [&all[1..], &all[..6], &extra, &folder, &swapped] {
        let (code, text) = run(&p, &tar_of(&p, names, |_| ()));
        assert!(code == 1 && text.contains("R8.01"), "{names:?}: {text}");
    }
    type Change = fn(&mut Vec<u8>);
    let changes: [Change; 5] = [
        |b| b.extend([0; 512]),
        |b| b.push(1),
        |b| b.extend_from_within(..),
        |b| b.truncate(b.len() - 1024),
        |b| b.truncate(b.len() / 2),
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let (code, text) = run(&p, &tar_of(&p, &all, change));
        assert!(code == 1 && text.contains("R8.01"), "{i}: {text}");
    }
    assert_eq!(run(&p, &tar_of(&p, &all, |_| ())).0, 0);
}

/// Every byte of a header and of the zeros around the files has one value: no reader of tars sees
/// another file than this one does, and nothing is hidden in a record that was checked.
#[test]
fn rejects_r8_01_a_tar_in_any_other_bytes() {
    let p = saved();
    let all = board::record::ORDER;
    let good = std::fs::read(tar_of(&p, &all, |_| ())).unwrap();
    let refused = |what: &str, bytes: &[u8]| {
        let open = verify::TarBytes::open(bytes);
        assert!(matches!(open, Err(verify::TarError::Files(_))), "{what}");
    };
    assert!(verify::TarBytes::open(&good).is_ok());
    let manifest = std::fs::read(p.record.join(all[0])).unwrap().len();
    let second = 512 + manifest.next_multiple_of(512);
    let quiet = (512 + manifest..second).chain(good.len() - 1024..good.len());
    for at in (0..512).chain(second..second + 512).chain(quiet) {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            refused(&format!("byte {at} bit {bit}"), &bytes);
        }
    }
    // Sizes in base 256, with a sign, in blanks: what other readers take for the same or another.
    let size = u64::try_from(manifest).unwrap();
    let signed = format!("+{size:010o}");
    let blanks = format!("{size:>11o}");
    let mut base = [0u8; 12];
    base[0] = 0x80;
    base[4..].copy_from_slice(&size.to_be_bytes());
    let mut negative = [0xff; 12];
    negative[4..].copy_from_slice(&size.to_be_bytes());
    for field in [signed.as_bytes(), blanks.as_bytes(), &base, &negative] {
        let mut bytes = good.clone();
        bytes[124..124 + field.len()].copy_from_slice(field);
        bytes[148..156].copy_from_slice(b"        ");
        let sum: u32 = bytes[..512].iter().map(|b| u32::from(*b)).sum();
        bytes[148..156].copy_from_slice(format!("{sum:07o}\0").as_bytes());
        refused("size", &bytes);
    }
    // What another program packs from the same folder.
    let mut other = tar::Builder::new(Vec::new());
    for name in all {
        other
            .append_path_with_name(p.record.join(name), name)
            .unwrap();
    }
    refused("another program", &other.into_inner().unwrap());
}

#[test]
fn rejects_r8_13_another_election_and_says_rehearsal() {
    let p = saved();
    let ask = |hash: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-verify"));
        let command = command.arg(&p.record).args(["--election", hash]);
        let out = command.output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        (out.status.code().unwrap_or(-1), text)
    };
    let (code, text) = ask(&"0".repeat(128));
    assert!(code == 1 && text.contains("R8.13"), "{text}");
    assert!(
        text.contains("試験") && text.contains("REHEARSAL"),
        "{text}"
    );
    assert_eq!(ask("00").0, 2);
    let (_, text) = run(&p, &p.record);
    let after = text.split("election hash").nth(1).unwrap();
    let hash = after.split_whitespace().next().unwrap();
    assert_eq!(ask(hash).0, 0);
}

#[test]
fn the_same_record_as_a_tar_passes_and_without_trust_values_are_shown() {
    let p = saved();
    let tar_path = p.record.with_extension("tar");
    std::fs::copy(tar_of(&p, &board::record::ORDER, |_| ()), &tar_path).unwrap();
    let (code, text) = run(&p, &tar_path);
    assert_eq!(code, 0, "{text}");
    let out = Command::new(env!("CARGO_BIN_EXE_irefuda-verify"))
        .arg(&p.record)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert_eq!(out.status.code(), Some(5), "{text}");
    let open = text.contains("election hash") && text.contains("validator");
    assert!(open && !text.contains("Every check passed"), "{text}");
    assert!(text.contains("was not compared"), "{text}");
    assert_eq!(run(&p, Path::new("/nonexistent/record")).0, 3);
}

#[test]
fn json_names_every_check() {
    let p = saved();
    let out = Command::new(env!("CARGO_BIN_EXE_irefuda-verify"))
        .args([
            p.record.as_os_str(),
            "--json".as_ref(),
            "--trust".as_ref(),
            p.trust.as_os_str(),
        ])
        .output()
        .unwrap();
    let v: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(v["ok"], true);
    assert_eq!(v["checks"].as_array().unwrap().len(), verify::CHECKS.len());
    assert_eq!(v["facts"]["counted"], 2);
    for check in v["checks"].as_array().unwrap() {
        let means = check["means_en"].as_str().unwrap();
        assert!(means.starts_with("This means that"), "{check}");
    }
}

#[test]
fn explanations_stand_under_checks_that_passed_and_only_there() {
    let p = saved();
    let explained = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-verify"));
        let command = command.arg(&p.record).arg("--explain");
        let out = command.arg("--trust").arg(&p.trust).output().unwrap();
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    let count = |text: &str| text.matches("This means that").count();
    assert_eq!(count(&explained()), verify::CHECKS.len());
    std::fs::write(p.record.join("view/result.json"), "null\n").unwrap();
    let text = explained();
    assert_eq!(count(&text), verify::CHECKS.len() - 1, "{text}");
    assert!(!text.contains("made for reading say"), "{text}");
}

#[test]
fn the_plain_answer_is_one_line_a_check_with_its_rules() {
    let p = saved();
    let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-verify"));
    let command = command.arg(&p.record).arg("--trust").arg(&p.trust);
    let out = command.stderr(Stdio::null()).output().unwrap();
    assert!(out.status.success());
    let text = String::from_utf8(out.stdout).unwrap();
    let passed = text
        .lines()
        .filter_map(|l| l.trim().strip_prefix("合格 ok"));
    let lines: Vec<&str> = passed.map(str::trim_start).collect();
    assert_eq!(lines.len(), verify::CHECKS.len(), "{text}");
    for (line, check) in lines.iter().zip(&verify::CHECKS) {
        let rest = line.strip_prefix(check.rules).unwrap();
        assert!(rest.trim_start().starts_with(check.ja), "{line}");
    }
}

#[test]
fn words_of_the_manifest_are_not_shown_when_a_check_failed() {
    let p = saved();
    let title = "提案1";
    let (code, text) = run(&p, &p.record);
    assert_eq!((code, text.contains(title)), (0, true), "{text}");
    let path = p.record.join("view/result.json");
    let mut view = std::fs::read(&path).unwrap();
    view.push(b' ');
    std::fs::write(&path, view).unwrap();
    let (code, text) = run(&p, &p.record);
    assert_eq!((code, text.contains(title)), (1, false), "{text}");
}
