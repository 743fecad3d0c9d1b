//! The only two texts the card ever signs (protocol §4, conventions D7).
//!
//! Canonical bytes begin with version, type and a DST of their own; the card signs SHA-256 of them
//! inside a PKCS#1 `DigestInfo`.

use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Hash, Point};
use sha2::{Digest as _, Sha256};

/// DST of an authentication text.
pub const AUTH_DST: &str = "irefuda/v2/card-auth";
/// DST of a credential text.
pub const CREDENTIAL_DST: &str = "irefuda/v2/card-credential";

const DIGEST_INFO_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// H of a registrar's origin as it is in the manifest.
#[must_use]
pub fn origin_hash(origin: &str) -> Hash {
    crypto::hash::hash("origin", &[origin.as_bytes()])
}

/// What proves presence of the card to one registrar, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthText {
    /// The election.
    pub election: Hash,
    /// [`origin_hash`] of the registrar.
    pub origin: Hash,
    /// The registrar's single-use nonce.
    pub nonce: [u8; 32],
    /// The booth's session key e.
    pub session_key: Point,
    /// Last day (days since 1970-01-01, UTC) on which the text may be used.
    pub expiry_day: u32,
}

impl Wire for AuthText {
    fn write(&self, w: &mut Writer) {
        w.text(AUTH_DST);
        self.election.write(w);
        self.origin.write(w);
        w.raw(&self.nonce);
        self.session_key.write(w);
        w.u32(self.expiry_day);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        if r.text(64)? != AUTH_DST {
            return Err(WireError::Text);
        }
        Ok(Self {
            election: Hash::read(r)?,
            origin: Hash::read(r)?,
            nonce: r.array()?,
            session_key: Point::read(r)?,
            expiry_day: r.u32()?,
        })
    }
}

impl TopLevel for AuthText {
    const TYPE: u8 = 3;
}

/// What the voting secret is derived from; its signature never leaves the booth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialText {
    /// The election.
    pub election: Hash,
}

impl Wire for CredentialText {
    fn write(&self, w: &mut Writer) {
        w.text(CREDENTIAL_DST);
        self.election.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        if r.text(64)? != CREDENTIAL_DST {
            return Err(WireError::Text);
        }
        Ok(Self {
            election: Hash::read(r)?,
        })
    }
}

impl TopLevel for CredentialText {
    const TYPE: u8 = 4;
}

/// A text the card layer agrees to have signed; there is no other way to make one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a handful exist at a time")]
pub enum CardText {
    /// Authentication.
    Auth(AuthText),
    /// Credential.
    Credential(CredentialText),
}

impl CardText {
    /// Canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Auth(t) => t.to_bytes(),
            Self::Credential(t) => t.to_bytes(),
        }
    }
    /// The 51 bytes handed to the card: `DigestInfo` of SHA-256 of the canonical bytes.
    #[must_use]
    pub fn digest_info(&self) -> [u8; 51] {
        let mut out = [0u8; 51];
        let (prefix, digest) = out.split_at_mut(19);
        prefix.copy_from_slice(&DIGEST_INFO_PREFIX);
        digest.copy_from_slice(&Sha256::digest(self.to_bytes()));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_round_trip_and_are_not_each_other() {
        let auth = AuthText {
            election: Hash::ZERO,
            origin: origin_hash("https://127.0.0.1:47101"),
            nonce: [7; 32],
            session_key: Point::base(),
            expiry_day: 20_000,
        };
        assert_eq!(AuthText::from_bytes(&auth.to_bytes()), Ok(auth.clone()));
        let cred = CredentialText {
            election: Hash::ZERO,
        };
        assert_eq!(CredentialText::from_bytes(&cred.to_bytes()), Ok(cred));
        assert!(CredentialText::from_bytes(&auth.to_bytes()).is_err());
        assert_ne!(
            CardText::Auth(auth).digest_info(),
            CardText::Credential(cred).digest_info()
        );
    }
}
