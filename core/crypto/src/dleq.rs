//! Chaum–Pedersen proof that one secret links two pairs: P = x·G and D = x·A.
//!
//! The challenge covers the caller's transcript (which must name the whole statement's context),
//! then G is fixed, then P, A, D and both commitments.

use crate::group::{Encoded, Point, random_scalar};
use crate::transcript::Transcript;
use crate::wire::{Reader, Wire, WireError, Writer};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Both commitments and the response, 96 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// w·G.
    pub t1: Encoded,
    /// w·A.
    pub t2: Encoded,
    /// w + c·x.
    pub z: Scalar,
}

impl Wire for Proof {
    fn write(&self, w: &mut Writer) {
        self.t1.write(w);
        self.t2.write(w);
        self.z.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            t1: Encoded::read(r)?,
            t2: Encoded::read(r)?,
            z: Scalar::read(r)?,
        })
    }
}

fn challenge(
    t: &Transcript,
    key: &Point,
    base: &Encoded,
    image: &Encoded,
    c: [Encoded; 2],
) -> Scalar {
    let mut t = t.clone();
    t.points(&[Encoded(*key.as_bytes()), *base, *image]);
    t.points(&c);
    t.challenge("dleq")
}

/// Proves image = x·base and key = x·G.
pub fn prove<R: CryptoRng + ?Sized>(
    context: &Transcript,
    x: &Scalar,
    key: &Point,
    base: &RistrettoPoint,
    rng: &mut R,
) -> (Encoded, Proof) {
    prove_with(context, x, key, base, &Zeroizing::new(random_scalar(rng)))
}

/// [`prove`] with the nonce `w`, which must be secret and serve this one statement: for callers that
/// make it from more than a generator.
pub fn prove_with(
    context: &Transcript,
    x: &Scalar,
    key: &Point,
    base: &RistrettoPoint,
    w: &Scalar,
) -> (Encoded, Proof) {
    let image = Encoded::from((base * x).compress());
    let t1 = Encoded::from(RistrettoPoint::mul_base(w).compress());
    let t2 = Encoded::from((base * w).compress());
    let c = challenge(context, key, &base.compress().into(), &image, [t1, t2]);
    // c is public: whoever finds this product in memory has x.
    let cx = Zeroizing::new(c * x);
    let z = w + *cx;
    (image, Proof { t1, t2, z })
}

/// Checks z·G = t1 + c·key and z·base = t2 + c·image.
#[must_use]
pub fn verify(
    context: &Transcript,
    key: &Point,
    base: &RistrettoPoint,
    image: &Encoded,
    proof: &Proof,
) -> bool {
    let Some(d) = image.decompress() else {
        return false;
    };
    let c = challenge(
        context,
        key,
        &base.compress().into(),
        image,
        [proof.t1, proof.t2],
    );
    let t1 = RistrettoPoint::vartime_double_scalar_mul_basepoint(&-c, key.point(), &proof.z);
    let t2 = RistrettoPoint::vartime_multiscalar_mul([proof.z, -c], [*base, d]);
    t1.compress().to_bytes() == proof.t1.0 && t2.compress().to_bytes() == proof.t2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;

    #[test]
    fn a_03_every_field_of_the_statement_changes_the_verdict() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let x = random_scalar(&mut rng);
        let key = Point::mul_base(&x).unwrap();
        let other = Point::mul_base(&random_scalar(&mut rng)).unwrap();
        let base = *other.point();
        let t = Transcript::new("test");
        let (image, proof) = prove(&t, &x, &key, &base, &mut rng);
        assert!(verify(&t, &key, &base, &image, &proof));
        assert!(!verify(
            &Transcript::new("tess"),
            &key,
            &base,
            &image,
            &proof
        ));
        assert!(!verify(&t, &other, &base, &image, &proof));
        assert!(!verify(&t, &key, key.point(), &image, &proof));
        assert!(!verify(
            &t,
            &key,
            &base,
            &Encoded(*other.as_bytes()),
            &proof
        ));
        let swapped = Proof {
            t1: proof.t2,
            t2: proof.t1,
            z: proof.z,
        };
        assert!(!verify(&t, &key, &base, &image, &swapped));
        let shifted = Proof {
            z: proof.z + Scalar::ONE,
            ..proof
        };
        assert!(!verify(&t, &key, &base, &image, &shifted));
    }
}
