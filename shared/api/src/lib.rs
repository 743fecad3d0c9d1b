//! Shared request and answer types of Irefuda's HTTP interfaces. No logic but the reading of the
//! network file.

pub mod network;
pub mod node;
pub mod registrar;
pub mod start_file;
