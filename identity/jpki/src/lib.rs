//! Rules for certificates and 券面 records of My Number cards: profile, path, revocation, photo.
//! Pure functions: time is an argument, files and network belong to the caller.

mod certificate;
mod cv;
mod error;
mod key;
mod revocation;
mod surface;
#[cfg(test)]
mod tests;
mod tlv;
mod trust;
mod validity;

pub use certificate::{AuthCertificate, Verified, issued_after_opening, verify};
pub use error::JpkiError;
pub use key::PublicKey;
pub use revocation::RevocationList;
pub use surface::{SurfaceRecord, VerifiedSurface};
pub use trust::{TEST_POLICY, TrustStore};
