//! The classic proof: one disjunctive Chaum–Pedersen proof per option (0 or 1) and one
//! Chaum–Pedersen proof that the sum is one (Cramer–Damgård–Schoenmakers; Helios, Belenios).
//! Kept as an oracle for tests and as the baseline of the benchmarks; no ballot uses it.

use crypto::group::random_scalar;
use crypto::{Encoded, Point, Scalar, Transcript};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
use curve25519_dalek::ristretto::{RistrettoBasepointTable, RistrettoPoint};
use curve25519_dalek::traits::{IsIdentity as _, VartimeMultiscalarMul as _};
use rand_core::CryptoRng;

/// Commitments of one branch: t1 = z·G − c·a, t2 = z·K − c·(b − v·G).
#[derive(Clone, Copy, Debug)]
struct Branch {
    t: [Encoded; 2],
    c: Scalar,
    z: Scalar,
}

/// One option with the proof that it is 0 or 1.
#[derive(Clone, Debug)]
pub struct Item {
    /// r·G.
    pub a: Encoded,
    /// v·G + r·K.
    pub b: Encoded,
    branches: [Branch; 2],
}

/// A whole contest.
#[derive(Clone, Debug)]
pub struct Ballot {
    /// The options.
    pub items: Vec<Item>,
    sum: Branch,
}

/// Election key with its table.
pub struct Key {
    point: Point,
    table: RistrettoBasepointTable,
}

impl Key {
    /// Builds the table.
    #[must_use]
    pub fn new(point: Point) -> Self {
        Self {
            point,
            table: point.table(),
        }
    }
}

fn challenge(
    context: &[u8],
    key: &Key,
    label: &str,
    a: &Encoded,
    b: &Encoded,
    t: &[Encoded],
) -> Scalar {
    let mut tr = Transcript::new("classic");
    tr.add(context);
    tr.add(key.point.as_bytes());
    tr.points(&[*a, *b]);
    tr.points(t);
    tr.challenge(label)
}

/// The context of option `i`: without it options could change places.
fn at(context: &[u8], i: usize) -> Vec<u8> {
    [context, &i.to_le_bytes()].concat()
}

fn encode(p: RistrettoPoint) -> Encoded {
    Encoded::from(p.compress())
}

fn commit(key: &Key, w: &Scalar) -> [Encoded; 2] {
    [encode(RistrettoPoint::mul_base(w)), encode(&key.table * w)]
}

fn simulate<R: CryptoRng>(
    key: &Key,
    a: &RistrettoPoint,
    m: &RistrettoPoint,
    rng: &mut R,
) -> Branch {
    let (c, z) = (random_scalar(rng), random_scalar(rng));
    let t1 = RistrettoPoint::mul_base(&z) - a * c;
    let t2 = &key.table * &z - m * c;
    Branch {
        t: [encode(t1), encode(t2)],
        c,
        z,
    }
}

/// Encrypts a choice of exactly one option.
pub fn prove<R: CryptoRng>(
    key: &Key,
    context: &[u8],
    choice: usize,
    n: usize,
    rng: &mut R,
) -> Ballot {
    let mut items = Vec::with_capacity(n);
    let mut total = Scalar::ZERO;
    let (mut sum_a, mut sum_b) = (RistrettoPoint::default(), -G);
    for i in 0..n {
        let v = usize::from(i == choice);
        let r = random_scalar(rng);
        total += r;
        let a = RistrettoPoint::mul_base(&r);
        let b = &key.table * &r + G * Scalar::from(u8::from(v == 1));
        sum_a += a;
        sum_b += b;
        items.push(option(key, &at(context, i), (a, b), (v, &r), rng));
    }
    let w = random_scalar(rng);
    let t = commit(key, &w);
    let c = challenge(context, key, "sum", &encode(sum_a), &encode(sum_b), &t);
    Ballot {
        items,
        sum: Branch {
            t,
            c,
            z: w + c * total,
        },
    }
}

fn option<R: CryptoRng>(
    key: &Key,
    context: &[u8],
    (a, b): (RistrettoPoint, RistrettoPoint),
    (v, r): (usize, &Scalar),
    rng: &mut R,
) -> Item {
    let other = 1 - v;
    let m = b - G * Scalar::from(u8::from(other == 1));
    let fake = simulate(key, &a, &m, rng);
    let w = random_scalar(rng);
    let real_t = commit(key, &w);
    let (ea, eb) = (encode(a), encode(b));
    let ordered = if v == 0 {
        [real_t, fake.t]
    } else {
        [fake.t, real_t]
    };
    let c = challenge(context, key, "option", &ea, &eb, ordered.as_flattened());
    let mine = c - fake.c;
    let real = Branch {
        t: real_t,
        c: mine,
        z: w + mine * r,
    };
    let branches = if v == 0 { [real, fake] } else { [fake, real] };
    Item {
        a: ea,
        b: eb,
        branches,
    }
}

