//! A crowd of voters: when they show the card, when the booth asks a node, when the ballot comes.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

/// A delay: its logarithm is normal.
#[derive(Clone, Copy, Debug)]
pub struct Delay {
    /// Half of all are shorter (s).
    pub median: f64,
    /// Standard deviation of the logarithm.
    pub spread: f64,
}

/// From the card to the booth's question to a node, when it asked one: requests of one program.
pub const QUESTION: Delay = Delay {
    median: 1.0,
    spread: 0.35,
};
/// From the card to the ballot: a person reads eleven proposals, marks one and confirms.
pub const CAST: Delay = Delay {
    median: 100.0,
    spread: 0.6,
};
/// One voter in so many votes a second time.
const AGAIN: u32 = 10;

/// One visit.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// Leading bits of the voting key.
    pub key: u32,
    /// A further ballot.
    pub again: bool,
    /// The card is shown (s).
    pub card: f64,
    /// The node would be asked.
    pub asked: f64,
    /// The ballot comes.
    pub cast: f64,
}

/// Everybody's visits.
#[derive(Clone, Debug)]
pub struct Crowd(Vec<Visit>);

impl Crowd {
    /// Half of the visits are spread evenly over the hours of voting, half have their peak at nine
    /// tenths of them. Every tenth voter comes again.
    #[must_use]
    pub fn new(voters: u32, hours: f64, seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let mut visits = Vec::new();
        for voter in 0..voters {
            let key = rng.random();
            visits.push(visit(&mut rng, key, false, hours));
            if voter % AGAIN == 0 {
                visits.push(visit(&mut rng, key, true, hours));
            }
        }
        Self(visits)
    }
    /// First or further visits, in the order of the cards.
    #[must_use]
    pub fn visits(&self, again: bool) -> Vec<Visit> {
        let of_kind = self.0.iter().filter(|v| v.again == again);
        let mut visits: Vec<Visit> = of_kind.copied().collect();
        visits.sort_by(|a, b| a.card.total_cmp(&b.card));
        visits
    }
}

fn visit(rng: &mut ChaCha20Rng, key: u32, again: bool, hours: f64) -> Visit {
    let card = hours * 3600.0 * moment(rng);
    Visit {
        key,
        again,
        card,
        asked: card + delay(rng, QUESTION),
        cast: card + delay(rng, CAST),
    }
}

/// A share of the hours of voting.
fn moment(rng: &mut ChaCha20Rng) -> f64 {
    const PEAK: f64 = 0.9;
    let u: f64 = rng.random();
    if rng.random() {
        u
    } else if u < PEAK {
        (u * PEAK).sqrt()
    } else {
        1.0 - ((1.0 - u) * (1.0 - PEAK)).sqrt()
    }
}

fn delay(rng: &mut ChaCha20Rng, delay: Delay) -> f64 {
    // Box and Muller: a normal number of two even ones, the first not 0.
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    let normal = radius * (std::f64::consts::TAU * rng.random::<f64>()).cos();
    delay.median * (delay.spread * normal).exp()
}
