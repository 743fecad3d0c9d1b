//! Manifest, contest, selection, ballot; the credential's public side; confirmation codes.
//!
//! Spec chapters 01 (manifest), 03 (ballot) and 04 (credential). Knows no person and does no I/O.
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

pub mod ballot;
pub mod blind;
pub mod card_text;
pub mod check;
pub mod check_ballot;
pub mod code;
pub mod contest;
pub mod credential;
pub mod manifest;
pub mod proof;
pub mod text;
pub mod token;

pub use ballot::{Ballot, BallotError, Draft};
pub use check_ballot::CheckBallot;
pub use contest::{Selection, Shape};
pub use manifest::{Manifest, SealedManifest};
