//! A statement and the signature under it: two types, so that what is not signed yet cannot be
//! taken for what is.

use crate::group::Point;
use crate::schnorr::{self, BadSignature, Signature, SigningKey};
use crate::wire::{Reader, TopLevel, Wire, WireError, Writer};
use rand_core::CryptoRng;

/// Something that one party says under its signature.
pub trait Statement: Wire {
    /// Purpose of the signature (spec 01 §5): no signature over one kind is one over another.
    const PURPOSE: &'static str;
    /// Type byte of the signed statement.
    const TYPE: u8;

    /// The bytes the signature covers: version, type and body.
    fn signed_bytes(&self) -> Vec<u8> {
        let mut w = Writer::top(Self::TYPE);
        self.write(&mut w);
        w.finish()
    }
    /// Signs it.
    fn signed<R: CryptoRng + ?Sized>(self, key: &SigningKey, rng: &mut R) -> Signed<Self> {
        let signature = key.sign(Self::PURPOSE, &self.signed_bytes(), rng);
        Signed {
            body: self,
            signature,
        }
    }
}

/// A statement with its signature behind it, which nobody has verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T> {
    /// What is said.
    pub body: T,
    /// By whom it is said, see [`Signed::verify`].
    pub signature: Signature,
}

impl<T: Statement> Signed<T> {
    /// Whether this key made the signature.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, key: &Point) -> Result<(), BadSignature> {
        let message = self.body.signed_bytes();
        schnorr::verify(key, T::PURPOSE, &message, &self.signature)
    }
}

impl<T: Statement> Wire for Signed<T> {
    fn write(&self, w: &mut Writer) {
        self.body.write(w);
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            body: T::read(r)?,
            signature: Signature::read(r)?,
        })
    }
}

impl<T: Statement> TopLevel for Signed<T> {
    const TYPE: u8 = T::TYPE;
}

#[cfg(test)]
mod tests;
