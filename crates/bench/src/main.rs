//! `irefuda-bench --out DIR`: ratios of the targets, as a table, JSON and an SVG plot.
#![expect(clippy::print_stdout, reason = "a command-line report")]

use ballot::contest::{Selection, Shape};
use ballot::proof::{self, ContestBallot, Context, Item};
use bench::classic;
use bench::floor::Floor;
use bench::plot::{Row, svg};
use bench::timing::median;
use clap::Parser;
use crypto::elgamal::Ciphertext;
use crypto::{Hash, Point};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::hint::black_box;
use std::path::PathBuf;

const OPTIONS: u16 = 12;
const BATCH: usize = 100;

#[derive(Parser)]
struct Args {
    /// Folder for bench.json and bench.svg.
    #[arg(long)]
    out: PathBuf,
    /// Exit with 1 when a target is missed.
    #[arg(long)]
    strict: bool,
}

struct Bench {
    floor: f64,
    key: proof::Key,
    ctx: Context,
    ballots: Vec<ContestBallot>,
    rng: ChaCha20Rng,
}

impl Bench {
    fn new() -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let joint = loop {
            if let Some(p) = Point::mul_base(&crypto::group::random_scalar(&mut rng)) {
                break p;
            }
        };
        let shape = Shape::new(OPTIONS, 1, 1).expect("a fixed shape");
        let key = proof::Key::new(shape, joint);
        let ctx = Context {
            election: Hash::ZERO,
            contest: 0,
            vk: joint,
            seq: 1,
            prev: Hash::ZERO,
            mark: [0, 1],
        };
        let mut ballots = Vec::new();
        for i in 0..BATCH {
            let choice = u16::try_from(i).unwrap_or(0) % OPTIONS;
            let s = Selection::new(&shape, &[choice]).expect("one mark");
            ballots.push(proof::prove(&key, &ctx, &s, &[9; 32], &mut rng));
        }
        Self {
            floor: Floor::measure().ballot(OPTIONS),
            key,
            ctx,
            ballots,
            rng,
        }
    }
    fn row(&self, name: &str, seconds: f64, target: f64) -> Row {
        let ratio = seconds / self.floor;
        Row {
            name: name.to_owned(),
            micros: seconds * 1e6,
            ratio,
            target,
            at_least: false,
        }
    }
    fn verify(&mut self) -> (Row, Row) {
        let (key, ctx) = (&self.key, self.ctx);
        let items: Vec<Item<'_>> = self
            .ballots
            .iter()
            .map(|contest| Item { ctx, contest })
            .collect();
        let mut rng = self.rng.clone();
        let batch = median(9, 1, || {
            black_box(proof::verify_batch(key, &items, &mut rng));
        }) / 100.0;
        let one = items.first().copied();
        let single = median(9, 50, || {
            if let Some(item) = &one {
                black_box(proof::verify_one(key, item, &mut rng).is_ok());
            }
        });
        (
            self.row("verify, batch of 100 / floor", batch, 1.15),
            self.row("verify, one alone / floor", single, 1.8),
        )
    }
    fn encrypt(&mut self) -> Row {
        let s = Selection::new(self.key.shape(), &[3]).expect("one mark");
        let mut rng = self.rng.clone();
        let t = median(9, 50, || {
            black_box(proof::prove(&self.key, &self.ctx, &s, &[1; 32], &mut rng));
        });
        self.row("encrypt and prove / floor", t, 5.0)
    }
    fn add(&self, verify: f64) -> Row {
        let decoded: Vec<Vec<Ciphertext>> = self
            .ballots
            .iter()
            .map(|b| {
                b.a.iter()
                    .zip(&b.b)
                    .filter_map(|(a, b)| Ciphertext::decode(a, b))
                    .collect()
            })
            .collect();
        let t = median(9, 1, || {
            let mut sums = vec![Ciphertext::zero(); usize::from(OPTIONS)];
            for ballot in &decoded {
                for (sum, c) in sums.iter_mut().zip(ballot) {
                    *sum += c;
                }
            }
            black_box(sums);
        }) / 100.0;
        let ratio = t * 1e6 / verify;
        let name = "homomorphic add / verification".to_owned();
        Row {
            name,
            micros: t * 1e6,
            ratio,
            target: 0.03,
            at_least: false,
        }
    }
    fn classic(&mut self, verify: f64) -> [Row; 2] {
        let key = classic::Key::new(*self.key.joint());
        let n = usize::from(OPTIONS);
        let mut rng = self.rng.clone();
        let all: Vec<_> = (0..BATCH)
            .map(|i| classic::prove(&key, b"bench", i % n, n, &mut rng))
            .collect();
        let batch = median(5, 1, || {
            black_box(classic::verify(&key, b"bench", &all, &mut rng));
        }) / 100.0;
        let single = median(5, 1, || {
            for b in &all {
                black_box(classic::verify(
                    &key,
                    b"bench",
                    std::slice::from_ref(b),
                    &mut rng,
                ));
            }
        }) / 100.0;
        let row = |name: &str, t: f64, target| Row {
            name: name.to_owned(),
            micros: t * 1e6,
            ratio: t * 1e6 / verify,
            target,
            at_least: true,
        };
        [
            row(
                "classic proof, one at a time / ours in a batch",
                single,
                6.0,
            ),
            row("classic proof, batched / ours in a batch", batch, 2.5),
        ]
    }
}

fn main() -> std::io::Result<std::process::ExitCode> {
    let args = Args::parse();
    std::fs::create_dir_all(&args.out)?;
    let mut bench = Bench::new();
    let (batch, single) = bench.verify();
    let micros = batch.micros;
    let mut rows = vec![batch, single, bench.encrypt(), bench.add(micros)];
    rows.extend(bench.classic(micros));
    println!(
        "floor of one ballot with {OPTIONS} options: {:.1} µs",
        bench.floor * 1e6
    );
    for r in &rows {
        let sign = if r.at_least { "≥" } else { "≤" };
        let verdict = if r.met() { "PASS" } else { "over" };
        println!(
            "{:<50} {:>9.1} µs  {:>6.3} ({sign} {}) {verdict}",
            r.name, r.micros, r.ratio, r.target
        );
    }
    std::fs::write(
        args.out.join("bench.json"),
        serde_json::to_string_pretty(&rows)?,
    )?;
    std::fs::write(args.out.join("bench.svg"), svg(&rows))?;
    let failed = args.strict && !rows.iter().all(Row::met);
    Ok(u8::from(failed).into())
}
