//! `cargo xtask tamper`: single-bit flips in every file of a public record. The verifier must
//! refuse each of them with exit status 1.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};
use clap::Args;
use toolbox::output;

use crate::election::verify;

/// Copies of the record that are damaged at the same time.
const WORKERS: usize = 2;

/// Arguments of `cargo xtask tamper`.
#[derive(Args)]
pub struct TamperArgs {
    /// The public record
    record: PathBuf,
    /// Pinned keys
    #[arg(long)]
    trust: PathBuf,
    /// Flips in each file
    #[arg(long, default_value_t = 200)]
    flips: usize,
    /// Number that decides the positions
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// One damage.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Flip {
    file: PathBuf,
    bit: u64,
}

/// `cargo xtask tamper`.
///
/// # Errors
/// The untouched record does not verify, or a file cannot be read.
pub fn task(args: &TamperArgs) -> Result<bool> {
    let survivors = flip_bits(&args.record, &args.trust, args.flips, args.seed)?;
    for line in &survivors {
        output::line(line);
    }
    Ok(survivors.is_empty())
}

/// Flips bits and returns the damages the verifier did not refuse with exit status 1.
///
/// # Errors
/// The untouched record does not verify, or a file cannot be read.
pub fn flip_bits(record: &Path, trust: &Path, flips: usize, seed: u64) -> Result<Vec<String>> {
    let (exit, said) = verify(record, trust)?;
    if exit != 0 {
        bail!("the untouched record does not verify (exit {exit}):\n{said}");
    }
    let plan = plan(record, flips, seed)?;
    let next = AtomicUsize::new(0);
    let survivors = Mutex::new(Vec::new());
    let results: Vec<Result<()>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|n| {
                scope.spawn({
                    let (plan, next, survivors) = (&plan, &next, &survivors);
                    move || work(n, (record, trust), plan, next, survivors)
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| bail!("a worker ended")))
            .collect()
    });
    results.into_iter().collect::<Result<Vec<()>>>()?;
    let survivors = survivors.into_inner().unwrap_or_default();
    output::line(&format!(
        "  {} bits flipped, {} not refused",
        plan.len(),
        survivors.len()
    ));
    Ok(survivors)
}

fn work(
    n: usize,
    (record, trust): (&Path, &Path),
    plan: &[Flip],
    next: &AtomicUsize,
    survivors: &Mutex<Vec<String>>,
) -> Result<()> {
    let copy = std::env::temp_dir().join(format!("irefuda-tamper-{}-{n}", std::process::id()));
    let _ = fs::remove_dir_all(&copy);
    copy_folder(record, &copy)?;
    while let Some(flip) = plan.get(next.fetch_add(1, Ordering::Relaxed)) {
        let path = copy.join(&flip.file);
        let good = fs::read(&path)?;
        fs::write(&path, flipped(&good, flip.bit))?;
        let (exit, _) = verify(&copy, trust)?;
        fs::write(&path, good)?;
        if exit != 1
            && let Ok(mut list) = survivors.lock()
        {
            list.push(format!(
                "{} bit {}: exit {exit}",
                flip.file.display(),
                flip.bit
            ));
        }
    }
    fs::remove_dir_all(&copy).context("removing the damaged copy")
}

fn flipped(good: &[u8], bit: u64) -> Vec<u8> {
    let mut bad = good.to_vec();
    if let Some(byte) = usize::try_from(bit / 8).ok().and_then(|at| bad.get_mut(at)) {
        *byte ^= 1 << (bit % 8);
    }
    bad
}

fn plan(record: &Path, flips: usize, seed: u64) -> Result<Vec<Flip>> {
    let mut plan = Vec::new();
    let mut state = seed;
    for file in files(record, Path::new(""))? {
        let bits = fs::metadata(record.join(&file))?.len() * 8;
        for _ in 0..flips {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            if bits > 0 {
                plan.push(Flip {
                    file: file.clone(),
                    bit: (state >> 20) % bits,
                });
            }
        }
    }
    Ok(plan)
}

fn files(root: &Path, below: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            all.extend(files(root, &path)?);
        } else {
            all.push(path);
        }
    }
    all.sort();
    Ok(all)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in files(from, Path::new(""))? {
        let target = to.join(&file);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(from.join(&file), target)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
