//! The bulletin board: entries, phases, validity, blocks, receipts and the public record.
//!
//! Spec chapters 05 (board) and 06 (chain, receipts). Everything is a pure function: time is the
//! header's time, the state after a block depends on the blocks before it and on nothing else.
//!
//! An entry is checked twice: once by itself, which is the costly part and can be done anywhere,
//! and once against the state, which is cheap and decides.
//!
//! ```
//! use board::{check_stateless, rules};
//! use crypto::wire::TopLevel as _;
//! use testkit::election::{Lab, Options};
//!
//! let mut lab = Lab::open(Options::small());
//! let ballot = lab.ballot(0, 1).to_bytes();
//! let now = lab.now + 1_000;
//!
//! // Signature, tokens and proof. Only this function makes a `Checked`, and the board takes
//! // nothing else.
//! let checked = check_stateless(lab.state.context(), &ballot, &mut lab.rng)?;
//! lab.state.admit(&checked, now)?;
//!
//! // At the close a gateway refuses the same ballot: rule R5.22.
//! let close = lab.close_at();
//! lab.advance_to(close - 10_000);
//! assert_eq!(lab.state.admit(&checked, close), Err(rules::BALLOT_LATE));
//!
//! // One changed bit, and it is no ballot of anybody.
//! let mut other = ballot;
//! *other.last_mut().unwrap() ^= 1;
//! assert!(check_stateless(lab.state.context(), &other, &mut lab.rng).is_err());
//! # Ok::<(), crypto::Rule>(())
//! ```
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

pub mod check;
pub mod committee;
pub mod entry;
pub mod finality;
pub mod header;
pub mod judgement;
pub mod network;
pub mod receipt;
pub mod record;
pub mod replay;
pub mod rules;
pub mod state;
pub mod store;

pub use check::{Checked, Slot, StaticContext, check_many, check_many_on, check_stateless};
pub use committee::Committee;
pub use entry::{Entry, entry_hash};
pub use finality::FinalityCertificate;
pub use header::{Block, Header};
pub use judgement::{Answer, Judgement};
pub use network::NetworkConfig;
pub use receipt::Receipt;
pub use state::{BlockError, Election, Phase, Position, State};
