//! `irefuda-bench-verify --verifier PROGRAM --out DIR`: how much more the check of a whole record
//! costs than its signatures, tokens and proofs, and how much memory it takes at two sizes.
#![expect(clippy::print_stdout, reason = "a command-line report")]

use ballot::BallotRules;
use ballot::ballot::BALLOT_PURPOSE;
use ballot::{Ballot, SealedManifest};
use bench::plot::bars;
use bench::targets::{Limit, Row};
use bench::timing::Suite;
use board::check::CHUNK;
use board::entry::kind;
use board::record::{ENTRIES, MANIFEST, read_item};
use clap::Parser;
use crypto::schnorr;
use crypto::wire::TopLevel as _;
use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use testkit::election::{Lab, Options, save};
use testkit::process::{Ran, run};

/// Ballots that the parts are measured on.
const SAMPLE: usize = 4096;
/// How often the parts are measured; the median counts.
const ROUNDS: u32 = 5;

/// Measures how `irefuda-verify` judges whole records, at two sizes.
#[derive(Parser)]
#[command(name = "irefuda-bench-verify", version)]
struct Args {
    /// The verifier's program.
    #[arg(long)]
    verifier: PathBuf,
    /// Folder for verify.json and verify.svg.
    #[arg(long)]
    out: PathBuf,
    /// Folder where records are kept for the next time.
    #[arg(long)]
    cache: PathBuf,
    /// Ballots of the smaller record.
    #[arg(long, default_value_t = 10_000)]
    few: usize,
    /// Ballots of the larger record.
    #[arg(long, default_value_t = 100_000)]
    many: usize,
    /// Exit with 1 when a target is missed.
    #[arg(long)]
    strict: bool,
}

/// Microseconds of processor time a ballot.
#[derive(Clone, Copy, Debug, Serialize)]
struct Parts {
    signature: f64,
    token: f64,
    proof: f64,
}

impl Parts {
    fn sum(self) -> f64 {
        self.signature + self.token + self.proof
    }
}

/// One run of the verifier.
#[derive(Clone, Debug, Serialize)]
struct Whole {
    ballots: usize,
    entries_bytes: u64,
    wall_seconds: f64,
    cpu_seconds: f64,
    ballots_a_second: f64,
    cpu_micros_a_ballot: f64,
    peak_mib: f64,
}

#[derive(Serialize)]
struct Figures {
    options: u16,
    registrars: usize,
    threads: usize,
    parts: Parts,
    runs: Vec<Whole>,
    rows: Vec<Row>,
}

