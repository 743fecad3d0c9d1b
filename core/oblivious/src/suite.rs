//! Encapsulation (RFC 9458, section 4). Generic over the cipher only because the RFC's example uses
//! another one than this project; everything public is fixed to one suite.

use aead::{Aead as _, AeadCore, KeyInit, KeySizeUser, Nonce};
use hkdf::Hkdf;
use hpke::aead::Aead as Cipher;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeR, OpModeS, Serializable as _};
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The one cipher of this project.
pub(crate) type ChaCha = hpke::aead::ChaCha20Poly1305;

type Public = <X25519HkdfSha256 as Kem>::PublicKey;
pub(crate) type Private = <X25519HkdfSha256 as Kem>::PrivateKey;
type Encapped = <X25519HkdfSha256 as Kem>::EncappedKey;

/// Bytes of a public key.
pub const PUBLIC_BYTES: usize = 32;
/// The one key identifier: a node has one key in a manifest.
const KEY_ID: u8 = 1;
const KEM_ID: u16 = 0x0020;
const KDF_ID: u16 = 0x0001;
const HEADER: usize = 7;
const TAG: usize = 16;
/// Bytes of the nonce in front of an answer: the longer of key and nonce.
const ANSWER_NONCE: usize = 32;
/// What sealing adds to a question.
pub(crate) const QUESTION_EXTRA: usize = HEADER + PUBLIC_BYTES + TAG;
/// What sealing adds to an answer.
pub(crate) const ANSWER_EXTRA: usize = ANSWER_NONCE + TAG;

const QUESTION_LABEL: &[u8] = b"message/bhttp request";
const ANSWER_LABEL: &[u8] = b"message/bhttp response";

/// Why something sealed is refused, or cannot be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealedError {
    /// Bytes are missing.
    Truncated,
    /// Another key identifier or suite than the one of this project.
    Suite,
    /// Not a key that anything can be sealed to.
    Key,
    /// It was sealed to another key, or changed on the way.
    Cipher,
    /// The message inside is refused.
    Message(crate::MessageError),
}

impl core::fmt::Display for SealedError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "sealed message refused: {self:?}")
    }
}

impl core::error::Error for SealedError {}

impl From<crate::MessageError> for SealedError {
    fn from(e: crate::MessageError) -> Self {
        Self::Message(e)
    }
}

fn header(aead: u16) -> [u8; HEADER] {
    let [[a, b], [c, d], [e, f]] = [KEM_ID, KDF_ID, aead].map(u16::to_be_bytes);
    [KEY_ID, a, b, c, d, e, f]
}

fn info(header: &[u8; HEADER]) -> Vec<u8> {
    [QUESTION_LABEL, &[0], header].concat()
}

/// Key and nonce length of a cipher.
fn lengths<A: Cipher>() -> (usize, usize) {
    let key = <A::AeadImpl as KeySizeUser>::key_size();
    (key, Nonce::<A::AeadImpl>::default().len())
}

/// What both sides know of one exchange and nobody else does.
pub(crate) struct Shared {
    encapped: [u8; PUBLIC_BYTES],
    secret: Zeroizing<Vec<u8>>,
}

/// Seals a question to a public key.
pub(crate) fn seal_question<A: Cipher>(
    public: &[u8; PUBLIC_BYTES],
    message: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<(Vec<u8>, Shared), SealedError> {
    let public = Public::from_bytes(public).map_err(|_| SealedError::Key)?;
    let header = header(A::AEAD_ID);
    let (encapped, mut context) = hpke::setup_sender_with_rng::<A, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        &info(&header),
        rng,
    )
    .map_err(|_| SealedError::Key)?;
    let sealed = context
        .seal(message, b"")
        .map_err(|_| SealedError::Cipher)?;
    let mut secret = Zeroizing::new(vec![0; answer_nonce::<A>()]);
    context
        .export(ANSWER_LABEL, &mut secret)
        .map_err(|_| SealedError::Cipher)?;
    let encapped: [u8; PUBLIC_BYTES] = encapped.to_bytes().into();
    let bytes = [header.as_slice(), &encapped, &sealed].concat();
    Ok((bytes, Shared { encapped, secret }))
}

