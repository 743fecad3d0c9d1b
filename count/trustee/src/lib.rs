//! A trustee's own program: key ceremony, share, commitment, release (spec 02 and 07).
//!
//! It believes no node: it replays the chain itself, compares heads of several nodes, and refuses
//! everything that chapter 07 lets no trustee do. Everything it does goes through
//! [`Board`] and [`Talk`], so that a practice runs the same steps on a board of its own.

pub mod backup;
mod board_access;
mod ceremony_run;
pub mod config;
mod destroy;
pub mod keys;
mod manifest_words;
pub mod practise;
mod program;
mod refusal;
mod seal_run;
mod status;
mod tally_run;
mod terminal;

pub use board_access::{Board, Nodes};
pub use config::Config;
pub use destroy::Statement;
pub use program::Trustee;
pub use refusal::Refusal;
pub use terminal::{Practice, Silent, Talk, Terminal};
