//! The officers' and the authority's tool: set up, seal, open, extend, announce, record.

pub mod actions;
pub mod acts;
pub mod config;
pub mod content;
pub mod keys;
pub mod look;
pub mod manifest;
pub mod progress;
pub mod start;

pub use actions::Office;
pub use config::AdminConfig;
