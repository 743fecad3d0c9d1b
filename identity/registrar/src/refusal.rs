//! Refusals are [`api::registrar::Refusal`]; here is only how what `jpki` says becomes one.

pub use api::registrar::Refusal;
use jpki::JpkiError;

/// A refusal as a handler answers it.
pub type Problem = host::problem::Problem<Refusal>;

/// What a certificate, a revocation list or a card's signature was refused for. Many-to-one on
/// purpose: which check of a certificate failed, and why a list cannot be used, is not told.
#[must_use]
pub fn of_card(error: JpkiError) -> Refusal {
    match error {
        JpkiError::Expired { until_ms } => Refusal::CertificateExpired {
            not_after_ms: until_ms,
        },
        JpkiError::NotYetValid { .. } => Refusal::CertificateLate,
        JpkiError::Revoked => Refusal::Revoked,
        JpkiError::CardSignature => Refusal::CardSignature,
        JpkiError::CrlEncoding
        | JpkiError::CrlAlgorithm
        | JpkiError::CrlIssuer
        | JpkiError::CrlSignature
        | JpkiError::CrlScope
        | JpkiError::CrlOtherAuthority
        | JpkiError::CrlNotYetValid
        | JpkiError::CrlStale
        | JpkiError::CrlBeforeOpening => Refusal::RevocationUnknown,
        JpkiError::TrustStore => Refusal::Internal,
        _ => Refusal::CertificateProfile,
    }
}
