//! One auditor's part of an opening, and what enough parts give.

use crate::record::{Record, RecordError};
use crate::sealed::{BOX, INFO, Sealed, threshold};
use crypto::Scalar;
use crypto::sharing::lagrange_at_zero;
use crypto::wire::WireError;
use hpke::aead::ChaCha20Poly1305 as HpkeAead;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeR, Serializable as _};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type Encapped = <X25519HkdfSha256 as Kem>::EncappedKey;

/// An auditor's own X25519 key.
pub struct AuditorKey {
    secret: PrivateKey,
    public: [u8; 32],
}

impl core::fmt::Debug for AuditorKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("AuditorKey")
    }
}

impl AuditorKey {
    /// A fresh key.
    pub fn generate<R: CryptoRng>(rng: &mut R) -> Self {
        let (secret, public) = X25519HkdfSha256::gen_keypair_with_rng(rng);
        Self {
            secret,
            public: public.to_bytes().into(),
        }
    }
    /// The key with these secret bytes.
    ///
    /// # Errors
    /// [`OpenError::Key`].
    pub fn from_bytes(secret: &[u8; 32]) -> Result<Self, OpenError> {
        let secret = PrivateKey::from_bytes(secret).map_err(|_| OpenError::Key)?;
        let public = X25519HkdfSha256::sk_to_pk(&secret).to_bytes().into();
        Ok(Self { secret, public })
    }
    /// The secret bytes, for the key file.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes().into())
    }
    /// What stands in the manifest.
    #[must_use]
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }
    /// Opens an HPKE box: encapsulated key, then ciphertext.
    pub(crate) fn unseal(
        &self,
        sealed: &[u8],
        info: &[u8],
        aad: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (encapped, sealed) = sealed.split_at_checked(32)?;
        let encapped = Encapped::from_bytes(encapped).ok()?;
        let plain = hpke::single_shot_open::<HpkeAead, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.secret,
            &encapped,
            info,
            sealed,
            aad,
        );
        plain.ok().map(Zeroizing::new)
    }
    /// This auditor's share of a record; `place` is the own place in the manifest's list, from 1.
    ///
    /// # Errors
    /// [`OpenError`] when nothing is sealed to this key at this place.
    pub fn share(&self, sealed: &Sealed<'_>, place: u16) -> Result<Share, OpenError> {
        let at = usize::from(place).checked_sub(1).ok_or(OpenError::Key)?;
        let own = sealed.boxes.chunks(BOX).nth(at).ok_or(OpenError::Key)?;
        let share = self
            .unseal(own, INFO, &place.to_le_bytes())
            .ok_or(OpenError::Key)?;
        let bytes: Zeroizing<[u8; 32]> =
            Zeroizing::new(share.as_slice().try_into().map_err(|_| OpenError::Key)?);
        Share::from_bytes(place, &bytes).ok_or(OpenError::Key)
    }
}

/// What one auditor's key gives of one record. Enough of them open it; wiped on drop.
pub struct Share {
    place: u16,
    value: Zeroizing<Scalar>,
}

impl core::fmt::Debug for Share {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Share(of auditor {})", self.place)
    }
}

impl Share {
    pub(crate) fn from_bytes(place: u16, bytes: &[u8; 32]) -> Option<Self> {
        let value: Option<Scalar> = Scalar::from_canonical_bytes(*bytes).into();
        let value = Zeroizing::new(value?);
        Some(Self { place, value })
    }
    pub(crate) fn bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.value.to_bytes())
    }
}

/// Opens a record with the shares of enough auditors.
///
/// # Errors
/// [`OpenError`].
pub fn open(sealed: &Sealed<'_>, shares: &[&Share]) -> Result<Record, OpenError> {
    if shares.len() < threshold(sealed.auditors()) {
        return Err(OpenError::TooFew);
    }
    let ids: Vec<u16> = shares.iter().map(|share| share.place).collect();
    let mut secret = Zeroizing::new(Scalar::ZERO);
    for share in shares {
        let lambda = lagrange_at_zero(share.place, &ids).ok_or(OpenError::Key)?;
        *secret += lambda * *share.value;
    }
    let plain = sealed.decrypt(&secret).ok_or(OpenError::Key)?;
    Ok(Record::from_padded(&plain)?)
}

/// Why a sealed record cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not canonical bytes.
    #[error("the sealed record is damaged")]
    Bytes,
    /// Fewer auditors than needed.
    #[error("too few auditors")]
    TooFew,
    /// A key does not open it, or it was altered.
    #[error("a key does not open this record")]
    Key,
}

impl From<WireError> for OpenError {
    fn from(_: WireError) -> Self {
        Self::Bytes
    }
}

impl From<RecordError> for OpenError {
    fn from(_: RecordError) -> Self {
        Self::Bytes
    }
}
