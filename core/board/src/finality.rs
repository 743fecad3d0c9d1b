//! Finality certificates: what at least n − f validators signed about one header (spec 06 §3).
//!
//! A decoder of its own for the engine's `Finalization`, so that receipts and records are checked
//! without the engine, also in a browser. One byte string per certificate: canonical varints, no
//! set bit beyond the committee, no trailing bytes. Every signature present is checked.

use crate::network::tolerated;
use crate::rules;
use crypto::Rule;
use ed25519_dalek::{Signature, VerifyingKey};

/// Why a certificate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinalityError {
    /// Rule R6.20: not the one encoding of a certificate.
    Bytes,
    /// Rule R6.21: made for another number of validators.
    Committee,
    /// Rule R6.22: names another header.
    Header,
    /// Rule R6.23: fewer than n − f signatures.
    TooFew,
    /// Rule R6.24: a signature does not verify.
    Signature,
    /// Rule R6.25: made by a set of validators whose block this is not.
    Epoch,
}

impl FinalityError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Bytes => rules::CERTIFICATE_BYTES,
            Self::Committee => rules::CERTIFICATE_COMMITTEE,
            Self::Header => rules::CERTIFICATE_HEADER,
            Self::TooFew => rules::CERTIFICATE_TOO_FEW,
            Self::Signature => rules::CERTIFICATE_SIGNATURE,
            Self::Epoch => rules::CERTIFICATE_EPOCH,
        }
    }
}

impl core::fmt::Display for FinalityError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "finality certificate refused: {self:?} ({})",
            self.rule()
        )
    }
}

impl std::error::Error for FinalityError {}

/// Longest certificate: three varints, digest, bitmap, count and 32 signatures.
pub const MAX_BYTES: usize = 4096;

/// A decoded certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalityCertificate {
    /// Engine's epoch.
    pub epoch: u64,
    /// Engine's view.
    pub view: u64,
    /// View of the parent proposal.
    pub parent_view: u64,
    /// Digest of the header.
    pub payload: [u8; 32],
    /// How many validators the committee has.
    pub committee: u64,
    /// (index in the committee, signature), increasing.
    pub signatures: Vec<(usize, [u8; 64])>,
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], FinalityError> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(FinalityError::Bytes)?;
        self.0 = tail;
        Ok(head)
    }
    fn array<const N: usize>(&mut self) -> Result<[u8; N], FinalityError> {
        self.take(N)?.try_into().map_err(|_| FinalityError::Bytes)
    }
    /// LEB128 without a redundant last byte.
    fn varint(&mut self) -> Result<u64, FinalityError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array::<1>()?;
            let bits = u64::from(byte & 0x7f);
            if (shift > 0 && byte == 0) || (shift == 63 && byte > 1) {
                return Err(FinalityError::Bytes);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(FinalityError::Bytes)
    }
}

fn put_varint(mut v: u64, out: &mut Vec<u8>) {
    while v >= 0x80 {
        out.push(u8::try_from(v & 0x7f).unwrap_or(0) | 0x80);
        v >>= 7;
    }
    out.push(u8::try_from(v).unwrap_or(0));
}

/// The bytes a validator signs for any vote: the namespace behind its length, then the vote.
#[must_use]
pub fn framed(namespace: &[u8], vote: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(namespace.len() + vote.len() + 4);
    let length = u64::try_from(namespace.len()).unwrap_or(u64::MAX);
    put_varint(length, &mut out);
    out.extend_from_slice(namespace);
    out.extend_from_slice(vote);
    out
}

/// The bytes validators sign to finalise a proposal: the namespace is `…_FINALIZE`.
#[must_use]
pub fn signed_bytes(namespace: &[u8], proposal: &[u8]) -> Vec<u8> {
    framed(&[namespace, b"_FINALIZE"].concat(), proposal)
}

/// A validator's key as rule R6.24 takes it: the canonical encoding of a point whose order is not
/// small.
#[must_use]
pub fn engine_key(bytes: &[u8; 32]) -> Option<VerifyingKey> {
    let key = VerifyingKey::from_bytes(bytes).ok()?;
    // The decoder of keys takes y ≥ p too; the point writes itself as the canonical bytes.
    let canonical = key.to_edwards().compress().to_bytes() == *bytes;
    (canonical && !key.is_weak()).then_some(key)
}

