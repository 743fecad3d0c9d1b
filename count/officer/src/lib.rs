//! An officer's own program: shows an act in words, asks, and countersigns it.
//!
//! Each officer runs it on a machine of their own, with a folder and a key of their own. It believes
//! no file and no node: it replays the chain itself, judges the act by the board's rules on that
//! state, and reads out of the manifest whose election it is and who else signed.

pub mod config;
pub mod keys;
mod person;
mod refusal;
mod sign;
mod words;

pub use config::Config;
pub use keys::KeyFolder;
pub use person::{Person, Terminal};
pub use refusal::Refusal;
pub use sign::{Asked, show, sign};
pub use words::{Line, WORDS, Wording, wording};
