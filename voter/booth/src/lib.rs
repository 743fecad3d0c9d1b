//! The voter's local program. Everything secret happens here: PIN, card, camera frames, choice,
//! encryption. It serves its own pages on 127.0.0.1 and nothing else.
//!
//! [`session`] is the way of one vote as a state machine without input or output; [`ports`] are
//! its edges; [`actor`] runs it on a thread of its own; [`web`] shows it; [`startfile`] decides
//! what to believe; [`voting`] talks to registrars and nodes.

pub mod actor;
pub mod app;
pub mod checkup;
pub mod config;
pub mod devices;
pub mod election_context;
pub mod fault;
pub mod ports;
pub mod receipt;
pub mod screen;
pub mod session;
pub mod snapshot;
pub mod startfile;
mod storage;
pub mod sums;
#[cfg(test)]
mod tests;
pub mod text;
pub mod trust;
pub mod voting;
pub mod web;
