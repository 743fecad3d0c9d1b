//! What every Irefuda program needs from the machine it runs on: a clock, a
//! configuration file, key files, TLS with a pin or a name, HTTP both ways and a log.
//!
//! This crate knows nothing about votes. It is the only place that reads the
//! system clock.

pub mod clock;
pub mod config;
pub mod digest;
pub mod exit;
pub mod harden;
pub mod http;
pub mod keyfile;
pub mod log;
pub mod passphrase;
pub mod private;
pub mod problem;
pub mod rate;
pub mod serve;
pub mod site;
pub mod tls;

pub use clock::WallClock;
pub use harden::harden;
pub use problem::Problem;
