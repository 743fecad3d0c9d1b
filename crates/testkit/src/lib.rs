//! Whole elections inside one process, for tests only.

pub mod election;
pub mod process;
