//! Registrars and nodes behind the session's edge.

pub mod pending;
pub mod registrar;
pub mod station;
