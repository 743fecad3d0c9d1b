//! The audit of the registrars' evidence (spec 08 §4): whether a real card stands behind every token
//! that was reported.
//!
//! Each auditor has a program, a key and a folder of their own. One makes a *partial opening* of the
//! records for another ([`release`]), and that one opens them with the own key and checks them
//! ([`check`]). No program ever holds two auditors' keys, and no report or log names a person.
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

mod card;
pub mod config;
mod fault;
pub mod keys;
mod person_keys;
mod persons;
mod public;
mod report;
mod sample;
mod vault;
mod work;

pub use card::{Cards, CardsError};
pub use config::Config;
pub use fault::Fault;
pub use keys::{KeyFolder, OthersKey};
pub use public::{PublicRecord, ReadError, RecordFolder, Reported};
pub use report::{Audited, Faults, Report};
pub use vault::{Vault, VaultError};
pub use work::{Audit, AuditError, Extent, check, release};
