//! The trustees' key ceremony: Pedersen DKG over the bulletin board (spec 02).
//!
//! Rounds: commit, reveal, shares, confirm (or complain and answer), sign. [`Ceremony`] is the
//! public state anyone can recompute; [`trustee`] holds the secret side as types that are consumed
//! round by round, so that none can be skipped or replayed.
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

mod error;
mod message;
mod public;
mod roster;
pub mod rules;
mod seal;
pub mod trustee;

pub use error::CeremonyError;
pub use message::{Message, SealedShare};
pub use public::{Ceremony, Outcome, Round};
pub use roster::{Member, Roster};
pub use seal::{HpkePublic, HpkeSecret, open as open_share};

#[cfg(test)]
mod tests;
