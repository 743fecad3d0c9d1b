//! The officers' and the authority's tool: set up, seal, open, extend, announce, record.

pub mod content;
