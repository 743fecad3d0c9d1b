//! Whole elections inside one process, for tests only.

pub mod boundaries;
pub mod election;
#[cfg(unix)]
pub mod postgres;
pub mod process;
