//! `irefuda-constant-time WHAT N K_MIN K_MAX MARKS`: makes one ballot from fixed randomness, for a tool
//! that counts instructions (`cargo xtask test`, step "constant time").
//!
//! WHAT is `prove` (encrypt and prove one contest), `ballot` (encrypt, prove and sign a whole
//! ballot) or `leaky` (a copy of the encryption that branches on the choice: the count must show
//! it). MARKS are digits, one for each mark; a dash: no mark. The functions whose names begin with
//! `steady_` are what is counted; everything else may depend on the choice.

mod fixed;
mod leaky;

use ballot::contest::NO_MARK;
use ballot::proof::{ContestBallot, Context, Key, prove};
use ballot::{Ballot, OwnCard, Selection, Shape};
use ballot::{BallotRules, Draft};
use core::hint::black_box;
use crypto::schnorr::SigningKey;
use crypto::{Hash, Scalar};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::process::ExitCode;

/// What all runs have in common.
struct Run {
    shape: Shape,
    marks: Vec<u16>,
    rules: BallotRules,
    voter: SigningKey,
    rng: ChaCha20Rng,
}

const USAGE: &str = "Usage: irefuda-constant-time prove|ballot|leaky N K_MIN K_MAX MARKS";

const SEED: [u8; 32] = [7; 32];

#[inline(never)]
fn steady_prove(
    key: &Key,
    ctx: &Context,
    marks: &[u16],
    rng: &mut ChaCha20Rng,
) -> Option<ContestBallot> {
    let selection = Selection::new(key.shape(), marks).ok()?;
    Some(prove(key, ctx, &selection, &SEED, rng))
}

#[inline(never)]
fn steady_ballot(
    draft: Draft<'_>,
    rules: &BallotRules,
    shape: &Shape,
    marks: &[u16],
    rng: &mut ChaCha20Rng,
) -> Option<Ballot> {
    let selections = [Selection::new(shape, marks).ok()?];
    draft.seal(rules, &selections, &SEED, rng).ok()
}

#[inline(never)]
fn steady_leaky(key: &Key, s: &Selection) -> Vec<crypto::Encoded> {
    leaky::encrypt(key, s, &SEED)
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [what, n, k_min, k_max, marks] => run(what, [n, k_min, k_max], marks),
        _ => None,
    };
    if done.is_none() {
        use std::io::Write as _;
        let _closed = writeln!(std::io::stderr(), "{USAGE}");
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}

fn run(what: &str, numbers: [&str; 3], marks: &str) -> Option<()> {
    let [n, k_min, k_max] = numbers.map(|w| w.parse::<u16>().ok());
    let shape = Shape::new(n?, k_min?, k_max?).ok()?;
    let digits = marks.chars().filter_map(|c| c.to_digit(10));
    let mut marks: Vec<u16> = digits.filter_map(|d| u16::try_from(d).ok()).collect();
    // As a booth does: what is not marked is filled up.
    marks.resize(usize::from(shape.k_max()), NO_MARK);
    let mut run = Run {
        shape,
        marks,
        rules: BallotRules::new(&fixed::manifest(shape)?),
        voter: SigningKey::from_scalar(Scalar::from(12_345u32))?,
        rng: ChaCha20Rng::from_seed([9; 32]),
    };
    match what {
        "prove" => run.prove(),
        "ballot" => run.ballot(),
        "leaky" => run.leaky(),
        _ => None,
    }
}

impl Run {
    fn prove(&mut self) -> Option<()> {
        let ctx = Context {
            election: *self.rules.election(),
            contest: 0,
            vk: self.voter.public(),
            seq: 1,
            prev: Hash::ZERO,
            pictures: [1, 2],
        };
        let key = self.rules.keys().first()?;
        black_box(steady_prove(key, &ctx, &self.marks, &mut self.rng)?);
        Some(())
    }
    fn ballot(&mut self) -> Option<()> {
        let draft = Draft {
            key: &self.voter,
            seq: 1,
            prev: Hash::ZERO,
            pictures: [1, 2],
            tokens: vec![[5; 256]],
            card: OwnCard::first(vec![self.voter.public()]),
        };
        let (shape, marks) = (&self.shape, &self.marks);
        let made = steady_ballot(draft, &self.rules, shape, marks, &mut self.rng)?;
        black_box(made);
        Some(())
    }
    fn leaky(&mut self) -> Option<()> {
        let key = self.rules.keys().first()?;
        let selection = Selection::new(&self.shape, &self.marks).ok()?;
        black_box(steady_leaky(key, &selection));
        Some(())
    }
}
