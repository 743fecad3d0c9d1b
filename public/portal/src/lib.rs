//! The public site: what one needs to know before voting, the start file, the look-up of a
//! receipt, the result once it is on the board, the anonymous survey.
//!
//! The portal sees no ballot content and no person. It follows the board itself and believes
//! nothing a node says without proof.

pub mod board_view;
pub mod config;
pub mod content;
pub mod demo;
pub mod emergency;
pub mod follow;
pub mod reader;
pub mod start;
pub mod store;
pub mod survey;
pub mod web;

pub use config::Config;
