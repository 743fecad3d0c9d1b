//! The prover. No branch and no index depends on the secret bits: they enter as scalars into
//! constant-time multiplications only (spec 03 §4).

use super::{ContestBallot, Context, Key};
use crate::contest::Selection;
use crate::mask::{Mask, Side};
use crypto::group::random_scalar;
use crypto::{Encoded, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::traits::MultiscalarMul as _;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// r_i = expand(seed, contest, i): the one secret a check ballot reveals.
#[must_use]
pub fn randomness(seed: &[u8; 32], contest: u16, option: u32) -> Scalar {
    let h = Zeroizing::new(
        crypto::hash::hash(
            "ballot-randomness",
            &[seed, &contest.to_le_bytes(), &option.to_le_bytes()],
        )
        .0,
    );
    Scalar::from_bytes_mod_order_wide(&h)
}

/// Secret scalars of one proof; wiped on drop.
struct Secrets {
    /// The bits: marks, slack, carries.
    v: Zeroizing<Vec<Scalar>>,
    r: Zeroizing<Vec<Scalar>>,
    masks: Vec<Mask>,
    s: Zeroizing<Vec<Scalar>>,
    nu: Zeroizing<Scalar>,
    sigma: Zeroizing<Scalar>,
    rho: Zeroizing<Scalar>,
}

impl Secrets {
    fn draw<R: CryptoRng + ?Sized>(
        key: &Key,
        contest: u16,
        selection: &Selection,
        seed: &[u8; 32],
        rng: &mut R,
    ) -> Self {
        let masks = Mask::of_contest(&key.lines, selection.bits(), seed, contest);
        let bits = selection.bits().iter().copied();
        let bits = bits.chain(masks.iter().map(Mask::carry));
        let mut v = Zeroizing::new(Vec::with_capacity(key.vector.len()));
        v.extend(bits.map(Scalar::from));
        let options = 0..u32::try_from(key.shape.options()).unwrap_or(u32::MAX);
        let mut s: Vec<Scalar> = (0..v.len()).map(|_| random_scalar(rng)).collect();
        // Σ s_i = 0 over marks and slack; the carries are in no sum.
        let others: Scalar = s.iter().take(key.shape.bits()).skip(1).sum();
        if let Some(first) = s.first_mut() {
            *first = -others;
        }
        Self {
            v,
            masks,
            r: Zeroizing::new(options.map(|i| randomness(seed, contest, i)).collect()),
            s: Zeroizing::new(s),
            nu: Zeroizing::new(random_scalar(rng)),
            sigma: Zeroizing::new(random_scalar(rng)),
            rho: Zeroizing::new(random_scalar(rng)),
        }
    }
}

/// Encrypts `selection` with randomness expanded from `seed` and proves it well formed.
///
/// The selection must have been made for the key's shape; a wrong length makes a proof that does
/// not verify.
pub fn prove<R: CryptoRng + ?Sized>(
    key: &Key,
    ctx: &Context,
    selection: &Selection,
    seed: &[u8; 32],
    rng: &mut R,
) -> ContestBallot {
    let secret = Secrets::draw(key, ctx.contest, selection, seed, rng);
    let mut c = commit(key, &secret);
    let (t, y) = key.challenge_y(ctx, &c);
    let (sum_s, sum_r) = weighed(key, &secret, y);
    let half = Scalar::ONE.div_by_2();
    let rho = Zeroizing::new(*secret.rho * half);
    let a2 = RistrettoPoint::mul_base(&rho);
    let b2 = RistrettoPoint::mul_base(&(*sum_s * half)) + &key.joint_table * &*rho;
    let mut encoded = RistrettoPoint::double_and_compress_batch(&[a2, b2]).into_iter();
    c.a2 = next(&mut encoded);
    c.b2 = next(&mut encoded);
    let x = Key::challenge_x(t, &c);
    c.f = secret
        .s
        .iter()
        .zip(secret.v.iter())
        .skip(1)
        .map(|(s, v)| s + x * v)
        .collect();
    c.phi = *secret.sigma + x * *secret.nu;
    c.z = *secret.rho + x * *sum_r;
    c
}

/// Σ_{i<n} yⁱ s_i + Σ_j y^{n+j} μ s_{N+j}, and Σ_{i<n} yⁱ r_i + Σ_j y^{n+j} r_D,j.
fn weighed(key: &Key, secret: &Secrets, y: Scalar) -> (Zeroizing<Scalar>, Zeroizing<Scalar>) {
    let mut power = Scalar::ONE;
    let mut sum_s = Zeroizing::new(Scalar::ZERO);
    let mut sum_r = Zeroizing::new(Scalar::ZERO);
    for (s, r) in secret.s.iter().zip(secret.r.iter()) {
        *sum_s += power * s;
        *sum_r += power * r;
        power *= y;
    }
    let modulus = Scalar::from(key.lines.modulus().number());
    let carries = secret.s.iter().skip(key.shape.bits());
    let lines = key.lines.rows().iter().zip(&secret.masks);
    for (s, (row, mask)) in carries.zip(lines) {
        *sum_s += power * modulus * s;
        let difference = mask.randomness(Side::Mask) - mask.randomness(Side::Masked);
        let mut r = Zeroizing::new(difference);
        for (i, w) in row {
            *r += Scalar::from(*w) * secret.r.get(*i).unwrap_or(&Scalar::ZERO);
        }
        *sum_r += power * *r;
        power *= y;
    }
    (sum_s, sum_r)
}

fn next(
    it: &mut impl Iterator<Item = curve25519_dalek::ristretto::CompressedRistretto>,
) -> Encoded {
    it.next().map_or(Encoded([0; 32]), Encoded::from)
}

/// Ciphertexts and the commitments V, S; the second half of the proof is still empty.
fn commit(key: &Key, secret: &Secrets) -> ContestBallot {
    let half = Scalar::ONE.div_by_2();
    let n = key.shape.options();
    let mut points = Vec::with_capacity(2 * n + 4 * secret.masks.len() + 2);
    for r in secret.r.iter() {
        points.push(RistrettoPoint::mul_base(&(r * half)));
    }
    for (r, v) in secret.r.iter().zip(secret.v.iter()) {
        points.push(RistrettoPoint::mul_base(&(v * half)) + &key.joint_table * &(r * half));
    }
    for side in Side::BOTH {
        for mask in &secret.masks {
            let (value, r) = (Scalar::from(mask.value(side)), mask.randomness(side) * half);
            points.push(RistrettoPoint::mul_base(&r));
            points.push(RistrettoPoint::mul_base(&(value * half)) + &key.joint_table * &r);
        }
    }
    let pairs = || secret.s.iter().zip(secret.v.iter());
    let cross = pairs().map(|(s, v)| s * (Scalar::ONE - v - v));
    let v = halves(secret.v.iter().copied().chain(cross));
    points.push(vector(key, &v) + &key.blind_table * &(*secret.nu * half));
    let squares = secret.s.iter().map(|s| -(s * s));
    let s = halves(secret.s.iter().copied().chain(squares));
    points.push(vector(key, &s) + &key.blind_table * &(*secret.sigma * half));
    let mut encoded = RistrettoPoint::double_and_compress_batch(&points).into_iter();
    let lines = secret.masks.len();
    ContestBallot {
        a: (0..n).map(|_| next(&mut encoded)).collect(),
        b: (0..n).map(|_| next(&mut encoded)).collect(),
        masks: (0..lines)
            .map(|_| [(); 2].map(|()| next(&mut encoded)))
            .collect(),
        masked: (0..lines)
            .map(|_| [(); 2].map(|()| next(&mut encoded)))
            .collect(),
        v: next(&mut encoded),
        s: next(&mut encoded),
        a2: Encoded([0; 32]),
        b2: Encoded([0; 32]),
        f: Vec::new(),
        phi: Scalar::ZERO,
        z: Scalar::ZERO,
    }
}

fn halves(scalars: impl Iterator<Item = Scalar>) -> Zeroizing<Vec<Scalar>> {
    Zeroizing::new(scalars.map(|s| s.div_by_2()).collect())
}

/// Σ scalars_i · (G_0…, J_0…), constant time.
fn vector(key: &Key, scalars: &[Scalar]) -> RistrettoPoint {
    RistrettoPoint::multiscalar_mul(scalars, &key.vector)
}