/// One linear equation that must be zero.
struct Sum {
    scalars: Vec<Scalar>,
    points: Vec<RistrettoPoint>,
    base: Scalar,
    joint: Scalar,
}

impl Sum {
    fn add(
        &mut self,
        w: [Scalar; 2],
        branch: &Branch,
        a: &RistrettoPoint,
        m: &RistrettoPoint,
        minus_g: bool,
    ) -> Option<()> {
        self.base += w[0] * branch.z;
        self.joint += w[1] * branch.z;
        for (w, t) in w.iter().zip(&branch.t) {
            self.push(-w, t.decompress()?);
        }
        self.push(-(w[0] * branch.c), *a);
        self.push(-(w[1] * branch.c), *m);
        if minus_g {
            self.base += w[1] * branch.c;
        }
        Some(())
    }
    fn push(&mut self, s: Scalar, p: RistrettoPoint) {
        self.scalars.push(s);
        self.points.push(p);
    }
}

fn weight<R: CryptoRng>(rng: &mut R) -> Scalar {
    let mut wide = [0u8; 32];
    rng.fill_bytes(wide.split_at_mut(16).0);
    Scalar::from_bytes_mod_order(wide)
}

/// Verifies many ballots in one multiscalar multiplication.
pub fn verify<R: CryptoRng>(key: &Key, context: &[u8], ballots: &[Ballot], rng: &mut R) -> bool {
    let mut sum = Sum {
        scalars: vec![],
        points: vec![],
        base: Scalar::ZERO,
        joint: Scalar::ZERO,
    };
    for b in ballots {
        if add_ballot(&mut sum, key, context, b, rng).is_none() {
            return false;
        }
    }
    sum.push(sum.base, G);
    sum.push(sum.joint, *key.point.point());
    RistrettoPoint::vartime_multiscalar_mul(&sum.scalars, &sum.points).is_identity()
}

/// Verifies one ballot as Helios and Belenios do: every commitment is computed from challenge and
/// response, and the challenge from them. Commitments need not be sent.
#[must_use]
pub fn verify_each(key: &Key, context: &[u8], ballot: &Ballot) -> bool {
    recomputed(key, context, ballot).is_some()
}

fn recomputed(key: &Key, context: &[u8], ballot: &Ballot) -> Option<()> {
    let (mut sum_a, mut sum_b) = (RistrettoPoint::default(), -G);
    for (i, item) in ballot.items.iter().enumerate() {
        let (a, b) = (item.a.decompress()?, item.b.decompress()?);
        sum_a += a;
        sum_b += b;
        let [zero, one] = &item.branches;
        let t = [opened(key, zero, &a, &b), opened(key, one, &a, &(b - G))];
        let at = at(context, i);
        let c = challenge(&at, key, "option", &item.a, &item.b, t.as_flattened());
        if zero.c + one.c != c {
            return None;
        }
    }
    let t = opened(key, &ballot.sum, &sum_a, &sum_b);
    let c = challenge(context, key, "sum", &encode(sum_a), &encode(sum_b), &t);
    (ballot.sum.c == c).then_some(())
}

/// t1 = z·G − c·a, t2 = z·K − c·m.
fn opened(key: &Key, branch: &Branch, a: &RistrettoPoint, m: &RistrettoPoint) -> [Encoded; 2] {
    let minus = -branch.c;
    let t1 = RistrettoPoint::vartime_double_scalar_mul_basepoint(&minus, a, &branch.z);
    let t2 = RistrettoPoint::vartime_multiscalar_mul([minus, branch.z], [*m, *key.point.point()]);
    [encode(t1), encode(t2)]
}

fn add_ballot<R: CryptoRng>(
    sum: &mut Sum,
    key: &Key,
    context: &[u8],
    ballot: &Ballot,
    rng: &mut R,
) -> Option<()> {
    let (mut sum_a, mut sum_b) = (RistrettoPoint::default(), -G);
    for (i, item) in ballot.items.iter().enumerate() {
        let (a, b) = (item.a.decompress()?, item.b.decompress()?);
        sum_a += a;
        sum_b += b;
        let [zero, one] = &item.branches;
        let t = [zero.t, one.t];
        let c = challenge(
            &at(context, i),
            key,
            "option",
            &item.a,
            &item.b,
            t.as_flattened(),
        );
        if zero.c + one.c != c {
            return None;
        }
        sum.add([weight(rng), weight(rng)], zero, &a, &b, false)?;
        sum.add([weight(rng), weight(rng)], one, &a, &b, true)?;
    }
    let c = challenge(
        context,
        key,
        "sum",
        &encode(sum_a),
        &encode(sum_b),
        &ballot.sum.t,
    );
    if ballot.sum.c != c {
        return None;
    }
    sum.add(
        [weight(rng), weight(rng)],
        &ballot.sum,
        &sum_a,
        &sum_b,
        false,
    )
}

#[cfg(test)]
mod tests;
