//! The prover of spec 03 §2 once more, line by line, neither fast nor secret. It names every
//! intermediate value, and it proves false statements on request.

use ballot::Shape;
use ballot::proof::{ContestBallot, Context};
use crypto::group::{generator, random_scalar};
use crypto::{Encoded, Point, Scalar, Transcript};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::traits::MultiscalarMul as _;
use rand_core::CryptoRng;

/// Everything a prover knows and says.
pub struct Book {
    pub r: Vec<Scalar>,
    pub lines: Vec<Line>,
    pub s: Vec<Scalar>,
    pub nu: Scalar,
    pub sigma: Scalar,
    pub rho: Scalar,
    pub y: Scalar,
    pub x: Scalar,
    pub contest: ContestBallot,
}

fn enc(p: RistrettoPoint) -> Encoded {
    p.compress().into()
}

/// Σ values_i · gen(label, i).
fn vector(label: &str, values: &[Scalar]) -> RistrettoPoint {
    let bases = (0u32..).map(|i| generator(label, i)).take(values.len());
    RistrettoPoint::multiscalar_mul(values, bases)
}

/// Σ yⁱ·values_i.
pub fn weigh(y: Scalar, values: &[Scalar]) -> Scalar {
    values.iter().rev().fold(Scalar::ZERO, |sum, v| sum * y + v)
}

/// A contest as the manifest has it, and the election key.
pub struct Contest<'a> {
    pub shape: &'a Shape,
    pub numbers: &'a [u16],
    pub joint: &'a Point,
}

impl Contest<'_> {
    /// μ.
    pub fn modulus(&self) -> u64 {
        if self.shape.k_max() == 1 { 100 } else { 2 }
    }
    /// w_j of every line.
    pub fn weights(&self) -> Vec<Vec<Scalar>> {
        let n = self.shape.options();
        if self.shape.k_max() == 1 {
            return vec![self.numbers.iter().map(|w| Scalar::from(*w)).collect()];
        }
        let unit = |j| {
            (0..n)
                .map(move |i| Scalar::from(u8::from(i == j)))
                .collect()
        };
        (0..n).map(unit).collect()
    }
}

/// One check line: a, b and the carry as they are encrypted and committed, and the randomness of A
/// and B.
#[derive(Clone)]
pub struct Line {
    pub values: [Scalar; 3],
    pub r: [Scalar; 2],
}

/// H(label, seed, contest, line, more) as 64 bytes.
fn expand(label: &str, seed: &[u8; 32], contest: u16, line: u32, more: &[u8]) -> [u8; 64] {
    let (contest, line) = (contest.to_le_bytes(), line.to_le_bytes());
    let mut frames: Vec<&[u8]> = vec![seed, &contest, &line];
    if !more.is_empty() {
        frames.push(more);
    }
    crypto::hash::hash(label, &frames).0
}

/// The lines of an honest prover.
pub fn lines(c: &Contest<'_>, bits: &[Scalar], seed: &[u8; 32], contest: u16) -> Vec<Line> {
    let small = |s: Scalar| {
        (0..=1000u64)
            .find(|n| Scalar::from(*n) == s)
            .expect("small")
    };
    let modulus = c.modulus();
    (0u32..)
        .zip(c.weights())
        .map(|(j, row)| {
            let u = small(row.iter().zip(bits).map(|(w, v)| w * v).sum());
            let hash = expand("mask", seed, contest, j, &[]);
            let a = hash
                .iter()
                .rev()
                .fold(0, |rest, byte| (rest * 256 + u64::from(*byte)) % modulus);
            let r = [0u8, 1].map(|side| {
                let wide = expand("mask-randomness", seed, contest, j, &[side]);
                Scalar::from_bytes_mod_order_wide(&wide)
            });
            let values = [a, (u + a) % modulus, (u + a) / modulus].map(Scalar::from);
            Line { values, r }
        })
        .collect()
}

/// The transcript up to y.
pub fn transcript(contest: &Contest<'_>, ctx: &Context, c: &ContestBallot) -> Transcript {
    let shape = contest.shape;
    let mut t = Transcript::new("ballot-proof");
    t.number(2);
    t.add(ctx.election.as_bytes());
    t.number(u64::from(ctx.contest));
    t.add(ctx.vk.as_bytes());
    t.number(u64::from(ctx.seq));
    t.add(ctx.prev.as_bytes());
    t.add(&ctx.pictures);
    t.number(shape.options() as u64);
    t.number(shape.bits() as u64);
    t.number(u64::from(shape.k_min()));
    t.number(u64::from(shape.k_max()));
    t.number(contest.weights().len() as u64);
    t.number(contest.modulus());
    if shape.k_max() == 1 {
        contest.numbers.iter().for_each(|w| t.number(u64::from(*w)));
    }
    t.add(contest.joint.as_bytes());
    t.points(&c.a);
    t.points(&c.b);
    t.points(&c.masks.concat());
    t.points(&c.masked.concat());
    t.points(&[c.v, c.s]);
    t
}

