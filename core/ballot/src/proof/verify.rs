//! The verifier: one contest alone, or many in one multiscalar multiplication.
//!
//! A batch weighs the three equations of each contest with independent 128-bit weights drawn after
//! the bytes are fixed; when the sum is not zero it bisects and names each culprit.

use super::{ContestBallot, Context, Key, ProofError};
use crypto::Scalar;
use crypto::elgamal::Ciphertext;
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::traits::{
    IsIdentity as _, VartimeMultiscalarMul as _, VartimePrecomputedMultiscalarMul as _,
};
use rand_core::CryptoRng;

/// One contest to verify.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// What it is bound to.
    pub ctx: Context,
    /// The contest.
    pub contest: &'a ContestBallot,
}

/// A linear combination that must be zero: fixed generators by slot, then free points.
struct Sum {
    base: Scalar,
    joint: Scalar,
    blind: Scalar,
    vector: Vec<Scalar>,
    scalars: Vec<Scalar>,
    points: Vec<RistrettoPoint>,
}

/// Weights of equations (1), (2), (3).
#[derive(Clone, Copy)]
struct Weights([Scalar; 3]);

/// Decoded points of one contest and its challenges.
struct Prepared {
    x: Scalar,
    y: Scalar,
    f: Vec<Scalar>,
    a: Vec<RistrettoPoint>,
    b: Vec<RistrettoPoint>,
    /// A_j and B_j.
    lines: Vec<[[RistrettoPoint; 2]; 2]>,
    v: RistrettoPoint,
    s: RistrettoPoint,
    a2: RistrettoPoint,
    b2: RistrettoPoint,
    phi: Scalar,
    z: Scalar,
}

impl Prepared {
    fn into_ciphertexts(self) -> Vec<Ciphertext> {
        let pairs = self.a.into_iter().zip(self.b);
        pairs.map(|(a, b)| Ciphertext { a, b }).collect()
    }
    fn new(key: &Key, item: &Item<'_>) -> Result<Self, ProofError> {
        let c = item.contest;
        let shape = key.shape;
        let lengths = c.a.len() == shape.options()
            && c.b.len() == shape.options()
            && c.masks.len() == shape.lines()
            && c.masked.len() == shape.lines()
            && c.f.len() + 1 == shape.bits() + shape.lines();
        if !lengths {
            return Err(ProofError::Length);
        }
        let decode = |p: &crypto::Encoded| p.decompress().ok_or(ProofError::Point);
        let a = c.a.iter().map(decode).collect::<Result<Vec<_>, _>>()?;
        let b = c.b.iter().map(decode).collect::<Result<Vec<_>, _>>()?;
        let pair = |[a, b]: &[crypto::Encoded; 2]| Ok([decode(a)?, decode(b)?]);
        let lines = c.masks.iter().zip(&c.masked);
        let lines = lines.map(|(a, b)| Ok([pair(a)?, pair(b)?]));
        let lines = lines.collect::<Result<Vec<_>, _>>()?;
        let v = decode(&c.v)?;
        let mut firsts = lines.iter().flatten().map(|[first, _]| first).chain(&a);
        if v.is_identity() || firsts.any(RistrettoPoint::is_identity) {
            return Err(ProofError::Point);
        }
        let (t, y) = key.challenge_y(&item.ctx, c);
        let x = Key::challenge_x(t, c);
        let others: Scalar = c.f.iter().take(shape.bits() - 1).sum();
        let first = Scalar::from(shape.k_max()) * x - others;
        let f = core::iter::once(first).chain(c.f.iter().copied()).collect();
        Ok(Self {
            x,
            y,
            f,
            a,
            b,
            lines,
            v,
            s: decode(&c.s)?,
            a2: decode(&c.a2)?,
            b2: decode(&c.b2)?,
            phi: c.phi,
            z: c.z,
        })
    }
}

/// Up to so many points of contests, tables of the fixed points are quicker than one
/// multiplication of all points.
const FEW: usize = 256;

