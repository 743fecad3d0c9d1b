//! Evidence: the encrypted proof for auditors that a card asked for a credential.
//!
//! Every record is padded to one length and encrypted under a fresh key; the key is shared among
//! the auditors so that a majority of them (2 of 3) can open a record and one cannot.

mod record;
mod tree;

pub use record::{Record, RecordError};
pub use tree::root;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use crypto::sharing::{Polynomial, lagrange_at_zero};
use crypto::wire::{Reader, WireError, Writer};
use crypto::{Hash, Scalar};
use hpke::aead::ChaCha20Poly1305 as HpkeAead;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeR, OpModeS, Serializable as _};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

const INFO: &[u8] = b"irefuda/v2/evidence-share";
const TYPE_SEALED: u8 = 0x71;
const MAX_AUDITORS: usize = 16;

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type Encapped = <X25519HkdfSha256 as Kem>::EncappedKey;

/// How many of `n` auditors must work together: a majority.
#[must_use]
pub fn threshold(n: usize) -> usize {
    n / 2 + 1
}

/// Encrypts a record for the auditors. The result has one length for a given number of auditors.
///
/// # Errors
/// [`SealError`] without auditors, for a broken auditor key or an oversized record.
pub fn seal<R: CryptoRng>(
    record: &Record,
    auditors: &[[u8; 32]],
    rng: &mut R,
) -> Result<Vec<u8>, SealError> {
    if auditors.is_empty() || auditors.len() > MAX_AUDITORS {
        return Err(SealError::Auditors);
    }
    let polynomial = Polynomial::random(threshold(auditors.len()), rng);
    let mut w = Writer::top(TYPE_SEALED);
    w.u8(u8::try_from(auditors.len()).map_err(|_| SealError::Auditors)?);
    for (auditor, id) in auditors.iter().zip(1u16..) {
        let key = PublicKey::from_bytes(auditor).map_err(|_| SealError::Auditors)?;
        let share = Zeroizing::new(polynomial.evaluate(id).to_bytes());
        let (encapped, sealed) =
            hpke::single_shot_seal_with_rng::<HpkeAead, HkdfSha256, X25519HkdfSha256>(
                &OpModeS::Base,
                &key,
                INFO,
                share.as_ref(),
                &id.to_le_bytes(),
                rng,
            )
            .map_err(|_| SealError::Auditors)?;
        w.raw(&encapped.to_bytes());
        w.raw(&sealed);
    }
    let plain = Zeroizing::new(record.padded()?);
    let key = content_key(&polynomial.constant());
    let mut out = w.finish();
    let sealed = ChaCha20Poly1305::new(Key::from_slice(key.as_ref()))
        .encrypt(
            &Nonce::default(),
            Payload {
                msg: &plain,
                aad: &out,
            },
        )
        .map_err(|_| SealError::Record)?;
    let mut w = Writer::new();
    w.bytes(&sealed);
    out.extend(w.finish());
    Ok(out)
}

/// Seals a record about nobody, so that a registrar whose auditors' keys cannot be used stops when
/// it starts and not in front of the first voter.
///
/// # Errors
/// [`SealError`] as [`seal`].
pub fn seals_to<R: CryptoRng>(auditors: &[[u8; 32]], rng: &mut R) -> Result<(), SealError> {
    let nobody = Record {
        election: Hash::ZERO,
        kind: String::new(),
        channel: String::new(),
        day: 0,
        certificate: Vec::new(),
        auth_text: Vec::new(),
        card_signature: Vec::new(),
        face: String::new(),
        face_reason: String::new(),
        request: Vec::new(),
        request_signature: Vec::new(),
    };
    seal(&nobody, auditors, rng).map(drop)
}

/// Opens an evidence record with the private keys of enough auditors, each with its place
/// (counted from 1) in the manifest's list.
///
/// # Errors
/// [`OpenError`].
pub fn open(sealed: &[u8], auditors: &[(u16, [u8; 32])]) -> Result<Record, OpenError> {
    let mut r = Reader::top(sealed, TYPE_SEALED)?;
    let n = usize::from(r.u8()?);
    let mut shares: Vec<(u16, Zeroizing<Scalar>)> = Vec::new();
    for id in (1u16..).take(n) {
        let encapped: [u8; 32] = r.array()?;
        let share = r.raw(48)?;
        let Some((_, key)) = auditors.iter().find(|(place, _)| *place == id) else {
            continue;
        };
        let key = PrivateKey::from_bytes(key).map_err(|_| OpenError::Key)?;
        let encapped = Encapped::from_bytes(&encapped).map_err(|_| OpenError::Key)?;
        let share = hpke::single_shot_open::<HpkeAead, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &key,
            &encapped,
            INFO,
            share,
            &id.to_le_bytes(),
        )
        .map_err(|_| OpenError::Key)?;
        let share: [u8; 32] = share.try_into().map_err(|_| OpenError::Key)?;
        let scalar = Option::from(Scalar::from_canonical_bytes(share)).ok_or(OpenError::Key)?;
        shares.push((id, Zeroizing::new(scalar)));
    }
    if shares.len() < threshold(n) {
        return Err(OpenError::TooFew);
    }
    let head = sealed.len().saturating_sub(r.left());
    let aad = sealed.get(..head).ok_or(OpenError::Key)?;
    let content = r.bytes(8192)?;
    r.end()?;
    let ids: Vec<u16> = shares.iter().map(|(id, _)| *id).collect();
    let mut secret = Scalar::ZERO;
    for (id, share) in &shares {
        secret += lagrange_at_zero(*id, &ids).ok_or(OpenError::Key)? * **share;
    }
    let key = content_key(&secret);
    let plain = ChaCha20Poly1305::new(Key::from_slice(key.as_ref()))
        .decrypt(&Nonce::default(), Payload { msg: content, aad })
        .map_err(|_| OpenError::Key)?;
    Ok(Record::from_padded(&Zeroizing::new(plain))?)
}

/// The key is used once, so the nonce may be zero.
fn content_key(secret: &Scalar) -> Zeroizing<[u8; 32]> {
    let wide = Zeroizing::new(crypto::hash::hash("evidence-key", &[secret.as_bytes()]).0);
    let mut key = Zeroizing::new([0; 32]);
    for (to, from) in key.iter_mut().zip(wide.iter()) {
        *to = *from;
    }
    key
}

/// Why a record cannot be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The manifest names no auditors, too many, or a broken key.
    #[error("the auditors' keys cannot be used")]
    Auditors,
    /// The record is longer than every record is padded to.
    #[error("the evidence record is too long")]
    Record,
}

impl From<RecordError> for SealError {
    fn from(_: RecordError) -> Self {
        Self::Record
    }
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

#[cfg(test)]
mod tests;
