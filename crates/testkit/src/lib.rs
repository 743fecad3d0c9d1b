//! Whole elections inside one process, for tests only.

pub mod boundaries;
pub mod election;
pub mod process;
