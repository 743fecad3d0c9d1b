//! Benchmarks of the arithmetic, as ratios to the floor of the same machine and run, and the
//! classic disjunctive proof as baseline and test oracle.

pub mod baseline;
pub mod card;
pub mod classic;
pub mod counting;
pub mod floor;
pub mod ours;
pub mod peer;
pub mod plot;
pub mod scale;
pub mod sizes;
pub mod targets;
pub mod timing;
pub mod token;
pub mod twelve;
