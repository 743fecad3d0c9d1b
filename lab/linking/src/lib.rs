//! How many voters a curious registrar names that notes times.
//!
//! It knows who showed a card when. The public record says when which voting key cast a ballot, and a
//! curious node would know when it was asked about a key. Whoever has two such lists matches them. A simulation, not a proof: people's times
//! are drawn from distributions that are written down here, and a better guesser may exist.

mod crowd;
mod guess;

pub use crowd::{Crowd, Visit};

/// What the two find out about one kind of visit, as shares of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Voters of the crowd.
    pub voters: u32,
    /// First ballots, if the booth asked a node about its own key at the card step.
    pub first_by_question: f64,
    /// First ballots by time alone: what is left.
    pub first_by_time: f64,
    /// Further ballots, if the booth asked about its own key.
    pub again_by_question: f64,
    /// Further ballots by time and the bucket that was asked for.
    pub again_by_bucket: f64,
    /// Further ballots by time alone.
    pub again_by_time: f64,
}

/// Bits of the bucket for a crowd: as many as leave 16 384 voters in each.
#[must_use]
pub fn bucket_bits(voters: u32) -> u32 {
    (voters / 16_384).checked_ilog2().unwrap_or(0)
}

/// The scores of one crowd with this seed, voting over `hours` hours.
#[must_use]
pub fn scores(voters: u32, hours: f64, bits: u32, seed: u64) -> Scores {
    let crowd = Crowd::new(voters, hours, seed);
    let first = crowd.visits(false);
    let again = crowd.visits(true);
    let whole = |_: &Visit| 0;
    let bucket = |visit: &Visit| visit.key >> (32 - bits.clamp(1, 31));
    Scores {
        voters,
        first_by_question: guess::named(&first, crowd::QUESTION, |v| v.asked, whole),
        first_by_time: guess::named(&first, crowd::CAST, |v| v.cast, whole),
        again_by_question: guess::named(&again, crowd::QUESTION, |v| v.asked, whole),
        again_by_bucket: if bits == 0 {
            guess::named(&again, crowd::CAST, |v| v.cast, whole)
        } else {
            guess::named(&again, crowd::CAST, |v| v.cast, bucket)
        },
        again_by_time: guess::named(&again, crowd::CAST, |v| v.cast, whole),
    }
}

#[cfg(test)]
mod tests;
