//! The bit-vector proof: one encrypted contest is a 0/1 vector with between `k_min` and `k_max`
//! ones (spec 03). Equations (1)–(3) below are those of the spec.
//!
//! ```text
//! V  = Σ v_i G_i + Σ s_i (1−2v_i) J_i + ν H'        S = Σ s_i G_i − Σ s_i² J_i + σ H'    (i < N)
//! y  = H(ctx, a, b, V, S)
//! A' = ρ G                                          B' = (Σ yⁱ s_i) G + ρ K              (i < n)
//! x  = H(…, A', B')
//! f_i = s_i + x v_i    φ = σ + x ν    z = ρ + x Σ yⁱ r_i
//! f_0 = k_max·x − Σ_{1≤i<N} f_i
//! (1) Σ f_i G_i + Σ f_i (x − f_i) J_i + φ H' = S + x V
//! (2) z G = A' + x Σ yⁱ a_i
//! (3) (Σ yⁱ f_i) G + z K = B' + x Σ yⁱ b_i
//! ```

mod prove;
mod verify;

pub use prove::{prove, randomness};
pub use verify::{Item, open_batch, open_one, verify_batch, verify_one};

use crate::contest::Shape;
use crate::rules;
use crypto::group::generator;
use crypto::wire::{Reader, Wire as _, WireError, Writer};
use crypto::{Encoded, Hash, Point, Rule, Scalar, Transcript};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::ristretto::{
    RistrettoBasepointTable, RistrettoPoint, VartimeRistrettoPrecomputation,
};
use curve25519_dalek::traits::VartimePrecomputedMultiscalarMul as _;

/// Why an encrypted contest is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProofError {
    /// Rule R3.01: not exactly 64·n + 32·(N − 1) + 192 bytes.
    Length,
    /// Rule R3.02: a scalar is not below the group order.
    Scalar,
    /// Rule R3.03: a point is not a canonical encoding, or a_i or V is the identity.
    Point,
    /// Rule R3.04: equation (1) fails — the committed vector is not bits with the right sum.
    Bits,
    /// Rule R3.05: equation (2) fails — the a_i do not belong to this proof.
    LinkA,
    /// Rule R3.06: equation (3) fails — the b_i do not encrypt the committed vector.
    LinkB,
}

impl ProofError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Length => rules::CONTEST_LENGTH,
            Self::Scalar => rules::CONTEST_SCALARS,
            Self::Point => rules::CONTEST_POINTS,
            Self::Bits => rules::PROOF_BITS,
            Self::LinkA => rules::PROOF_LINK_A,
            Self::LinkB => rules::PROOF_LINK_B,
        }
    }
}

impl core::fmt::Display for ProofError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "contest refused: {self:?} ({})", self.rule())
    }
}

impl std::error::Error for ProofError {}

/// What the proof is bound to besides the ciphertexts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The election.
    pub election: Hash,
    /// Index of the contest in the manifest.
    pub contest: u16,
    /// The voting key.
    pub vk: Point,
    /// The ballot's sequence number.
    pub seq: u32,
    /// Entry hash of the voter's previous ballot.
    pub prev: Hash,
    /// The two pictures.
    pub pictures: [u8; 2],
}

/// Fixed data of one contest: shape, election key, generators and tables.
pub struct Key {
    shape: Shape,
    joint: Point,
    joint_table: RistrettoBasepointTable,
    /// G_0…G_{N−1}, then J_0…J_{N−1}.
    vector: Vec<RistrettoPoint>,
    blind: RistrettoPoint,
    blind_table: RistrettoBasepointTable,
    /// G, K, H' and `vector`, for the verification of few contests.
    fixed: VartimeRistrettoPrecomputation,
}

impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Key({:?}, {:?})", self.shape, self.joint)
    }
}

