//! The registrar: checks who someone is, and signs credentials it cannot see.
//!
//! Spec chapter 04. It learns certificates and never a ballot; it keeps evidence only auditors can
//! open, keyed by an HMAC, without times and without an order. It is the only crate that links
//! OpenSSL, for the private RSA operation.

pub mod card;
pub mod config;
pub mod crl;
pub mod export;
pub mod hours;
pub mod init;
pub mod issuer;
pub mod keys;
pub mod refusal;
pub mod routes;
pub mod service;
pub mod sessions;
pub mod stations;
pub mod store;
pub mod tickets;

pub use config::Config;
pub use refusal::Refusal;
pub use service::Registrar;
