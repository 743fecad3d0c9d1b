//! The signatures of two officers under one order.

use crypto::schnorr::Signature;
use crypto::wire::{Reader, Wire as _, WireError, Writer};

/// (Index of the officer in the manifest, signature), indices increasing.
pub type OfficerSignatures = [(u16, Signature); 2];

pub(super) fn write_pair(w: &mut Writer, signatures: &OfficerSignatures) {
    for (officer, signature) in signatures {
        w.u16(*officer);
        signature.write(w);
    }
}

pub(super) fn read_pair(r: &mut Reader<'_>) -> Result<OfficerSignatures, WireError> {
    let first = (r.u16()?, Signature::read(r)?);
    let second = (r.u16()?, Signature::read(r)?);
    Ok([first, second])
}
