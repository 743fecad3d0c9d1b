//! The bulletin board: entries, phases, validity, blocks, receipts and the public record.
//!
//! Spec chapters 05 (board) and 06 (chain, receipts). Everything is a pure function: time is the
//! header's time, the state after a block depends on the blocks before it and on nothing else.
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

pub mod check;
pub mod entry;
pub mod finality;
pub mod header;
pub mod merkle;
pub mod network;
pub mod receipt;
pub mod record;
pub mod replay;
pub mod rules;
pub mod state;
pub mod store;

pub use check::{Checked, Slot, StaticContext, check_many, check_many_on, check_stateless};
pub use entry::{Entry, entry_hash};
pub use finality::FinalityCertificate;
pub use header::{Block, Header};
pub use network::NetworkConfig;
pub use receipt::Receipt;
pub use state::{BlockError, Election, Phase, Place, State};
