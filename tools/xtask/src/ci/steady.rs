//! The prover under callgrind: with the same randomness, the number of instructions must not
//! depend on the choice. A copy that branches on it must be caught by the same count.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};

use toolbox::shell::Shell;
use toolbox::{Counts, output};

/// What is run, options, fewest and most marks, and every choice that is compared.
struct Case {
    what: &'static str,
    shape: [&'static str; 3],
    choices: &'static [&'static str],
    /// Whether the counts must be one number.
    steady: bool,
}

/// Choose one of five; one of three or none (a slack bit); up to three of four with at least one
/// (two slack bits). A dash is no mark.
const CASES: [Case; 6] = [
    case("prove", ["5", "1", "1"], &["0", "1", "2", "3", "4"], true),
    case("prove", ["3", "0", "1"], &["-", "0", "1", "2"], true),
    case(
        "prove",
        ["4", "1", "3"],
        &["0", "3", "01", "23", "012", "123"],
        true,
    ),
    case("ballot", ["3", "0", "1"], &["-", "0", "1", "2"], true),
    case("ballot", ["4", "1", "3"], &["0", "23", "012"], true),
    case("leaky", ["3", "0", "1"], &["-", "0", "1", "2"], false),
];

const fn case(
    what: &'static str,
    shape: [&'static str; 3],
    choices: &'static [&'static str],
    steady: bool,
) -> Case {
    Case {
        what,
        shape,
        choices,
        steady,
    }
}

/// Builds the released code of the prover and compares the counts of every case.
///
/// # Errors
/// valgrind or cargo cannot be started, or the program does not end well.
pub fn counted() -> Result<Counts> {
    let built = Shell::new("cargo build --release --locked -p constant-time").tee()?;
    if !built.ok {
        return Ok(Counts::one(false));
    }
    let runs: Vec<(usize, &str)> = (0..CASES.len())
        .flat_map(|i| CASES[i].choices.iter().map(move |c| (i, *c)))
        .collect();
    let found = in_pairs(&runs)?;
    let mut counts = Counts::default();
    for (i, case) in CASES.iter().enumerate() {
        let of_case = found.iter().filter(|(place, _)| runs[*place].0 == i);
        let numbers: Vec<u64> = of_case.map(|(_, n)| *n).collect();
        let different: BTreeSet<&u64> = numbers.iter().collect();
        let good = (different.len() == 1) == case.steady;
        let shape = case.shape.join(" ");
        let mark = if good { "ok  " } else { "FAIL" };
        let shown = if case.steady { "" } else { " (must differ)" };
        output::line(&format!(
            "{mark} {} {shape}: {} choices, instructions {different:?}{shown}",
            case.what,
            numbers.len()
        ));
        counts = counts.plus(Counts::one(good));
    }
    Ok(counts)
}

/// All runs, two at a time; the instructions of each with its place, in order.
fn in_pairs(runs: &[(usize, &str)]) -> Result<Vec<(usize, u64)>> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| -> Result<()> {
        let work = || -> Result<()> {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some((case, choice)) = runs.get(place) else {
                    return Ok(());
                };
                let n = instructions(&CASES[*case], choice)?;
                found.lock().expect("no panic inside").push((place, n));
            }
        };
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads
            .into_iter()
            .try_for_each(|t| t.join().expect("no panic inside"))
    })?;
    let mut found = found.into_inner().expect("no panic inside");
    found.sort_unstable();
    Ok(found)
}

/// Instructions inside the counted function.
fn instructions(case: &Case, choice: &str) -> Result<u64> {
    let counted = format!("*steady_{}*", case.what);
    let said = Shell::new("valgrind --tool=callgrind --callgrind-out-file=/dev/null")
        .arg(format!("--toggle-collect={counted}"))
        .arg("target/release/irefuda-constant-time")
        .arg(case.what)
        .arg(case.shape[0])
        .arg(case.shape[1])
        .arg(case.shape[2])
        .arg(choice)
        .quiet()?;
    ensure!(said.ok, "the program under valgrind failed: {}", said.text);
    let number = said
        .text
        .lines()
        .find_map(|l| {
            l.split("Collected : ")
                .nth(1)?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
        .context("valgrind names no number of instructions")?;
    ensure!(number > 10_000, "nothing was counted: {number}");
    Ok(number)
}
