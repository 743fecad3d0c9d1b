//! The prover. No branch and no index depends on the secret bits: they enter as scalars into
//! constant-time multiplications only (spec 03 §4).

use super::{ContestBallot, Context, Key};
use crate::contest::Selection;
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
    /// v_i/2 — points are doubled when they are compressed in one batch.
    v: Zeroizing<Vec<Scalar>>,
    r: Zeroizing<Vec<Scalar>>,
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
        let v: Vec<Scalar> = selection.bits().iter().map(|b| Scalar::from(*b)).collect();
        let options = 0..u32::try_from(key.shape.options()).unwrap_or(u32::MAX);
        let mut s: Vec<Scalar> = (0..v.len()).map(|_| random_scalar(rng)).collect();
        // Σ s_i = 0
        let others: Scalar = s.iter().skip(1).sum();
        if let Some(first) = s.first_mut() {
            *first = -others;
        }
        Self {
            v: Zeroizing::new(v),
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
    let mut power = Scalar::ONE;
    let mut sum_s = Zeroizing::new(Scalar::ZERO);
    let mut sum_r = Zeroizing::new(Scalar::ZERO);
    for (s, r) in secret.s.iter().zip(secret.r.iter()) {
        *sum_s += power * s;
        *sum_r += power * r;
        power *= y;
    }
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

fn next(
    it: &mut impl Iterator<Item = curve25519_dalek::ristretto::CompressedRistretto>,
) -> Encoded {
    it.next().map_or(Encoded([0; 32]), Encoded::from)
}

/// Ciphertexts and the commitments V, S; the second half of the proof is still empty.
fn commit(key: &Key, secret: &Secrets) -> ContestBallot {
    let half = Scalar::ONE.div_by_2();
    let n = key.shape.options();
    let mut points = Vec::with_capacity(2 * n + 2);
    for r in secret.r.iter() {
        points.push(RistrettoPoint::mul_base(&(r * half)));
    }
    for (r, v) in secret.r.iter().zip(secret.v.iter()) {
        points.push(RistrettoPoint::mul_base(&(v * half)) + &key.joint_table * &(r * half));
    }
    let pairs = || secret.s.iter().zip(secret.v.iter());
    let cross = pairs().map(|(s, v)| s * (Scalar::ONE - v - v));
    let v = halves(secret.v.iter().copied().chain(cross));
    points.push(vector(key, &v) + &key.blind_table * &(*secret.nu * half));
    let squares = secret.s.iter().map(|s| -(s * s));
    let s = halves(secret.s.iter().copied().chain(squares));
    points.push(vector(key, &s) + &key.blind_table * &(*secret.sigma * half));
    let mut encoded = RistrettoPoint::double_and_compress_batch(&points).into_iter();
    ContestBallot {
        a: (0..n).map(|_| next(&mut encoded)).collect(),
        b: (0..n).map(|_| next(&mut encoded)).collect(),
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
