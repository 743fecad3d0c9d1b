//! Whole elections inside one process, for tests only.

pub mod boundaries;
pub mod election;
pub mod ports;
#[cfg(unix)]
pub mod postgres;
pub mod process;