fn options() -> Options {
    Options {
        seed: 77,
        options: 12,
        ..Options::default()
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn real(n: usize) -> f64 {
    n as f64
}

/// The record with so many ballots; made if it is not there yet.
fn record(cache: &Path, ballots: usize, threads: usize) -> io::Result<PathBuf> {
    let folder = cache.join(format!("12-options-{ballots}"));
    if !folder.exists() {
        println!("making a record with {ballots} ballots ({threads} threads) …");
        let lab = Lab::large(options(), ballots, threads);
        let half = cache.join(format!("half-{ballots}"));
        save(&lab.record(), &half);
        fs::rename(half, &folder)?;
    }
    Ok(folder)
}

/// The first ballots of a record and the rules they are checked by.
fn sample(record: &Path) -> io::Result<(BallotRules, Vec<Ballot>)> {
    let manifest = SealedManifest::from_bytes(&fs::read(record.join(MANIFEST))?)
        .map_err(|e| io::Error::other(e.to_string()))?;
    let rules = BallotRules::new(&manifest.manifest);
    let mut entries = BufReader::new(File::open(record.join(ENTRIES))?);
    let mut ballots = Vec::new();
    while ballots.len() < SAMPLE {
        let item = read_item(&mut entries, 1 << 20, ENTRIES);
        let Some(entry) = item.map_err(|e| io::Error::other(e.to_string()))? else {
            break;
        };
        if entry.get(1) == Some(&kind::BALLOT) {
            ballots.extend(Ballot::from_bytes(&entry));
        }
    }
    Ok((rules, ballots))
}

/// The work that no verifier can leave out, on one thread.
fn parts(rules: &BallotRules, ballots: &[Ballot]) -> Parts {
    let refs: Vec<&Ballot> = ballots.iter().collect();
    let each = u32::try_from(ballots.len()).unwrap_or(u32::MAX);
    let mut suite = Suite::default();
    suite.job("signature", 1, each, || {
        for b in ballots {
            let good = schnorr::verify(&b.vk, BALLOT_PURPOSE, &b.signed_bytes(), &b.signature);
            assert!(good.is_ok(), "a signature of the record");
        }
    });
    suite.job("token", 1, each, || {
        assert!(ballots.iter().all(|b| rules.check_tokens(b).is_ok()));
    });
    suite.job("proof", 1, each, || {
        for chunk in refs.chunks(CHUNK) {
            let answers = rules.check_proofs_batch(chunk, &mut rand::rng());
            assert!(answers.iter().all(Result::is_ok), "a proof of the record");
        }
    });
    let times = suite.rounds(ROUNDS);
    let micros = |name| times.seconds(name) * 1e6;
    Parts {
        signature: micros("signature"),
        token: micros("token"),
        proof: micros("proof"),
    }
}

fn whole(verifier: &Path, record: &Path, ballots: usize) -> io::Result<Whole> {
    let ran: Ran = run(Command::new(verifier).arg(record).arg("--json"));
    if ran.code != 0 {
        return Err(io::Error::other(ran.said));
    }
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let peak_mib = ran.peak_kib as f64 / 1024.0;
    Ok(Whole {
        ballots,
        entries_bytes: fs::metadata(record.join(ENTRIES))?.len(),
        wall_seconds: ran.wall,
        cpu_seconds: ran.cpu,
        ballots_a_second: real(ballots) / ran.wall,
        cpu_micros_a_ballot: ran.cpu * 1e6 / real(ballots),
        peak_mib,
    })
}

fn rows(parts: Parts, few: &Whole, many: &Whole) -> Vec<Row> {
    let row = |name: &str, micros: f64, value: f64, limit: f64| Row {
        name: name.to_owned(),
        micros,
        value,
        limit: Limit::AtMost(limit),
    };
    let micros = many.cpu_micros_a_ballot;
    let cost = micros / parts.sum();
    let memory = many.peak_mib / few.peak_mib;
    vec![
        row(
            "whole record / signatures, tokens, proofs",
            micros,
            cost,
            1.25,
        ),
        row("peak memory, larger record / smaller", 0.0, memory, 1.2),
    ]
}

fn main() -> io::Result<std::process::ExitCode> {
    let args = Args::parse();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    fs::create_dir_all(&args.out)?;
    fs::create_dir_all(&args.cache)?;
    let small = record(&args.cache, args.few, threads)?;
    let large = record(&args.cache, args.many, threads)?;
    let (rules, ballots) = sample(&small)?;
    let parts = parts(&rules, &ballots);
    println!(
        "a ballot, one thread: signature {:.1} µs, token {:.1} µs, proof in batches of {CHUNK} {:.1} µs",
        parts.signature, parts.token, parts.proof
    );
    let runs = vec![
        whole(&args.verifier, &small, args.few)?,
        whole(&args.verifier, &large, args.many)?,
    ];
    for w in &runs {
        println!(
            "{:>8} ballots: {:>7.0} ballots/s, {:>6.1} s, CPU {:>6.1} s ({:.1} µs a ballot), peak {:.1} MiB",
            w.ballots,
            w.ballots_a_second,
            w.wall_seconds,
            w.cpu_seconds,
            w.cpu_micros_a_ballot,
            w.peak_mib
        );
    }
    let rows = match runs.as_slice() {
        [few, many] => rows(parts, few, many),
        _ => Vec::new(),
    };
    for r in &rows {
        println!("{}", r.line());
    }
    let met = rows.iter().all(Row::met);
    fs::write(args.out.join("verify.svg"), bars(&rows))?;
    let figures = Figures {
        options: options().options,
        registrars: options().registrars,
        threads,
        parts,
        runs,
        rows,
    };
    let json = serde_json::to_string_pretty(&figures)?;
    fs::write(args.out.join("verify.json"), json)?;
    Ok(if met || !args.strict {
        std::process::ExitCode::SUCCESS
    } else {
        std::process::ExitCode::from(1)
    })
}
