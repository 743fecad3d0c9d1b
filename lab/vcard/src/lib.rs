//! A virtual My Number card, the test authorities that issue it, and the service that reads it.
//! For tests and demonstrations only: every certificate carries the TEST policy.

pub mod authority_server;
pub mod card;
pub mod control;
pub mod error;
pub mod fixture;
pub mod keys;
pub mod link;
pub mod pcsc_host;
pub mod persona;
pub mod pki;
pub mod tlv;
pub mod tries;

pub use card::Card;
pub use error::Error;
pub use persona::{Persona, PersonaKind};
pub use pki::TestPki;
