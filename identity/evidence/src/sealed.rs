//! A record under a fresh key, and the key's shares for the auditors.

use crate::record::{PADDED, Record, RecordError};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use crypto::sharing::Polynomial;
use crypto::wire::{Reader, WireError, Writer};
use crypto::{Hash, Scalar};
use hpke::aead::ChaCha20Poly1305 as HpkeAead;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeS, Serializable as _};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

pub(crate) const INFO: &[u8] = b"irefuda/v2/evidence-share";
const TYPE_SEALED: u8 = 0x71;
const MAX_AUDITORS: usize = 16;
/// A padded record and its authentication tag.
const CONTENT: usize = PADDED + 16;

pub(crate) type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;

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
        window: 0,
        request: Vec::new(),
        heard: Vec::new(),
        request_signature: Vec::new(),
    };
    seal(&nobody, auditors, rng).map(drop)
}

/// The parts of a sealed record.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'a> {
    /// Version, type, number of auditors and their boxes.
    pub(crate) head: &'a [u8],
    /// For each auditor an encapsulated key and a sealed share.
    pub(crate) boxes: &'a [u8],
    /// The encrypted record.
    pub(crate) content: &'a [u8],
}

/// Bytes of one auditor's box.
pub(crate) const BOX: usize = 32 + 48;

impl<'a> Sealed<'a> {
    /// Reads a sealed record.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn read(bytes: &'a [u8]) -> Result<Self, WireError> {
        let mut r = Reader::top(bytes, TYPE_SEALED)?;
        let n = usize::from(r.u8()?);
        if n == 0 || n > MAX_AUDITORS {
            return Err(WireError::Range);
        }
        let boxes = r.raw(n.saturating_mul(BOX))?;
        let head = bytes.len().saturating_sub(r.left());
        let content = r.bytes(CONTENT)?;
        r.end()?;
        let head = bytes.get(..head).ok_or(WireError::Truncated)?;
        Ok(Self {
            head,
            boxes,
            content,
        })
    }
    /// How many auditors it is sealed to.
    #[must_use]
    pub fn auditors(&self) -> usize {
        self.boxes.len() / BOX
    }
    /// Decrypts the record with the secret that the shares give.
    pub(crate) fn decrypt(&self, secret: &Scalar) -> Option<Zeroizing<Vec<u8>>> {
        let key = content_key(secret);
        let payload = Payload {
            msg: self.content,
            aad: self.head,
        };
        let cipher = ChaCha20Poly1305::new(Key::from_slice(key.as_ref()));
        let plain = cipher.decrypt(&Nonce::default(), payload).ok()?;
        Some(Zeroizing::new(plain))
    }
}

/// The leaf hash of a sealed record: what the board has of it.
#[must_use]
pub fn leaf(election: &Hash, registrar: u16, day: u32, sealed: &[u8]) -> [u8; 32] {
    let (registrar, day) = (registrar.to_le_bytes(), day.to_le_bytes());
    let fields = [election.as_bytes().as_slice(), &registrar, &day, sealed];
    half(&crypto::hash::hash("evidence-leaf", &fields))
}

fn half(hash: &Hash) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    out
}

/// The key is used once, so the nonce may be zero.
pub(crate) fn content_key(secret: &Scalar) -> Zeroizing<[u8; 32]> {
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
