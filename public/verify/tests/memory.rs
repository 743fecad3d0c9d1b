//! The program's memory does not grow with the record, and its verdict is the library's.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;
use testkit::election::{Lab, Options, save};
use testkit::process::{Ran, run};

/// One thread and the least memory: batches are full and temporary files are written even for the
/// smaller record.
fn verified(record: &Path, extra: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-verify"));
    let command = command
        .arg(record)
        .args(["--threads", "1", "--memory", "1"]);
    run(command.args(extra))
}

fn large(ballots: usize, folder: &Path) -> Lab {
    let options = Options {
        seed: 41,
        n: 3,
        t: 2,
        options: 12,
        ..Options::default()
    };
    let lab = Lab::large(options, ballots, 2);
    save(&lab.record(), folder);
    lab
}

/// 3,000 ballots are 6.5 MB of entries, and the board keeps 1.4 kB of each in its tables: a program
/// that kept either would need far more than the difference allowed here.
#[test]
fn five_times_the_ballots_need_no_more_memory() {
    let dir = tempfile::tempdir().unwrap();
    let (few, many) = (dir.path().join("few"), dir.path().join("many"));
    large(600, &few);
    let lab = large(3000, &many);
    let (small, big) = (verified(&few, &[]), verified(&many, &[]));
    // Nothing was given to compare with.
    assert_eq!((small.code, big.code), (5, 5), "{}", big.said);
    assert!(small.peak_kib > 2000, "nothing was measured: {small:?}");
    let allowed = small.peak_kib + 1500;
    assert!(
        big.peak_kib < allowed,
        "{} KiB, then {} KiB",
        small.peak_kib,
        big.peak_kib
    );
    let board = lab.on_board();
    let (received, counted) = (board.received(), board.counted());
    assert!(received == 3000 && counted < received, "nobody voted again");
    let line = format!("{received} = {counted} + {}", received - counted);
    assert!(big.said.contains(&line), "{}", big.said);
}

#[test]
fn temporary_files_that_cannot_be_written_say_nothing_about_the_record() {
    let dir = tempfile::tempdir().unwrap();
    large(300, dir.path());
    let ran = verified(dir.path(), &["--temporary", "/nonexistent"]);
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert_eq!(ran.said, "", "a verdict was given");
}
