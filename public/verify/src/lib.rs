//! Re-checks a public record from its bytes alone (spec 08): one line per check, with the numbers
//! of the rules behind it and a plain explanation.
//!
//! Nothing is asked from a node or portal. What is believed beforehand is the trust file: the
//! authority's key and the validators' keys.
//!
//! ```
//! use testkit::election::{Lab, Options};
//! use verify::{Trust, verify};
//!
//! // Three voters: the first one votes again, so four ballots were received and three count.
//! let mut lab = Lab::finished(Options::small(), &[&[0, 1], &[1], &[0]]);
//! let mut record = lab.record();
//! let network = lab.network();
//! let trust = Trust {
//!     authority: *lab.parties.authority.public().as_bytes(),
//!     network: network.id(),
//!     validators: network.validators.iter().map(|v| v.engine_key).collect(),
//!     practice: true,
//! };
//!
//! let report = verify(&record, Some(&trust), &mut lab.rng, &mut |_blocks| ());
//! assert!(report.ok);
//! let facts = report.facts.unwrap();
//! assert_eq!((facts.received, facts.counted), (4, 3));
//! assert_eq!(facts.contests[0].iter().map(|option| option.votes).collect::<Vec<_>>(), [1, 2]);
//!
//! // One changed bit anywhere, and it says which rule is broken.
//! record.0.get_mut("entries.bin").unwrap()[1_000] ^= 1;
//! let report = verify(&record, Some(&trust), &mut lab.rng, &mut |_blocks| ());
//! assert!(!report.ok && !report.failed_rules().is_empty());
//! ```
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

mod checks;
pub mod dispute;
mod facts;
mod finding;
mod record;
mod report;
mod run;
#[cfg(not(target_arch = "wasm32"))]
mod streaming;
#[cfg(not(target_arch = "wasm32"))]
mod tables;
mod trust;

pub use checks::{CHECKS, Check};
pub use facts::{About, Choice, Facts, Room, TookOver, Words};
pub use finding::Finding;
#[cfg(not(target_arch = "wasm32"))]
pub use record::{Folder, Progress, TarFile};
pub use record::{TarBytes, TarError};
pub use report::{Line, Report, Status};
pub use run::{Expected, verify, without_its_files};
#[cfg(not(target_arch = "wasm32"))]
pub use streaming::{Resources, verify_streaming};
pub use trust::{BadTrust, Trust};
