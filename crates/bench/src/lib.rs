//! Benchmarks of the ballot's arithmetic, as ratios to the floor of the same machine and run, and
//! the classic disjunctive proof as baseline and test oracle.

pub mod classic;
pub mod floor;
pub mod plot;
pub mod timing;
