//! Re-checks a public record from its bytes alone (spec 08): one line per check, with the numbers
//! of the rules behind it and a plain explanation.
//!
//! Nothing is asked from a node or portal. What is believed beforehand is the trust file: the
//! authority's key and the validators' keys.
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

mod checks;
mod facts;
#[cfg(not(target_arch = "wasm32"))]
mod filter;
#[cfg(not(target_arch = "wasm32"))]
mod folder;
mod layout;
#[cfg(not(target_arch = "wasm32"))]
mod metered;
mod packed;
mod report;
mod run;
#[cfg(not(target_arch = "wasm32"))]
mod run_file;
#[cfg(not(target_arch = "wasm32"))]
mod shelf;
#[cfg(not(target_arch = "wasm32"))]
mod streaming;
#[cfg(not(target_arch = "wasm32"))]
mod tarball;
mod trust;

pub use checks::{CHECKS, Check};
pub use facts::{Choice, Facts};
#[cfg(not(target_arch = "wasm32"))]
pub use folder::Folder;
pub use layout::TarError;
#[cfg(not(target_arch = "wasm32"))]
pub use metered::Metered;
pub use packed::Packed;
pub use report::{Line, Report, Status};
pub use run::{Expected, verify, without_its_files};
#[cfg(not(target_arch = "wasm32"))]
pub use streaming::{Resources, verify_streaming};
#[cfg(not(target_arch = "wasm32"))]
pub use tarball::Tarball;
pub use trust::{BadTrust, Trust};
