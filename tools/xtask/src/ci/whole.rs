//! The last steps: a whole election in processes, damage to its record, and two elections that must
//! look alike.

use anyhow::Result;
use toolbox::shell::Shell;
use toolbox::{Counts, output, root};

use crate::web;

/// Where the demo of the test run goes.
pub const OUT: &str = "target/demo-test";
/// Bits flipped in each file of the record.
const FLIPS: usize = 200;

/// A demo election with 30 voters: three of them in a browser, planted faults, verification, public
/// pages, canaries. Each visit and each figure that is as planned is a passed check.
///
/// # Errors
/// The demo cannot be started.
pub fn demo() -> Result<Counts> {
    web::bundle(&root::join(root::PAGES))?;
    let out = root::join(OUT);
    let said = program("demo")
        .arg("--auto=30")
        .arg("--seed=1")
        .arg(format!("--out={}", out.display()))
        .tee()?;
    let planned = said.text.matches(" received ").count() + said.text.matches(" (planted)").count();
    let passed = u64::try_from(planned).unwrap_or(0);
    Ok(Counts {
        passed: passed + u64::from(said.ok),
        failed: u64::from(!said.ok),
    })
}

/// Where the demo by hand goes.
const BY_HAND: &str = "target/demo-by-hand";
/// Its first port: another demo may be open on this machine.
const BY_HAND_PORT: u16 = 23_100;

/// The demo by hand, typed by a script: one vote, up to the close, the count.
///
/// # Errors
/// The demo cannot be started.
pub fn by_hand() -> Result<Counts> {
    let out = root::join(BY_HAND);
    std::fs::create_dir_all(&out)?;
    let script = out.join("script.txt");
    std::fs::write(&script, program("script").stdout()?)?;
    let said = program("demo")
        .arg(format!("--out={}", out.display()))
        .arg(format!("--port-base={BY_HAND_PORT}"))
        .input(&script)?
        .tee()?;
    let missing = missing_by_hand(&said.text);
    for line in &missing {
        output::line(&format!("not printed: {line}"));
    }
    let failed = u64::try_from(missing.len())? + u64::from(!said.ok);
    Ok(Counts {
        passed: u64::from(failed == 0),
        failed,
    })
}

/// What a run by hand must print.
fn missing_by_hand(said: &str) -> Vec<&'static str> {
    const WANTED: [&str; 8] = [
        "http://127.0.0.1:23100/",
        "https://127.0.0.1:23102/",
        "https://127.0.0.1:23110/v1/status",
        "--use-file-for-fake-video-capture=",
        "\nreceived ",
        "received 1 = counted 1 + overwritten 0; verify exit 0",
        "the public record is in ",
        "irefuda-verify ",
    ];
    // With a display the browser is started and its command line is not printed.
    let opened = said.contains("a browser opens");
    let wanted = WANTED.into_iter().filter(|line| !said.contains(line));
    wanted
        .filter(|line| !(opened && line.starts_with("--use-file")))
        .collect()
}

/// Two small elections that differ in one choice and must look alike from outside.
///
/// # Errors
/// One of them fails.
pub fn twins() -> Result<Counts> {
    Ok(Counts::one(program("twins").tee()?.ok))
}

/// Single-bit flips in each file of the demo's record; each must be refused.
///
/// # Errors
/// The record does not verify or cannot be read.
pub fn damage() -> Result<Counts> {
    let out = root::join(OUT);
    let said = program("tamper")
        .arg(out.join("record"))
        .arg("--trust")
        .arg(out.join("trust.json"))
        .arg(format!("--flips={FLIPS}"))
        .tee()?;
    Ok(Counts::one(said.ok))
}

/// One task of the demo's program, which the build left behind.
fn program(task: &str) -> Shell {
    Shell::program(root::program("irefuda-demo")).arg(task)
}