/// Opens a question; gives the message and what its answer is sealed under.
pub(crate) fn open_question<A: Cipher>(
    key: &Private,
    bytes: &[u8],
) -> Result<(Zeroizing<Vec<u8>>, Shared), SealedError> {
    let (found, rest) = bytes
        .split_first_chunk::<HEADER>()
        .ok_or(SealedError::Truncated)?;
    if *found != header(A::AEAD_ID) {
        return Err(SealedError::Suite);
    }
    let (encapped, sealed) = rest
        .split_first_chunk::<PUBLIC_BYTES>()
        .ok_or(SealedError::Truncated)?;
    if sealed.len() < TAG {
        return Err(SealedError::Truncated);
    }
    let point = Encapped::from_bytes(encapped).map_err(|_| SealedError::Key)?;
    let mut context = hpke::setup_receiver::<A, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        key,
        &point,
        &info(found),
    )
    .map_err(|_| SealedError::Key)?;
    let message = context.open(sealed, b"").map_err(|_| SealedError::Cipher)?;
    let mut secret = Zeroizing::new(vec![0; answer_nonce::<A>()]);
    context
        .export(ANSWER_LABEL, &mut secret)
        .map_err(|_| SealedError::Cipher)?;
    let encapped = *encapped;
    Ok((Zeroizing::new(message), Shared { encapped, secret }))
}

fn answer_nonce<A: Cipher>() -> usize {
    let (key, nonce) = lengths::<A>();
    key.max(nonce)
}

/// Seals the answer with this nonce, which is drawn anew for each.
pub(crate) fn seal_answer<A: Cipher>(
    shared: &Shared,
    nonce: &[u8],
    message: &[u8],
) -> Result<Vec<u8>, SealedError> {
    let (cipher, inner) = answer_cipher::<A>(shared, nonce)?;
    let sealed = cipher.encrypt(&inner, message);
    let sealed = sealed.map_err(|_| SealedError::Cipher)?;
    Ok([nonce, &sealed].concat())
}

/// Opens the answer.
pub(crate) fn open_answer<A: Cipher>(
    shared: &Shared,
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealedError> {
    let split = bytes.split_at_checked(answer_nonce::<A>());
    let (nonce, sealed) = split.ok_or(SealedError::Truncated)?;
    if sealed.len() < TAG {
        return Err(SealedError::Truncated);
    }
    let (cipher, inner) = answer_cipher::<A>(shared, nonce)?;
    let message = cipher.decrypt(&inner, sealed);
    message.map(Zeroizing::new).map_err(|_| SealedError::Cipher)
}

/// Cipher and nonce of an answer: section 4.4.
fn answer_cipher<A: Cipher>(
    shared: &Shared,
    nonce: &[u8],
) -> Result<(A::AeadImpl, Nonce<A::AeadImpl>), SealedError>
where
    A::AeadImpl: KeyInit + AeadCore,
{
    let salt = [shared.encapped.as_slice(), nonce].concat();
    let hkdf = Hkdf::<Sha256>::new(Some(&salt), &shared.secret);
    let (key_length, _) = lengths::<A>();
    let mut key = Zeroizing::new(vec![0; key_length]);
    let mut inner = Nonce::<A::AeadImpl>::default();
    hkdf.expand(b"key", &mut key)
        .and_then(|()| hkdf.expand(b"nonce", &mut inner))
        .map_err(|_| SealedError::Cipher)?;
    let cipher = A::AeadImpl::new_from_slice(&key).map_err(|_| SealedError::Cipher)?;
    Ok((cipher, inner))
}

/// A fresh nonce of an answer.
pub(crate) fn fresh_nonce(rng: &mut impl CryptoRng) -> [u8; ANSWER_NONCE] {
    let mut nonce = [0; ANSWER_NONCE];
    rng.fill_bytes(&mut nonce);
    nonce
}

#[cfg(test)]
mod tests;
