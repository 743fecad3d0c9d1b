//! An auditor's own program. It makes the auditor's key on the auditor's own machine; registrars seal
//! their evidence to it, and two of three auditors open evidence together.

pub mod config;
pub mod keys;

pub use config::Config;
pub use keys::{KeyFolder, OthersKey};
