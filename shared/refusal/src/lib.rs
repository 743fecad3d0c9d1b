//! How every program says no: a code of the error catalogue and the state of the vote.
//!
//! The texts of the codes are in `data/errors.toml`; `cargo xtask tidy` compares that file, the
//! table in [`code`] and the places that raise a code, in every direction. Pure and without
//! dependencies on other crates of the project, so that everything from the card layer to the
//! pages can name a code.

pub mod code;
pub mod vote;

pub use code::ErrorCode;
pub use vote::VoteState;

/// A refusal that travels as a problem document (RFC 9457): one variant for each reason, with the
/// data of the reason inside, and the methods give what every reader needs. `Display` is the title,
/// one line for people who operate the system.
pub trait Refusal: std::error::Error {
    /// HTTP status.
    fn status(&self) -> u16;
    /// The text that voters and staff see. Several reasons may share one on purpose.
    fn code(&self) -> ErrorCode;
    /// What is known about the vote; most refusals come before anything was sent.
    fn vote(&self) -> VoteState {
        VoteState::NotSent
    }
}
