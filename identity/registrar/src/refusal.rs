//! Turns the errors of `jpki` into refusals ([`api::registrar::Refusal`]).

pub use api::registrar::Refusal;
use jpki::JpkiError;

/// A refusal as a handler answers it.
pub type Problem = host::problem::Problem<Refusal>;

/// What a certificate, a revocation list or a card's signature was refused for. Many-to-one on
/// purpose: the answer does not say which check of a certificate failed, or why a list is unusable.
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
