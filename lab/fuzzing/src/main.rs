//! `irefuda-fuzz smoke [ROUNDS [SEED]]`, `seeds DIR`, `list`, `batch FILE CASES [SEED]`, `replay TARGET FILE`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for developers"
)]

use fuzzing::{TARGETS, batch, find, smoke};
use std::path::Path;
use std::process::ExitCode;

/// Changed inputs of a plain decoder when nothing else is said.
const ROUNDS: usize = 20_000;

const USAGE: &str = "\
Usage: irefuda-fuzz smoke [ROUNDS [SEED]]
       irefuda-fuzz seeds DIR
       irefuda-fuzz list
       irefuda-fuzz batch FILE CASES [SEED]
       irefuda-fuzz replay TARGET FILE";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn run(words: &[&str]) -> Result<bool, String> {
    let usage = |_| USAGE.to_owned();
    let named = |file: &str| {
        let file = file.to_owned();
        move |error: std::io::Error| format!("irefuda-fuzz: {file}: {error}")
    };
    match words {
        ["smoke", rest @ ..] if rest.len() <= 2 => {
            let rounds = rest.first().map_or(Ok(ROUNDS), |n| n.parse());
            let seed = rest.get(1).map_or(Ok(1), |n| n.parse());
            Ok(run_smoke(rounds.map_err(usage)?, seed.map_err(usage)?))
        }
        ["seeds", dir] => {
            write_seeds(Path::new(dir)).map_err(named(dir))?;
            Ok(true)
        }
        ["list"] => {
            TARGETS.iter().for_each(|t| println!("{}", t.name));
            Ok(true)
        }
        ["batch", file, cases, rest @ ..] if rest.len() <= 1 => {
            let seed = rest.first().map_or(Ok(1), |n| n.parse());
            let (cases, seed) = (cases.parse().map_err(usage)?, seed.map_err(usage)?);
            batch::write(Path::new(file), cases, seed).map_err(named(file))?;
            Ok(true)
        }
        ["replay", name, file] => {
            let target = find(name)
                .ok_or_else(|| format!("irefuda-fuzz: no target {name}; `list` names them"))?;
            let bytes = std::fs::read(file).map_err(named(file))?;
            let accepted = (target.run)(&bytes);
            println!("{}", if accepted { "accepted" } else { "refused" });
            Ok(accepted)
        }
        _ => Err(USAGE.to_owned()),
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
