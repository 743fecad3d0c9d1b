//! The classic proof at one number of options.

use crate::classic;
use crypto::Point;
use crypto::elgamal::Ciphertext;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

/// The baseline at one number of options, under the same key.
pub struct Classic {
    key: classic::Key,
    ballots: Vec<classic::Ballot>,
    options: u16,
    rng: ChaCha20Rng,
}

impl Classic {
    /// `count` ballots.
    #[must_use]
    pub fn new(joint: Point, options: u16, count: u16) -> Self {
        let key = classic::Key::new(joint);
        let mut rng = ChaCha20Rng::seed_from_u64(8);
        let n = usize::from(options);
        let ballots = (0..usize::from(count))
            .map(|i| classic::prove(&key, b"bench", i % n, n, &mut rng))
            .collect();
        Self {
            key,
            ballots,
            options,
            rng,
        }
    }
    fn check(&self, ballots: &[classic::Ballot]) {
        let mut rng = self.rng.clone();
        assert!(
            classic::verify(&self.key, b"bench", ballots, &mut rng),
            "own ballots verify"
        );
    }
    /// Verifies all in one batch.
    ///
    /// # Panics
    /// One does not verify.
    pub fn batch(&self) {
        self.check(&self.ballots);
    }
    /// Verifies all, each alone.
    ///
    /// # Panics
    /// One does not verify.
    pub fn one_by_one(&self) {
        self.ballots.chunks(1).for_each(|b| self.check(b));
    }
    /// Verifies all, each alone and equation by equation.
    ///
    /// # Panics
    /// One does not verify.
    pub fn equation_by_equation(&self) {
        let good = |b| classic::verify_each(&self.key, b"bench", b);
        assert!(self.ballots.iter().all(good), "own ballots verify");
    }
    /// Encrypts and proves one ballot.
    #[must_use]
    pub fn prove(&self) -> classic::Ballot {
        let (n, mut rng) = (usize::from(self.options), self.rng.clone());
        classic::prove(&self.key, b"bench", 1, n, &mut rng)
    }
    /// The ciphertexts of all ballots as points.
    #[must_use]
    pub fn decoded(&self) -> Vec<Vec<Ciphertext>> {
        let one = |b: &classic::Ballot| {
            b.items
                .iter()
                .filter_map(|i| Ciphertext::decode(&i.a, &i.b))
                .collect()
        };
        self.ballots.iter().map(one).collect()
    }
    /// Bytes of one ballot without commitments: 64 a ciphertext, per option two challenges and two
    /// responses, for the sum one of each.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let n = usize::from(self.options);
        64 * n + 4 * 32 * n + 2 * 32
    }
    /// Bytes with commitments, which a batch needs: per option four commitments, one challenge and
    /// two responses, for the sum two commitments and a response.
    #[must_use]
    pub fn bytes_batched(&self) -> usize {
        let n = usize::from(self.options);
        64 * n + 7 * 32 * n + 3 * 32
    }
}