impl Sum {
    fn new(key: &Key, items: usize) -> Self {
        let free = items * (2 * key.shape.options() + 4 * key.shape.lines() + 4);
        Self {
            base: Scalar::ZERO,
            joint: Scalar::ZERO,
            blind: Scalar::ZERO,
            vector: vec![Scalar::ZERO; key.vector.len()],
            scalars: Vec::with_capacity(free),
            points: Vec::with_capacity(free),
        }
    }
    fn push(&mut self, s: Scalar, p: RistrettoPoint) {
        self.scalars.push(s);
        self.points.push(p);
    }
    fn add(&mut self, key: &Key, p: &Prepared, Weights([w1, w2, w3]): Weights) {
        // (1)
        let (g, j) = self.vector.split_at_mut(p.f.len());
        for ((g, j), f) in g.iter_mut().zip(j).zip(&p.f) {
            let wf = w1 * f;
            *g -= wf;
            *j -= wf * (p.x - f);
        }
        self.blind -= w1 * p.phi;
        self.push(w1 * p.x, p.v);
        self.push(w1, p.s);
        // (2) and (3)
        self.push(w2, p.a2);
        self.push(w3, p.b2);
        let mut sum_f = Scalar::ZERO;
        let mut power = Scalar::ONE;
        // What (a_i, b_i) gets: yⁱ, and y^{n+j}·w_ji from every line it counts in.
        let mut folded = Vec::with_capacity(p.a.len());
        for f in p.f.iter().take(p.a.len()) {
            folded.push(power);
            sum_f += power * f;
            power *= p.y;
        }
        let modulus = Scalar::from(key.lines.modulus().number());
        let carries = p.f.iter().skip(key.shape.bits());
        let lines = key.lines.rows().iter().zip(&p.lines);
        for (f, (row, [mask, masked])) in carries.zip(lines) {
            for (i, w) in row {
                if let Some(c) = folded.get_mut(*i) {
                    *c += power * Scalar::from(*w);
                }
            }
            for (w, (mask, masked)) in [w2, w3].iter().zip(mask.iter().zip(masked)) {
                let c = w * p.x * power;
                self.push(c, *mask);
                self.push(-c, *masked);
            }
            sum_f += power * modulus * f;
            power *= p.y;
        }
        let (x2, x3) = (w2 * p.x, w3 * p.x);
        for ((a, b), c) in p.a.iter().zip(&p.b).zip(&folded) {
            self.push(x2 * c, *a);
            self.push(x3 * c, *b);
        }
        self.base -= w2 * p.z + w3 * sum_f;
        self.joint -= w3 * p.z;
    }
    fn holds(mut self, key: &Key) -> bool {
        use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
        let fixed = [self.base, self.joint, self.blind];
        if self.points.len() <= FEW {
            let fixed = fixed.iter().chain(&self.vector);
            let sum = key
                .fixed
                .vartime_mixed_multiscalar_mul(fixed, &self.scalars, &self.points);
            return sum.is_identity();
        }
        self.scalars.extend(fixed);
        self.points.extend([G, *key.joint.point(), key.blind]);
        self.scalars.extend(&self.vector);
        self.points.extend(&key.vector);
        RistrettoPoint::vartime_multiscalar_mul(&self.scalars, &self.points).is_identity()
    }
}

fn weight<R: CryptoRng + ?Sized>(rng: &mut R) -> Scalar {
    let mut wide = [0u8; 32];
    let (low, _) = wide.split_at_mut(16);
    rng.fill_bytes(low);
    Scalar::from_bytes_mod_order(wide)
}

fn weights<R: CryptoRng + ?Sized>(rng: &mut R) -> Weights {
    Weights([weight(rng), weight(rng), weight(rng)])
}

/// Verifies one contest (rules R3.03–R3.06) and says which equation fails.
///
/// # Errors
/// [`ProofError`].
pub fn verify_one<R: CryptoRng + ?Sized>(
    key: &Key,
    item: &Item<'_>,
    rng: &mut R,
) -> Result<(), ProofError> {
    open_one(key, item, rng).map(|_| ())
}

/// [`verify_one`], and the ciphertexts it had to decode on the way.
///
/// # Errors
/// [`ProofError`].
pub fn open_one<R: CryptoRng + ?Sized>(
    key: &Key,
    item: &Item<'_>,
    rng: &mut R,
) -> Result<Vec<Ciphertext>, ProofError> {
    let p = Prepared::new(key, item)?;
    let mut sum = Sum::new(key, 1);
    sum.add(key, &p, weights(rng));
    if sum.holds(key) {
        Ok(p.into_ciphertexts())
    } else {
        Err(blame(key, &p))
    }
}

/// The first equation that fails.
fn blame(key: &Key, p: &Prepared) -> ProofError {
    let only = |i: usize| {
        let mut w = [Scalar::ZERO; 3];
        if let Some(w) = w.get_mut(i) {
            *w = Scalar::ONE;
        }
        let mut sum = Sum::new(key, 1);
        sum.add(key, p, Weights(w));
        sum.holds(key)
    };
    if !only(0) {
        ProofError::Bits
    } else if !only(1) {
        ProofError::LinkA
    } else {
        ProofError::LinkB
    }
}

/// Verifies many contests of one shape; the answers are in the order of `items`.
pub fn verify_batch<R: CryptoRng + ?Sized>(
    key: &Key,
    items: &[Item<'_>],
    rng: &mut R,
) -> Vec<Result<(), ProofError>> {
    let opened = open_batch(key, items, rng);
    opened.into_iter().map(|o| o.map(|_| ())).collect()
}

/// [`verify_batch`], and the ciphertexts it had to decode on the way.
pub fn open_batch<R: CryptoRng + ?Sized>(
    key: &Key,
    items: &[Item<'_>],
    rng: &mut R,
) -> Vec<Result<Vec<Ciphertext>, ProofError>> {
    let prepared: Vec<_> = items.iter().map(|i| Prepared::new(key, i)).collect();
    let mut verdicts = vec![Ok(()); items.len()];
    let good: Vec<(usize, &Prepared)> = prepared
        .iter()
        .enumerate()
        .filter_map(|(i, p)| p.as_ref().ok().map(|p| (i, p)))
        .collect();
    bisect(key, &good, rng, &mut verdicts);
    let both = prepared.into_iter().zip(verdicts);
    both.map(|(p, verdict)| verdict.and(p).map(Prepared::into_ciphertexts))
        .collect()
}

fn bisect<R: CryptoRng + ?Sized>(
    key: &Key,
    items: &[(usize, &Prepared)],
    rng: &mut R,
    out: &mut [Result<(), ProofError>],
) {
    if items.is_empty() {
        return;
    }
    let mut sum = Sum::new(key, items.len());
    for (_, p) in items {
        sum.add(key, p, weights(rng));
    }
    if sum.holds(key) {
        return;
    }
    if let [(i, p)] = items {
        if let Some(o) = out.get_mut(*i) {
            *o = Err(blame(key, p));
        }
        return;
    }
    let (left, right) = items.split_at(items.len() / 2);
    bisect(key, left, rng, out);
    bisect(key, right, rng, out);
}
