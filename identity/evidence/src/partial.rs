//! A partial opening: one auditor's shares of many records, sealed to the auditor who reads them.

use crate::opening::{AuditorKey, Share};
use crate::sealed::PublicKey;
use crypto::Hash;
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use hpke::aead::ChaCha20Poly1305 as HpkeAead;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, OpModeS, Serializable as _};
use rand_core::CryptoRng;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

const INFO: &[u8] = b"irefuda/v2/evidence-partial";
/// Most records in one file: 512 parts of 8,000 leaves.
const MAX_LEAVES: usize = 4_096_000;
/// A byte that says whether there is a share, and the share.
const ROW: usize = 33;

/// One auditor's part of the opening of one registrar's records. Sealed: whoever carries it learns
/// nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Partial {
    /// The election.
    pub election: Hash,
    /// Whose records, index in the manifest.
    pub registrar: u16,
    /// Whose shares, place in the manifest's list of auditors, from 1.
    pub from: u16,
    /// Who can read them.
    pub to: u16,
    /// Which records, by leaf hash, increasing.
    pub leaves: Vec<[u8; 32]>,
    sealed: Vec<u8>,
}

impl core::fmt::Debug for Partial {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Partial(of auditor {} for {})", self.from, self.to)
    }
}

impl Partial {
    /// Seals shares to the auditor at place `to` with this public key; `None` stands for a record
    /// in which nothing was sealed to the own key.
    ///
    /// # Errors
    /// [`PartialError::Key`] when the other auditor's key cannot be used.
    pub fn seal<R: CryptoRng>(
        (election, registrar): (Hash, u16),
        (from, to): (u16, u16),
        reader: &[u8; 32],
        shares: &BTreeMap<[u8; 32], Option<Share>>,
        rng: &mut R,
    ) -> Result<Self, PartialError> {
        let mut partial = Self {
            election,
            registrar,
            from,
            to,
            leaves: shares.keys().copied().collect(),
            sealed: Vec::new(),
        };
        let mut rows = Zeroizing::new(Vec::with_capacity(shares.len().saturating_mul(ROW)));
        for share in shares.values() {
            rows.push(u8::from(share.is_some()));
            match share {
                Some(share) => rows.extend_from_slice(share.bytes().as_slice()),
                None => rows.extend_from_slice(&[0; 32]),
            }
        }
        let key = PublicKey::from_bytes(reader).map_err(|_| PartialError::Key)?;
        let (encapped, sealed) = hpke::single_shot_seal_with_rng::<
            HpkeAead,
            HkdfSha256,
            X25519HkdfSha256,
        >(&OpModeS::Base, &key, INFO, &rows, &partial.head(), rng)
        .map_err(|_| PartialError::Key)?;
        partial.sealed = [encapped.to_bytes().as_slice(), &sealed].concat();
        Ok(partial)
    }
    /// The shares, opened by the auditor they were sealed to.
    ///
    /// # Errors
    /// [`PartialError::Key`] when they were not sealed to this key or were altered.
    pub fn open(
        &self,
        key: &AuditorKey,
    ) -> Result<BTreeMap<[u8; 32], Option<Share>>, PartialError> {
        let rows = key
            .unseal(&self.sealed, INFO, &self.head())
            .ok_or(PartialError::Key)?;
        if rows.len() != self.leaves.len().saturating_mul(ROW) {
            return Err(PartialError::Bytes);
        }
        let read = |(leaf, row): (&[u8; 32], &[u8])| {
            let (flag, share) = row.split_first_chunk::<1>().ok_or(PartialError::Bytes)?;
            let share: &[u8; 32] = share.try_into().map_err(|_| PartialError::Bytes)?;
            let share = match flag {
                [0] => None,
                [1] => Some(Share::from_bytes(self.from, share).ok_or(PartialError::Bytes)?),
                _ => return Err(PartialError::Bytes),
            };
            Ok((*leaf, share))
        };
        self.leaves.iter().zip(rows.chunks(ROW)).map(read).collect()
    }
    /// What the seal is bound to: everything readable.
    fn head(&self) -> Vec<u8> {
        let mut w = Writer::top(Self::TYPE);
        self.write_head(&mut w);
        w.finish()
    }
    fn write_head(&self, w: &mut Writer) {
        self.election.write(w);
        w.u16(self.registrar);
        w.u16(self.from);
        w.u16(self.to);
        w.u32(u32::try_from(self.leaves.len()).unwrap_or(u32::MAX));
        for leaf in &self.leaves {
            w.raw(leaf);
        }
    }
}

impl Wire for Partial {
    fn write(&self, w: &mut Writer) {
        self.write_head(w);
        w.bytes(&self.sealed);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let (election, registrar) = (Hash::read(r)?, r.u16()?);
        let (from, to) = (r.u16()?, r.u16()?);
        let n = r.count(MAX_LEAVES)?;
        let leaves: Vec<[u8; 32]> = (0..n).map(|_| r.array()).collect::<Result<_, _>>()?;
        if !leaves.is_sorted_by(|a, b| a < b) {
            return Err(WireError::Range);
        }
        let sealed = r.bytes(n.saturating_mul(ROW).saturating_add(48))?.to_vec();
        Ok(Self {
            election,
            registrar,
            from,
            to,
            leaves,
            sealed,
        })
    }
}

impl TopLevel for Partial {
    const TYPE: u8 = 0x72;
}

/// Why a partial opening cannot be made or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartialError {
    /// Not sealed to this key, or altered.
    #[error("the partial opening is not for this key, or was altered")]
    Key,
    /// Its content is not what a partial opening holds.
    #[error("the partial opening is damaged")]
    Bytes,
}
