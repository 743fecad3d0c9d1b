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

/// The transcript up to y.
pub fn transcript(shape: &Shape, joint: &Point, ctx: &Context, c: &ContestBallot) -> Transcript {
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
    t.add(joint.as_bytes());
    t.points(&c.a);
    t.points(&c.b);
    t.points(&[c.v, c.s]);
    t
}

/// Proves that `plain` (with `bits` behind it) is a good contest. Randomness in this order: s_0
/// (drawn and replaced by −Σ of the others), s_1 …, ν, σ, ρ, 64 bytes each.
pub fn prove<R: CryptoRng + ?Sized>(
    (shape, joint): (&Shape, &Point),
    ctx: &Context,
    (bits, plain): (&[Scalar], &[Scalar]),
    r: Vec<Scalar>,
    rng: &mut R,
) -> Book {
    let (one, zero) = (Scalar::ONE, Encoded([0; 32]));
    let mut s: Vec<Scalar> = bits.iter().map(|_| random_scalar(rng)).collect();
    s[0] = -s[1..].iter().sum::<Scalar>();
    let [nu, sigma, rho] = [(); 3].map(|()| random_scalar(rng));
    let blind = generator("H'", 0);
    let k = joint.point();
    let cross: Vec<Scalar> = s.iter().zip(bits).map(|(s, v)| s * (one - v - v)).collect();
    let squares: Vec<Scalar> = s.iter().map(|s| -(s * s)).collect();
    let mut contest = ContestBallot {
        a: r.iter().map(|r| enc(RistrettoPoint::mul_base(r))).collect(),
        b: r.iter()
            .zip(plain)
            .map(|(r, v)| enc(RistrettoPoint::mul_base(v) + k * r))
            .collect(),
        v: enc(vector("G", bits) + vector("J", &cross) + blind * nu),
        s: enc(vector("G", &s) + vector("J", &squares) + blind * sigma),
        a2: zero,
        b2: zero,
        f: Vec::new(),
        phi: Scalar::ZERO,
        z: Scalar::ZERO,
    };
    let mut t = transcript(shape, joint, ctx, &contest);
    let y = t.challenge("y");
    contest.a2 = enc(RistrettoPoint::mul_base(&rho));
    contest.b2 = enc(RistrettoPoint::mul_base(&weigh(y, &s[..r.len()])) + k * rho);
    t.points(&[contest.a2, contest.b2]);
    let x = t.challenge("x");
    let f: Vec<Scalar> = s.iter().zip(bits).map(|(s, v)| s + x * v).collect();
    contest.f = f[1..].to_vec();
    contest.phi = sigma + x * nu;
    contest.z = rho + x * weigh(y, &r);
    Book {
        r,
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