/// What a prover claims: the bits it commits to (slack included), what it encrypts for the options,
/// its check lines, and the randomness of the options.
pub struct Claim {
    pub bits: Vec<Scalar>,
    pub plain: Vec<Scalar>,
    pub lines: Vec<Line>,
    pub r: Vec<Scalar>,
}

/// Proves a claim. Randomness in this order: s_0 (drawn and replaced by −Σ of s_1…s_{N−1}), s_1 …
/// s_{N+L−1}, ν, σ, ρ, 64 bytes each.
pub fn prove<R: CryptoRng + ?Sized>(
    of: &Contest<'_>,
    ctx: &Context,
    claim: Claim,
    rng: &mut R,
) -> Book {
    let (one, zero) = (Scalar::ONE, Encoded([0; 32]));
    let Claim {
        bits,
        plain,
        lines,
        r,
    } = claim;
    let (n, slots) = (r.len(), bits.len());
    let carries = lines.iter().map(|l| l.values[2]);
    let bits: Vec<Scalar> = bits.into_iter().chain(carries).collect();
    let mut s: Vec<Scalar> = bits.iter().map(|_| random_scalar(rng)).collect();
    s[0] = -s[1..slots].iter().sum::<Scalar>();
    let [nu, sigma, rho] = [(); 3].map(|()| random_scalar(rng));
    let blind = generator("H'", 0);
    let k = of.joint.point();
    let cross: Vec<Scalar> = s
        .iter()
        .zip(&bits)
        .map(|(s, v)| s * (one - v - v))
        .collect();
    let squares: Vec<Scalar> = s.iter().map(|s| -(s * s)).collect();
    let first = |r: &Scalar| enc(RistrettoPoint::mul_base(r));
    let second = |v: &Scalar, r: &Scalar| enc(RistrettoPoint::mul_base(v) + k * r);
    let side = |i: usize| -> Vec<[Encoded; 2]> {
        let pair = |l: &Line| [first(&l.r[i]), second(&l.values[i], &l.r[i])];
        lines.iter().map(pair).collect()
    };
    let mut contest = ContestBallot {
        a: r.iter().map(first).collect(),
        b: r.iter().zip(&plain).map(|(r, v)| second(v, r)).collect(),
        masks: side(0),
        masked: side(1),
        v: enc(vector("G", &bits) + vector("J", &cross) + blind * nu),
        s: enc(vector("G", &s) + vector("J", &squares) + blind * sigma),
        a2: zero,
        b2: zero,
        f: Vec::new(),
        phi: Scalar::ZERO,
        z: Scalar::ZERO,
    };
    let mut t = transcript(of, ctx, &contest);
    let y = t.challenge("y");
    let modulus = Scalar::from(of.modulus());
    let carries = s[slots..].iter().map(|s| modulus * s);
    let blinds: Vec<Scalar> = s[..n].iter().copied().chain(carries).collect();
    let rows = of.weights();
    let differences = rows
        .iter()
        .zip(&lines)
        .map(|(row, l)| row.iter().zip(&r).map(|(w, r)| w * r).sum::<Scalar>() + l.r[0] - l.r[1]);
    let randomness: Vec<Scalar> = r.iter().copied().chain(differences).collect();
    contest.a2 = enc(RistrettoPoint::mul_base(&rho));
    contest.b2 = enc(RistrettoPoint::mul_base(&weigh(y, &blinds)) + k * rho);
    t.points(&[contest.a2, contest.b2]);
    let x = t.challenge("x");
    let f: Vec<Scalar> = s.iter().zip(&bits).map(|(s, v)| s + x * v).collect();
    contest.f = f[1..].to_vec();
    contest.phi = sigma + x * nu;
    contest.z = rho + x * weigh(y, &randomness);
    Book {
        r,
        lines,
        s,
        nu,
        sigma,
        rho,
        y,
        x,
        contest,
    }
}

/// The 0/1 vector of these marks with its slack, ones first.
pub fn bits(shape: &Shape, marks: &[u16]) -> Vec<Scalar> {
    let chosen = (0..shape.options()).map(|i| marks.iter().any(|m| usize::from(*m) == i));
    let missing = usize::from(shape.k_max()).saturating_sub(marks.len());
    let slack = (0..shape.bits() - shape.options()).map(|j| j < missing);
    chosen
        .chain(slack)
        .map(|bit| Scalar::from(u8::from(bit)))
        .collect()
}
