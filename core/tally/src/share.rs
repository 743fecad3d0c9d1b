//! One trustee's partial decryption of the aggregate, committed before it is shown.

use crate::aggregate::Aggregate;
use crate::rules;
use crypto::dleq::{self, Proof};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Encoded, Hash, Point, Rule, Scalar, Transcript};
use rand_core::CryptoRng;
use zeroize::{Zeroize as _, Zeroizing};

/// The one thing trustees decrypt: the aggregate of one election at its close block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The election.
    pub election: Hash,
    /// Digest of the close block's header.
    pub close_block: [u8; 32],
    /// Root of the counted set.
    pub counted_root: Hash,
    /// How many ballots were added up.
    pub counted: u64,
    /// The sums.
    pub aggregate: Aggregate,
}

impl Target {
    /// H of everything in the target.
    #[must_use]
    pub fn digest(&self) -> Hash {
        let mut w = Writer::new();
        self.election.write(&mut w);
        w.raw(&self.close_block);
        self.counted_root.write(&mut w);
        w.u64(self.counted);
        self.aggregate.write(&mut w);
        crypto::hash::hash("tally-target", &[&w.finish()])
    }
    /// Transcript of the statement "share of `trustee` for this option of this target".
    fn statement(&self, trustee: u16, index: (u16, u16)) -> Transcript {
        let mut t = Transcript::new("partial-decryption");
        t.add(self.election.as_bytes());
        t.number(u64::from(trustee));
        t.number(u64::from(index.0));
        t.number(u64::from(index.1));
        t.add(&self.close_block);
        t.add(self.counted_root.as_bytes());
        t
    }
}

/// Why a share is refused; the trustee who posted it is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareError {
    /// Rule R7.01: not one share per option of the aggregate.
    Shape,
    /// Rule R7.02: a proof does not hold for share, key, ciphertext and target.
    Proof,
    /// Rule R7.03: not what the trustee committed to.
    Commitment,
}

impl ShareError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Shape => rules::SHARE_SHAPE,
            Self::Proof => rules::SHARE_PROOF,
            Self::Commitment => rules::SHARE_COMMITMENT,
        }
    }
}

impl core::fmt::Display for ShareError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "decryption share refused: {self:?} ({})", self.rule())
    }
}

impl std::error::Error for ShareError {}

/// x_i·A with proof, for every option, and the commitment's 32 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct PartialDecryption {
    /// Who made it.
    pub trustee: u16,
    /// Shares in order of contest and option.
    pub shares: Vec<(Encoded, Proof)>,
    /// Random bytes that hide the shares until the announcement.
    pub nonce: [u8; 32],
}

/// Shares and nonce are secret until the announcement, so they are never printed.
impl core::fmt::Debug for PartialDecryption {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (trustee, n) = (self.trustee, self.shares.len());
        write!(f, "PartialDecryption(trustee {trustee}, {n} shares)")
    }
}

impl Drop for PartialDecryption {
    fn drop(&mut self) {
        self.nonce.zeroize();
        for (share, _) in &mut self.shares {
            share.0.zeroize();
        }
    }
}

impl PartialDecryption {
    /// Decrypts the target with the trustee's secret share.
    pub fn make<R: CryptoRng + ?Sized>(
        target: &Target,
        trustee: u16,
        secret: &Scalar,
        verification: &Point,
        rng: &mut R,
    ) -> Self {
        let mut nonce = Zeroizing::new([0u8; 32]);
        rng.fill_bytes(nonce.as_mut());
        let share = |rng: &mut R, index, base| {
            let statement = target.statement(trustee, index);
            dleq::prove(&statement, secret, verification, base, rng)
        };
        let shares = target
            .aggregate
            .indexed()
            .map(|(index, c)| share(rng, index, &c.a))
            .collect();
        Self {
            trustee,
            shares,
            nonce: *nonce,
        }
    }
    /// H(election, target, trustee, shares, proofs, nonce): posted before the announcement.
    #[must_use]
    pub fn commitment(&self, target: &Target) -> Hash {
        crypto::hash::hash(
            "share-commit",
            &[
                target.election.as_bytes(),
                target.digest().as_bytes(),
                &self.to_bytes(),
            ],
        )
    }
    /// Rules R7.01–R7.03.
    ///
    /// # Errors
    /// [`ShareError`].
    pub fn check(
        &self,
        target: &Target,
        verification: &Point,
        commitment: &Hash,
    ) -> Result<(), ShareError> {
        if self.shares.len() != target.aggregate.len() {
            return Err(ShareError::Shape);
        }
        if self.commitment(target) != *commitment {
            return Err(ShareError::Commitment);
        }
        for ((index, c), (image, proof)) in target.aggregate.indexed().zip(&self.shares) {
            let statement = target.statement(self.trustee, index);
            if !dleq::verify(&statement, verification, &c.a, image, proof) {
                return Err(ShareError::Proof);
            }
        }
        Ok(())
    }
}

impl Wire for PartialDecryption {
    fn write(&self, w: &mut Writer) {
        w.u16(self.trustee);
        w.u32(u32::try_from(self.shares.len()).unwrap_or(u32::MAX));
        for (share, proof) in &self.shares {
            share.write(w);
            proof.write(w);
        }
        w.raw(&self.nonce);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let trustee = r.u16()?;
        let n = r.count(1600)?;
        let shares = (0..n)
            .map(|_| Ok((Encoded::read(r)?, Proof::read(r)?)))
            .collect::<Result<_, WireError>>()?;
        Ok(Self {
            trustee,
            shares,
            nonce: r.array()?,
        })
    }
}

impl TopLevel for PartialDecryption {
    const TYPE: u8 = 31;
}
