//! The verifier and the second device's checker in a browser (spec 06, 08, 09).
//!
//! The rules are those of `verify`, `board` and `ballot`, compiled to WebAssembly; this crate only
//! turns bytes that a page has into lines that a page shows. No network, no clock, no storage: the
//! page hands everything over.
#![deny(clippy::indexing_slicing)]

pub mod bench;
mod bindings;
pub mod carrier;
pub mod device;
pub mod lines;
pub mod pins;
pub mod receipt;
pub mod record;

pub use bindings::{Asker, Checker, Prover, Sealed, Unsealed, check_receipt, check_record, pinned};
