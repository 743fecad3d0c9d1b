//! The board's rules, as the node uses them.
pub use crate::stub::*;
pub use crypto::Rule;