impl Key {
    /// Derives the generators and builds the tables.
    #[must_use]
    pub fn new(shape: Shape, joint: Point) -> Self {
        let bits = 0..u32::try_from(shape.bits()).unwrap_or(u32::MAX);
        let g = bits.clone().map(|i| generator("G", i));
        let vector: Vec<_> = g.chain(bits.map(|i| generator("J", i))).collect();
        let blind = generator("H'", 0);
        let fixed = [RISTRETTO_BASEPOINT_POINT, *joint.point(), blind];
        let fixed = VartimeRistrettoPrecomputation::new(fixed.iter().chain(&vector));
        Self {
            shape,
            joint,
            joint_table: joint.table(),
            vector,
            blind,
            blind_table: RistrettoBasepointTable::create(&blind),
            fixed,
        }
    }
    /// The contest's shape.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }
    /// The election key K.
    #[must_use]
    pub fn joint(&self) -> &Point {
        &self.joint
    }
    /// y, and the transcript that goes on to x.
    fn challenge_y(&self, ctx: &Context, c: &ContestBallot) -> (Transcript, Scalar) {
        let mut t = Transcript::new("ballot-proof");
        t.number(u64::from(crypto::wire::VERSION));
        t.add(ctx.election.as_bytes());
        t.number(u64::from(ctx.contest));
        t.add(ctx.vk.as_bytes());
        t.number(u64::from(ctx.seq));
        t.add(ctx.prev.as_bytes());
        t.add(&ctx.pictures);
        t.number(self.shape.options() as u64);
        t.number(self.shape.bits() as u64);
        t.number(u64::from(self.shape.k_min()));
        t.number(u64::from(self.shape.k_max()));
        t.add(self.joint.as_bytes());
        t.points(&c.a);
        t.points(&c.b);
        t.points(&[c.v, c.s]);
        let y = t.challenge("y");
        (t, y)
    }
    fn challenge_x(mut t: Transcript, c: &ContestBallot) -> Scalar {
        t.points(&[c.a2, c.b2]);
        t.challenge("x")
    }
}

/// One encrypted contest with its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContestBallot {
    /// a_i = r_i·G.
    pub a: Vec<Encoded>,
    /// b_i = v_i·G + r_i·K.
    pub b: Vec<Encoded>,
    /// V.
    pub v: Encoded,
    /// S.
    pub s: Encoded,
    /// A'.
    pub a2: Encoded,
    /// B'.
    pub b2: Encoded,
    /// f_1…f_{N−1}.
    pub f: Vec<Scalar>,
    /// φ.
    pub phi: Scalar,
    /// z.
    pub z: Scalar,
}

impl ContestBallot {
    /// The exact bytes: a, b, V, S, A', B', f, φ, z without lengths.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::new();
        for p in self
            .a
            .iter()
            .chain(&self.b)
            .chain([&self.v, &self.s, &self.a2, &self.b2])
        {
            p.write(&mut w);
        }
        for s in self.f.iter().chain([&self.phi, &self.z]) {
            s.write(&mut w);
        }
        w.finish()
    }
    /// Reads the bytes of a contest of this shape (rules R3.01, R3.02).
    ///
    /// # Errors
    /// [`ProofError::Length`], [`ProofError::Scalar`].
    pub fn from_bytes(bytes: &[u8], shape: &Shape) -> Result<Self, ProofError> {
        if bytes.len() != shape.encoded_len() {
            return Err(ProofError::Length);
        }
        Self::read(&mut Reader::new(bytes), shape).map_err(|_| ProofError::Scalar)
    }
    fn read(r: &mut Reader<'_>, shape: &Shape) -> Result<Self, WireError> {
        let n = shape.options();
        let points = |r: &mut Reader<'_>| -> Result<Vec<Encoded>, WireError> {
            (0..n).map(|_| Encoded::read(r)).collect()
        };
        Ok(Self {
            a: points(r)?,
            b: points(r)?,
            v: Encoded::read(r)?,
            s: Encoded::read(r)?,
            a2: Encoded::read(r)?,
            b2: Encoded::read(r)?,
            f: (1..shape.bits())
                .map(|_| Scalar::read(r))
                .collect::<Result<_, _>>()?,
            phi: Scalar::read(r)?,
            z: Scalar::read(r)?,
        })
    }
}

#[cfg(test)]
mod tests;
