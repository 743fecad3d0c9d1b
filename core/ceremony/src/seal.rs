//! Shares between two trustees under HPKE base mode (RFC 9180).

use crate::message::SealedShare;
use crypto::wire::{Wire as _, Writer};
use crypto::{Hash, Scalar};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

type Suite = X25519HkdfSha256;

/// 32 bytes of an X25519 public key.
pub type HpkePublic = [u8; 32];

/// An X25519 secret key; wiped on drop, never printed.
#[derive(Clone)]
pub struct HpkeSecret(Zeroizing<[u8; 32]>);

impl core::fmt::Debug for HpkeSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HpkeSecret(…)")
    }
}

impl HpkeSecret {
    /// A fresh key pair.
    pub fn generate<R: CryptoRng>(rng: &mut R) -> (Self, HpkePublic) {
        let (secret, public) = Suite::gen_keypair_with_rng(rng);
        (
            Self(Zeroizing::new(secret.to_bytes().into())),
            public.to_bytes().into(),
        )
    }
    /// From 32 stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
    /// The public half; none for bytes that are no key.
    #[must_use]
    pub fn public(&self) -> Option<HpkePublic> {
        let key = <Suite as hpke::Kem>::PrivateKey::from_bytes(self.expose()).ok()?;
        Some(Suite::sk_to_pk(&key).to_bytes().into())
    }
    /// The 32 secret bytes, for a sealed key file.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Binds a sealed share to ceremony, dealer and receiver.
fn info(setup: &Hash, from: u16, to: u16) -> Vec<u8> {
    let mut w = Writer::new();
    w.text("irefuda/v2/ceremony-share");
    setup.write(&mut w);
    w.u16(from);
    w.u16(to);
    w.finish()
}

/// Seals `share` from `from` to `to`.
pub(crate) fn seal<R: CryptoRng>(
    setup: &Hash,
    from: u16,
    to: u16,
    key: &HpkePublic,
    share: &Scalar,
    rng: &mut R,
) -> Option<SealedShare> {
    let key = <Suite as hpke::Kem>::PublicKey::from_bytes(key).ok()?;
    let (encapsulated, sealed) =
        hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Suite>(
            &OpModeS::Base,
            &key,
            &info(setup, from, to),
            share.as_bytes(),
            b"",
            rng,
        )
        .ok()?;
    Some(SealedShare {
        to,
        encapsulated: encapsulated.to_bytes().into(),
        sealed: sealed.try_into().ok()?,
    })
}

/// Opens a share; `None` when it does not open or is not a canonical scalar.
pub fn open(
    setup: &Hash,
    from: u16,
    key: &HpkeSecret,
    share: &SealedShare,
) -> Option<Zeroizing<Scalar>> {
    let key = <Suite as hpke::Kem>::PrivateKey::from_bytes(key.expose()).ok()?;
    let encapsulated = <Suite as hpke::Kem>::EncappedKey::from_bytes(&share.encapsulated).ok()?;
    let plain = Zeroizing::new(
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
            &OpModeR::Base,
            &key,
            &encapsulated,
            &info(setup, from, share.to),
            &share.sealed,
            b"",
        )
        .ok()?,
    );
    let bytes: [u8; 32] = plain.as_slice().try_into().ok()?;
    Option::from(Scalar::from_canonical_bytes(bytes)).map(Zeroizing::new)
}

#[cfg(test)]
mod tests;
