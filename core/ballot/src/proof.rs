//! The bit-vector proof: one encrypted contest is a 0/1 vector with between `k_min` and `k_max`
//! ones, and the two masks of every check line differ by the voter's sum (spec 03). Equations
//! (1)–(3) below are those of the spec; v_N…v_{N+L−1} are the carry bits of the lines.
//!
//! ```text
//! D_j = Σ_{i<n} w_ji (a_i, b_i) + A_j − B_j         r_D,j = Σ w_ji r_i + r_A,j − r_B,j   (j < L)
//! V  = Σ v_i G_i + Σ s_i (1−2v_i) J_i + ν H'        S = Σ s_i G_i − Σ s_i² J_i + σ H'  (i < N+L)
//! y  = H(ctx, a, b, A, B, V, S)
//! A' = ρ G                    B' = (Σ_{i<n} yⁱ s_i + Σ_j y^{n+j} μ s_{N+j}) G + ρ K
//! x  = H(…, A', B')
//! f_i = s_i + x v_i    φ = σ + x ν    z = ρ + x (Σ_{i<n} yⁱ r_i + Σ_j y^{n+j} r_D,j)
//! f_0 = k_max·x − Σ_{1≤i<N} f_i
//! (1) Σ f_i G_i + Σ f_i (x − f_i) J_i + φ H' = S + x V                                 (i < N+L)
//! (2) z G = A' + x (Σ_{i<n} yⁱ a_i + Σ_j y^{n+j} D_j,1)
//! (3) (Σ_{i<n} yⁱ f_i + Σ_j y^{n+j} μ f_{N+j}) G + z K = B' + x (Σ_{i<n} yⁱ b_i + Σ_j y^{n+j} D_j,2)
//! ```

mod prove;
mod verify;

pub use prove::{prove, randomness};
pub use verify::{Item, open_batch, open_one, verify_batch, verify_one};

use crate::contest::Shape;
use crate::line::{Lines, Modulus};
use crate::mask::OpenedLine;
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
    /// Rule R3.01: not exactly 64·n + 128·L + 32·(N + L − 1) + 192 bytes.
    Length,
    /// Rule R3.02: a scalar is not below the group order.
    Scalar,
    /// Rule R3.03: a point is not a canonical encoding, or the first half of a ciphertext or V is
    /// the identity.
    Point,
    /// Rule R3.04: equation (1) fails — the committed vector is not bits with the right sum.
    Bits,
    /// Rule R3.05: equation (2) fails — the first halves do not belong to this proof.
    LinkA,
    /// Rule R3.06: equation (3) fails — the second halves do not encrypt the committed vector and
    /// its masks.
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

