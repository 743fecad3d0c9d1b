//! Our proof at one shape of contest.

use ballot::contest::{Selection, Shape};
use ballot::mask::OpenedLine;
use ballot::proof::{self, ContestBallot, Context, Item};
use ballot::{Mask, Side};
use crypto::elgamal::Ciphertext;
use crypto::{Hash, Point};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

/// A joint key that nobody holds.
#[must_use]
pub fn joint(rng: &mut ChaCha20Rng) -> Point {
    loop {
        if let Some(p) = Point::mul_base(&crypto::group::random_scalar(rng)) {
            return p;
        }
    }
}

/// Ballots of one shape, with everything that checks them.
pub struct Ours {
    key: proof::Key,
    ctx: Context,
    ballots: Vec<ContestBallot>,
    /// The masks of each ballot.
    opened: Vec<Vec<OpenedLine>>,
    choice: Selection,
    rng: ChaCha20Rng,
}

impl Ours {
    /// `count` ballots; ballot i marks `k_max` options from i on.
    ///
    /// # Panics
    /// Invalid shape.
    #[must_use]
    pub fn new(options: u16, k_min: u16, k_max: u16, count: u16) -> Self {
        let joint = joint(&mut ChaCha20Rng::seed_from_u64(6));
        Self::under(joint, (options, k_min, k_max), count)
    }
    /// The same under a given election key.
    ///
    /// # Panics
    /// Invalid shape.
    #[must_use]
    pub fn under(joint: Point, (options, k_min, k_max): (u16, u16, u16), count: u16) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let shape = Shape::new(options, k_min, k_max).expect("a shape of the table");
        let numbers: Vec<u16> = (0..options).collect();
        let key = proof::Key::new(shape, &numbers, joint);
        let ctx = Context {
            election: Hash::ZERO,
            contest: 0,
            vk: joint,
            seq: 1,
            prev: Hash::ZERO,
            pictures: [0, 1],
        };
        let select = |i: u16| {
            let mut marks: Vec<u16> = (0..k_max).map(|m| (i + m) % options).collect();
            marks.sort_unstable();
            Selection::new(&shape, &marks).expect("as many marks as allowed")
        };
        let ballots = (0..count)
            .map(|i| proof::prove(&key, &ctx, &select(i), &[9; 32], &mut rng))
            .collect();
        let opened = |i: u16| -> Vec<OpenedLine> {
            let masks = Mask::of_contest(key.lines(), select(i).bits(), &[9; 32], 0);
            masks
                .iter()
                .map(|m| OpenedLine::of(m, Side::Mask))
                .collect()
        };
        let opened = (0..count).map(opened).collect();
        let choice = select(1);
        Self {
            key,
            ctx,
            ballots,
            opened,
            choice,
            rng,
        }
    }
    /// The election key.
    #[must_use]
    pub fn joint(&self) -> Point {
        *self.key.joint()
    }
    /// Bytes of one contest as it is in a ballot.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.ballots.first().map_or(0, |b| b.to_bytes().len())
    }
    /// Verifies all ballots in one batch.
    ///
    /// # Panics
    /// One does not verify.
    pub fn verify_batch(&self) {
        let ctx = self.ctx;
        let items: Vec<Item<'_>> = self
            .ballots
            .iter()
            .map(|contest| Item { ctx, contest })
            .collect();
        let answers = proof::verify_batch(&self.key, &items, &mut self.rng.clone());
        assert!(answers.iter().all(Result::is_ok), "own ballots verify");
    }
    /// Verifies the first ballot alone.
    ///
    /// # Panics
    /// It does not verify.
    pub fn verify_one(&self) {
        let ctx = self.ctx;
        let contest = self.ballots.first().expect("at least one ballot");
        let answer = proof::verify_one(&self.key, &Item { ctx, contest }, &mut self.rng.clone());
        assert!(answer.is_ok(), "own ballots verify");
    }
    /// Encrypts one side of every ballot's check lines again and compares: what an opening costs
    /// whoever checks it.
    ///
    /// # Panics
    /// One does not fit.
    pub fn check_openings(&self) {
        for (ballot, lines) in self.ballots.iter().zip(&self.opened) {
            let again = self.key.encrypt_again(lines);
            assert_eq!(again, ballot.masks, "own openings fit");
        }
    }
    /// Encrypts and proves one ballot.
    pub fn prove(&self) -> ContestBallot {
        let mut rng = self.rng.clone();
        proof::prove(&self.key, &self.ctx, &self.choice, &[1; 32], &mut rng)
    }
    /// The ciphertexts of all ballots as points.
    #[must_use]
    pub fn decoded(&self) -> Vec<Vec<Ciphertext>> {
        let one = |b: &ContestBallot| {
            b.a.iter()
                .zip(&b.b)
                .filter_map(|(a, b)| Ciphertext::decode(a, b))
                .collect()
        };
        self.ballots.iter().map(one).collect()
    }
}

/// Σ of all ballots, option by option.
#[must_use]
pub fn sums(ballots: &[Vec<Ciphertext>]) -> Vec<Ciphertext> {
    let mut sums = vec![Ciphertext::zero(); ballots.first().map_or(0, Vec::len)];
    for ballot in ballots {
        for (sum, c) in sums.iter_mut().zip(ballot) {
            *sum += c;
        }
    }
    sums
}