/// Rule R6.24 for one signature over `message` (with its namespace, see [`framed`]): canonical key
/// and R, neither of small order, s below the group order, and the equation without the cofactor.
/// Everything that counts signatures of validators asks here, the engine's scheme too. A program
/// with a weaker rule would keep certificates that nobody else takes.
#[must_use]
pub fn signature_holds(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    engine_key(key).is_some_and(|key| {
        key.verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    })
}

impl FinalityCertificate {
    /// Rule R6.20.
    ///
    /// # Errors
    /// [`FinalityError::Bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FinalityError> {
        let mut c = Cursor(bytes);
        let (epoch, view, parent_view) = (c.varint()?, c.varint()?, c.varint()?);
        let payload = c.array()?;
        let committee = u64::from_be_bytes(c.array()?);
        let n = usize::try_from(committee).map_err(|_| FinalityError::Bytes)?;
        if n > crate::network::MAX_VALIDATORS {
            return Err(FinalityError::Bytes);
        }
        let bitmap = c.take(n.div_ceil(8))?;
        let bit = |i: usize| bitmap.get(i / 8).is_some_and(|b| (b >> (i % 8)) & 1 == 1);
        if (n..n.div_ceil(8) * 8).any(bit) {
            return Err(FinalityError::Bytes);
        }
        let signers: Vec<usize> = (0..n).filter(|i| bit(*i)).collect();
        let count = c.varint()?;
        if signers.is_empty() || u64::try_from(signers.len()) != Ok(count) {
            return Err(FinalityError::Bytes);
        }
        let signatures = signers
            .into_iter()
            .map(|i| Ok((i, c.array()?)))
            .collect::<Result<_, FinalityError>>()?;
        if !c.0.is_empty() {
            return Err(FinalityError::Bytes);
        }
        Ok(Self {
            epoch,
            view,
            parent_view,
            payload,
            committee,
            signatures,
        })
    }
    /// The proposal part: what is signed behind the namespace.
    #[must_use]
    pub fn proposal(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(48);
        put_varint(self.epoch, &mut out);
        put_varint(self.view, &mut out);
        put_varint(self.parent_view, &mut out);
        out.extend_from_slice(&self.payload);
        out
    }
    /// The one encoding.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.proposal();
        out.extend_from_slice(&self.committee.to_be_bytes());
        let n = usize::try_from(self.committee).unwrap_or(0);
        let mut bitmap = vec![0u8; n.div_ceil(8)];
        for (i, _) in &self.signatures {
            if let Some(b) = bitmap.get_mut(i / 8) {
                *b |= 1 << (i % 8);
            }
        }
        out.extend_from_slice(&bitmap);
        put_varint(
            u64::try_from(self.signatures.len()).unwrap_or(u64::MAX),
            &mut out,
        );
        for (_, s) in &self.signatures {
            out.extend_from_slice(s);
        }
        out
    }
    /// Rules R6.21–R6.24: n − f validators of `committee` signed the header with this digest.
    ///
    /// # Errors
    /// [`FinalityError`].
    pub fn verify(
        &self,
        committee: &[[u8; 32]],
        namespace: &[u8],
        header: &[u8; 32],
    ) -> Result<(), FinalityError> {
        if u64::try_from(committee.len()) != Ok(self.committee) {
            return Err(FinalityError::Committee);
        }
        if self.payload != *header {
            return Err(FinalityError::Header);
        }
        if self.signatures.len() < committee.len() - tolerated(committee.len()) {
            return Err(FinalityError::TooFew);
        }
        let message = signed_bytes(namespace, &self.proposal());
        for (i, signature) in &self.signatures {
            let key = committee.get(*i).ok_or(FinalityError::Committee)?;
            if !signature_holds(key, &message, signature) {
                return Err(FinalityError::Signature);
            }
        }
        Ok(())
    }
    /// The certificate without the signatures that rule R6.24 refuses, and whose those were. One
    /// bad signature must not make good ones useless: what is kept or handed out passes here first.
    #[must_use]
    pub fn strict_part(mut self, committee: &[[u8; 32]], namespace: &[u8]) -> (Self, Vec<usize>) {
        let message = signed_bytes(namespace, &self.proposal());
        let mut bad = Vec::new();
        self.signatures.retain(|(i, signature)| {
            let key = committee.get(*i);
            let holds = key.is_some_and(|key| signature_holds(key, &message, signature));
            if !holds {
                bad.push(*i);
            }
            holds
        });
        (self, bad)
    }
}

#[cfg(test)]
mod tests;
