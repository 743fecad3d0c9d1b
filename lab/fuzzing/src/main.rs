//! `irefuda-fuzz smoke [ROUNDS [SEED]]`, `seeds DIR`, `list`, `batch FILE CASES [SEED]`, `replay TARGET FILE`.
#![expect(clippy::print_stdout, reason = "a program for developers")]

use fuzzing::{TARGETS, batch, find, smoke};
use std::path::Path;
use std::process::ExitCode;

/// Changed inputs of a plain decoder when nothing else is said.
const ROUNDS: usize = 20_000;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let number = |at: usize| words.get(at).and_then(|w| w.parse().ok());
    let done = match words.as_slice() {
        ["smoke", ..] => Ok(run_smoke(
            number(1).unwrap_or(ROUNDS),
            number(2).and_then(|n| u64::try_from(n).ok()).unwrap_or(1),
        )),
        ["seeds", dir] => write_seeds(Path::new(dir)).map(|()| true),
        ["list"] => {
            TARGETS.iter().for_each(|t| println!("{}", t.name));
            Ok(true)
        }
        ["batch", file, cases, ..] => cases.parse().map_or(Ok(false), |n| {
            let seed = number(3).and_then(|n| u64::try_from(n).ok());
            batch::write(Path::new(file), n, seed.unwrap_or(1)).map(|()| true)
        }),
        ["replay", name, file] => replay(name, Path::new(file)),
        _ => {
            println!(
                "irefuda-fuzz smoke [ROUNDS [SEED]] | seeds DIR | list | batch FILE CASES [SEED] | replay TARGET FILE"
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            println!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// One line per target; the input that broke one is kept below `target/`.
fn run_smoke(rounds: usize, seed: u64) -> bool {
    let mut good = true;
    for outcome in smoke::all(rounds, seed) {
        let mark = if outcome.broken.is_none() {
            "ok  "
        } else {
            "FAIL"
        };
        println!(
            "{mark} {:<20} {:>6} inputs, {:>6} accepted",
            outcome.target, outcome.tried, outcome.accepted
        );
        if let Some((input, why)) = outcome.broken {
            good = false;
            println!("     {why}");
            let file = format!("target/fuzz-{}.bin", outcome.target);
            if std::fs::write(&file, input).is_ok() {
                println!("     input kept as {file}");
            }
        }
    }
    good
}

fn write_seeds(dir: &Path) -> std::io::Result<()> {
    for target in TARGETS {
        let folder = dir.join(target.name);
        std::fs::create_dir_all(&folder)?;
        for (i, seed) in (target.seeds)().iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{i}")), seed)?;
        }
    }
    Ok(())
}

fn replay(name: &str, file: &Path) -> std::io::Result<bool> {
    let bytes = std::fs::read(file)?;
    let accepted = find(name).is_some_and(|t| (t.run)(&bytes));
    println!("{}", if accepted { "accepted" } else { "refused" });
    Ok(accepted)
}
