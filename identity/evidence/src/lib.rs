//! Evidence (spec 08 §4): the encrypted proof for auditors that a card asked for a token. Registrars
//! seal it, auditors open it together, and neither needs the other's program.
//!
//! Every record is padded to one length and encrypted under a fresh key; the key is shared among
//! the auditors so that a majority of them (2 of 3) can open a record and one cannot. Each uses the
//! own key alone: what one auditor hands to another is sealed to that one.
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

mod opening;
mod partial;
mod record;
mod sealed;

pub use opening::{AuditorKey, OpenError, Share, open};
pub use partial::{Partial, PartialError};
pub use record::{PADDED, Record, RecordError};
pub use sealed::{SealError, Sealed, leaf, seal, seals_to, threshold};

#[cfg(test)]
mod tests;
