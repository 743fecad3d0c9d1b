//! The 券面 record, EF 0002: photo and printed items, signed by the municipality.

use sha2_10::{Digest as _, Sha256};

use crate::JpkiError;
use crate::cv;
use crate::key::PublicKey;
use crate::tlv::{Element, take};
use crate::trust::TrustStore;

/// `SEQUENCE { SEQUENCE { sha256, NULL }, OCTET STRING (96) }` up to the 96 bytes.
const PREFIX_96: [u8; 19] = [
    0x30, 0x71, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x60,
];
const FIELDS: [u8; 9] = [0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A];

/// A record taken apart. Nothing in it is believed before [`SurfaceRecord::verify`].
pub struct SurfaceRecord<'a> {
    wholes: [&'a [u8]; 9],
    values: [&'a [u8]; 9],
}

impl core::fmt::Debug for SurfaceRecord<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SurfaceRecord(..)")
    }
}

/// The signed part of a record.
pub struct VerifiedSurface<'a> {
    photo: &'a [u8],
    key: PublicKey,
}

impl core::fmt::Debug for VerifiedSurface<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("VerifiedSurface(..)")
    }
}

impl<'a> SurfaceRecord<'a> {
    /// Takes a record apart.
    ///
    /// # Errors
    /// [`JpkiError::SurfaceEncoding`] or [`JpkiError::SurfaceOffsets`].
    pub fn parse(record: &'a [u8]) -> Result<Self, JpkiError> {
        let wrong = JpkiError::SurfaceEncoding;
        let outer = take(record, &[0xFF, 0x20])
            .filter(|e| e.rest.is_empty())
            .ok_or(wrong)?;
        let table = take(outer.value, &[0xDF, 0x21]).ok_or(wrong)?;
        let mut rest = table.rest;
        let (mut wholes, mut values) = ([&record[..0]; 9], [&record[..0]; 9]);
        let mut offsets = Vec::new();
        let slots = wholes.iter_mut().zip(values.iter_mut());
        for (tag, (whole, value)) in FIELDS.into_iter().zip(slots) {
            let at = record.len() - rest.len();
            offsets.extend(u16::try_from(at).map_err(|_| wrong)?.to_be_bytes());
            let Element {
                value: v,
                whole: w,
                rest: r,
            } = take(rest, &[0xDF, tag]).ok_or(wrong)?;
            (*whole, *value, rest) = (w, v, r);
        }
        if !rest.is_empty() {
            return Err(wrong);
        }
        if table.value != offsets {
            return Err(JpkiError::SurfaceOffsets);
        }
        Ok(Self { wholes, values })
    }

    /// Checks the municipality's certificate (EF 0004) under a pinned root and its signature over
    /// the three groups of fields. Only then may the photo be decoded.
    ///
    /// # Errors
    /// The first rule broken.
    pub fn verify(
        &self,
        municipality: &[u8],
        trust: &TrustStore,
    ) -> Result<VerifiedSurface<'a>, JpkiError> {
        let signer = cv::municipality(municipality, trust)?;
        let [birth, sex, key, name, address, photo, _, _, _] = self.wholes;
        let [_, _, key_value, _, _, photo_value, signature, _, _] = self.values;
        let groups: [&[&[u8]]; 3] = [&[birth, sex, key], &[name, address], &[photo]];
        let digests = groups.iter().flat_map(|group| {
            group
                .iter()
                .fold(Sha256::new(), |hash, part| hash.chain_update(part))
                .finalize()
        });
        let content: Vec<u8> = PREFIX_96.into_iter().chain(digests).collect();
        if !signer.verifies_block(&content, signature) {
            return Err(JpkiError::SurfaceSignature);
        }
        let key = cv::public_key(key_value).ok_or(JpkiError::SurfaceEncoding)?;
        Ok(VerifiedSurface {
            photo: photo_value,
            key,
        })
    }
}

impl<'a> VerifiedSurface<'a> {
    /// The JPEG 2000 file.
    #[must_use]
    pub fn photo(&self) -> &'a [u8] {
        self.photo
    }

    /// Checks that the card that holds this record is present: its key signed a fresh nonce.
    ///
    /// # Errors
    /// [`JpkiError::SurfaceNonce`].
    pub fn check_nonce(&self, nonce: &[u8], signature: &[u8]) -> Result<(), JpkiError> {
        if self.key.verifies(nonce, signature) {
            Ok(())
        } else {
            Err(JpkiError::SurfaceNonce)
        }
    }
}

#[cfg(test)]
mod tests;