/// Fixed data of one contest: shape, check lines, election key, generators and tables.
pub struct Key {
    shape: Shape,
    lines: Lines,
    joint: Point,
    joint_table: RistrettoBasepointTable,
    /// (m/2)·G for m = 0…μ−1: points are doubled when they are compressed in one batch.
    small: Vec<RistrettoPoint>,
    /// G_0…G_{N+L−1}, then J_0…J_{N+L−1}.
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
    /// Derives the check lines from the options' printed `numbers`, and the generators; builds the
    /// tables.
    #[must_use]
    pub fn new(shape: Shape, numbers: &[u16], joint: Point) -> Self {
        let lines = Lines::new(&shape, numbers);
        let slots = shape.bits() + shape.lines();
        let bits = 0..u32::try_from(slots).unwrap_or(u32::MAX);
        let g = bits.clone().map(|i| generator("G", i));
        let vector: Vec<_> = g.chain(bits.map(|i| generator("J", i))).collect();
        let blind = generator("H'", 0);
        let fixed = [RISTRETTO_BASEPOINT_POINT, *joint.point(), blind];
        let fixed = VartimeRistrettoPrecomputation::new(fixed.iter().chain(&vector));
        let small = (0..lines.modulus().number())
            .map(|m| RistrettoPoint::mul_base(&Scalar::from(m).div_by_2()))
            .collect();
        Self {
            shape,
            lines,
            joint,
            joint_table: joint.table(),
            small,
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
    /// The contest's check lines.
    #[must_use]
    pub fn lines(&self) -> &Lines {
        &self.lines
    }
    /// The election key K.
    #[must_use]
    pub fn joint(&self) -> &Point {
        &self.joint
    }
    /// r·G and value·G + r·K for numbers below μ with their randomness. Public numbers only: the
    /// time depends on them.
    #[must_use]
    pub fn encrypt_again(&self, lines: &[OpenedLine]) -> Vec<[Encoded; 2]> {
        let halves = lines.iter().flat_map(|OpenedLine { value, r }| {
            let r = r.div_by_2();
            let second = &self.joint_table * &r;
            let plain = self.small.get(usize::from(*value));
            [
                RistrettoPoint::mul_base(&r),
                plain.map_or(second, |m| second + m),
            ]
        });
        let halves: Vec<RistrettoPoint> = halves.collect();
        let encoded = RistrettoPoint::double_and_compress_batch(&halves);
        let (pairs, _) = encoded.as_chunks::<2>();
        pairs.iter().map(|pair| pair.map(Encoded::from)).collect()
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
        t.number(self.lines.rows().len() as u64);
        t.number(u64::from(self.lines.modulus().number()));
        if self.lines.modulus() == Modulus::Hundred {
            let weights = self.lines.rows().iter().flatten();
            weights.for_each(|(_, w)| t.number(u64::from(*w)));
        }
        t.add(self.joint.as_bytes());
        t.points(&c.a);
        t.points(&c.b);
        t.points(c.masks.as_flattened());
        t.points(c.masked.as_flattened());
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
    /// A_j: the encrypted masks of the check lines.
    pub masks: Vec<[Encoded; 2]>,
    /// B_j: the encrypted masked sums.
    pub masked: Vec<[Encoded; 2]>,
    /// V.
    pub v: Encoded,
    /// S.
    pub s: Encoded,
    /// A'.
    pub a2: Encoded,
    /// B'.
    pub b2: Encoded,
    /// f_1…f_{N+L−1}.
    pub f: Vec<Scalar>,
    /// φ.
    pub phi: Scalar,
    /// z.
    pub z: Scalar,
}

impl ContestBallot {
    /// The first halves of all ciphertexts: a_i, then those of A_j and B_j.
    pub fn firsts(&self) -> impl Iterator<Item = &Encoded> {
        let masks = self.masks.iter().chain(&self.masked);
        self.a.iter().chain(masks.map(|[first, _]| first))
    }
    /// The exact bytes: a, b, A, B, V, S, A', B', f, φ, z without lengths.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::new();
        for p in self
            .a
            .iter()
            .chain(&self.b)
            .chain(self.masks.iter().flatten())
            .chain(self.masked.iter().flatten())
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
        let points = |r: &mut Reader<'_>| -> Result<Vec<Encoded>, WireError> {
            (0..shape.options()).map(|_| Encoded::read(r)).collect()
        };
        let pairs = |r: &mut Reader<'_>| -> Result<Vec<[Encoded; 2]>, WireError> {
            let pair = |_| Ok([Encoded::read(r)?, Encoded::read(r)?]);
            (0..shape.lines()).map(pair).collect()
        };
        Ok(Self {
            a: points(r)?,
            b: points(r)?,
            masks: pairs(r)?,
            masked: pairs(r)?,
            v: Encoded::read(r)?,
            s: Encoded::read(r)?,
            a2: Encoded::read(r)?,
            b2: Encoded::read(r)?,
            f: (1..shape.bits() + shape.lines())
                .map(|_| Scalar::read(r))
                .collect::<Result<_, _>>()?,
            phi: Scalar::read(r)?,
            z: Scalar::read(r)?,
        })
    }
}

#[cfg(test)]
mod tests;
