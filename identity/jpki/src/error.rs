//! The errors of this crate: one variant for each rule.

use refusal::ErrorCode;

/// Why a certificate, revocation list or 券面 record was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JpkiError {
    /// The trust file cannot be used.
    #[error("the trust store is not valid")]
    TrustStore,
    /// Not a certificate.
    #[error("not a certificate")]
    Encoding,
    /// A certificate with another encoding than its canonical one.
    #[error("the certificate is not canonical DER")]
    NotCanonical,
    /// Not X.509 version 3.
    #[error("the certificate is not version 3")]
    Version,
    /// Not signed with RSA PKCS#1 v1.5 and SHA-256.
    #[error("the certificate's signature algorithm is not sha256WithRSAEncryption")]
    Algorithm,
    /// Not an RSA key of 2048 bits with exponent 65537.
    #[error("the key is not RSA-2048 with exponent 65537")]
    Key,
    /// An extension cannot be read or appears twice.
    #[error("a certificate extension is malformed or repeated")]
    Extension,
    /// A critical extension nobody here understands.
    #[error("an unknown extension is critical")]
    CriticalExtension,
    /// Key usage is not exactly a critical digitalSignature.
    #[error("key usage is not digitalSignature alone")]
    KeyUsage,
    /// Extended key usage does not name client authentication.
    #[error("extended key usage does not name client authentication")]
    ExtendedKeyUsage,
    /// The certificate policy is not the expected one, or not critical.
    #[error("the certificate policy is not that of authentication certificates")]
    Policy,
    /// An authority's certificate where a person's is expected.
    #[error("the certificate belongs to an authority")]
    Authority,
    /// The identifier of the issuing key is missing.
    #[error("the certificate does not name the issuing key")]
    AuthorityKeyId,
    /// No pinned authority has this name and key identifier.
    #[error("no trusted authority has this name and key")]
    UnknownIssuer,
    /// The pinned authority did not sign this certificate.
    #[error("the authority's signature does not verify")]
    Signature,
    /// The authority's own certificate is not valid at this time.
    #[error("the authority's certificate is not valid now")]
    AuthorityDates,
    /// The certificate is not valid yet.
    #[error("the certificate is not valid yet")]
    NotYetValid {
        /// From when it is, ms.
        from_ms: u64,
    },
    /// The certificate has expired.
    #[error("the certificate has expired")]
    Expired {
        /// Last millisecond of its validity.
        until_ms: u64,
    },
    /// Not a revocation list.
    #[error("not a revocation list")]
    CrlEncoding,
    /// The list is not signed with RSA PKCS#1 v1.5 and SHA-256.
    #[error("the revocation list's algorithm is not sha256WithRSAEncryption")]
    CrlAlgorithm,
    /// No pinned authority issued the list.
    #[error("no trusted authority issued the revocation list")]
    CrlIssuer,
    /// The authority's signature on the list does not verify.
    #[error("the revocation list's signature does not verify")]
    CrlSignature,
    /// The list has a critical extension nobody here understands, or covers only a part.
    #[error("the revocation list does not cover this certificate")]
    CrlScope,
    /// The list is by another authority than the certificate.
    #[error("the revocation list is by another authority")]
    CrlOtherAuthority,
    /// The list is dated in the future.
    #[error("the revocation list is from the future")]
    CrlNotYetValid,
    /// The list is past its next update, or names none.
    #[error("the revocation list is out of date")]
    CrlStale,
    /// The list was made before the vote opened.
    #[error("the revocation list is older than the opening of the vote")]
    CrlBeforeOpening,
    /// The certificate is on the list. The reason is not kept.
    #[error("the certificate has been revoked")]
    Revoked,
    /// The card's signature does not verify under its certificate.
    #[error("the card's signature does not verify")]
    CardSignature,
    /// The municipality's certificate cannot be read.
    #[error("the municipality's certificate is malformed")]
    CvEncoding,
    /// The municipality's certificate was issued by a key that is not pinned.
    #[error("the municipality's certificate is by an unknown key")]
    CvUnknownRoot,
    /// The signature on the municipality's certificate does not verify.
    #[error("the municipality's certificate does not verify")]
    CvSignature,
    /// The 券面 record cannot be read.
    #[error("the photo record is malformed")]
    SurfaceEncoding,
    /// The table of offsets does not fit the fields.
    #[error("the photo record's offsets are wrong")]
    SurfaceOffsets,
    /// The municipality's signature over the record does not verify.
    #[error("the photo record's signature does not verify")]
    SurfaceSignature,
    /// The card's signature over the nonce does not verify under the record's key.
    #[error("the photo record's key did not sign the nonce")]
    SurfaceNonce,
}

impl JpkiError {
    /// Code in the list of errors shown to voters.
    #[must_use]
    pub fn code(self) -> ErrorCode {
        match self {
            Self::Expired { .. } => ErrorCode::CertificateExpired,
            Self::NotYetValid { .. } => ErrorCode::IssuedAfterOpening,
            Self::Revoked => ErrorCode::CertificateRevoked,
            Self::CrlEncoding
            | Self::CrlAlgorithm
            | Self::CrlIssuer
            | Self::CrlSignature
            | Self::CrlScope
            | Self::CrlOtherAuthority
            | Self::CrlNotYetValid
            | Self::CrlStale
            | Self::CrlBeforeOpening => ErrorCode::RevocationUnknown,
            Self::CvEncoding
            | Self::CvUnknownRoot
            | Self::CvSignature
            | Self::SurfaceEncoding
            | Self::SurfaceOffsets
            | Self::SurfaceSignature
            | Self::SurfaceNonce => ErrorCode::SurfaceSignature,
            Self::TrustStore => ErrorCode::Internal,
            _ => ErrorCode::CertificateRefused,
        }
    }
}
