//! What keeps a voter's requests to nodes from naming the voter: the bucket of voting keys that a
//! look-up asks for (rule R1.16) and the relays that pass it on (R1.17).

use super::content::differ;
use super::{Manifest, ManifestError};
use crate::text::Text;
use crypto::wire::{Reader, Wire, WireError, Writer};

/// Fewest expected voters in one bucket.
pub const MIN_BUCKET: u32 = 16_384;
/// Fewest expected voters in one bucket of a practice election.
pub const MIN_PRACTICE_BUCKET: u32 = 4;
/// Most bits of a voting key that a look-up shows.
pub const MAX_BUCKET_BITS: u8 = 16;

/// A body that passes sealed requests on to the validators: it sees who asks, not what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Name.
    pub name: Text,
    /// `https://host:port`.
    pub origin: String,
    /// SHA-256 of the TLS public key (SPKI).
    pub spki: [u8; 32],
}

impl Wire for Relay {
    fn write(&self, w: &mut Writer) {
        self.name.write(w);
        w.text(&self.origin);
        w.raw(&self.spki);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            name: Text::read(r)?,
            origin: r.text(256)?,
            spki: r.array()?,
        })
    }
}

/// The origin of an address: without what follows the host and port.
fn origin(address: &str) -> &str {
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address.get(host..).and_then(|rest| rest.find('/'));
    end.map_or(address, |at| address.get(..host + at).unwrap_or(address))
}

/// Rule R1.16: 0, or few enough bits that a bucket holds a crowd.
pub(super) fn check_bucket(m: &Manifest) -> Result<(), ManifestError> {
    let least = if m.practice {
        MIN_PRACTICE_BUCKET
    } else {
        MIN_BUCKET
    };
    let crowd = m.eligibility.expected.checked_shr(m.bucket_bits.into());
    let hides = m.bucket_bits <= MAX_BUCKET_BITS && crowd.is_some_and(|n| n >= least);
    if m.bucket_bits == 0 || hides {
        Ok(())
    } else {
        Err(ManifestError::Bucket)
    }
}

/// Rule R1.17: a relay is a body of its own.
pub(super) fn check_relays(m: &Manifest) -> Result<(), ManifestError> {
    let taken = |relay: &Relay| {
        let here = origin(&relay.origin);
        let registrar = m.registrars.iter().map(|r| (&r.origin, &r.spki));
        let mut bodies = registrar.chain(m.validators.iter().map(|v| (&v.origin, &v.spki)));
        bodies.any(|(address, spki)| origin(address) == here || *spki == relay.spki)
            || origin(&m.portal) == here
    };
    let apart = differ(m.relays.iter().map(|r| origin(&r.origin)))
        && differ(m.relays.iter().map(|r| r.spki));
    if apart && !m.relays.iter().any(taken) {
        Ok(())
    } else {
        Err(ManifestError::Relays)
    }
}

#[cfg(test)]
mod tests;
