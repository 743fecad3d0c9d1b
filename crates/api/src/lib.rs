//! Shared request and answer types of Irefuda's HTTP interfaces. No logic.

pub mod node;
pub mod registrar;
pub mod start_file;
