//! The private RSA operation, in OpenSSL, with the result verified before it leaves.

use std::thread;

use ballot::token::{Kind, RSA_BYTES};
use openssl::bn::BigNum;
use openssl::pkey::Private;
use openssl::rsa::{Padding, Rsa};
use zeroize::Zeroizing;

/// One issuer key. OpenSSL blinds the operation against timing.
pub struct Issuer {
    key: Rsa<Private>,
    modulus: [u8; RSA_BYTES],
}

impl Issuer {
    /// A fresh RSA-2048 key with exponent 65,537.
    ///
    /// # Errors
    /// [`IssuerError::Key`] when OpenSSL fails.
    pub fn generate() -> Result<Self, IssuerError> {
        Self::new(Rsa::generate(2048).map_err(|_| IssuerError::Key)?)
    }

    /// The key from its PKCS#1 bytes.
    ///
    /// # Errors
    /// [`IssuerError::Key`] unless it is a consistent RSA-2048 key with exponent 65,537.
    pub fn from_der(der: &[u8]) -> Result<Self, IssuerError> {
        Self::new(Rsa::private_key_from_der(der).map_err(|_| IssuerError::Key)?)
    }

    fn new(key: Rsa<Private>) -> Result<Self, IssuerError> {
        let exponent = BigNum::from_u32(65_537).map_err(|_| IssuerError::Key)?;
        let modulus = key.n().to_vec().try_into().map_err(|_| IssuerError::Key)?;
        let sound = key.check_key().unwrap_or(false) && *key.e() == *exponent;
        if sound {
            Ok(Self { key, modulus })
        } else {
            Err(IssuerError::Key)
        }
    }

    /// PKCS#1 bytes, for a sealed key file.
    ///
    /// # Errors
    /// [`IssuerError::Key`] when OpenSSL fails.
    pub fn to_der(&self) -> Result<Zeroizing<Vec<u8>>, IssuerError> {
        self.key
            .private_key_to_der()
            .map(Zeroizing::new)
            .map_err(|_| IssuerError::Key)
    }

    /// The modulus, big-endian.
    #[must_use]
    pub fn modulus(&self) -> &[u8; RSA_BYTES] {
        &self.modulus
    }

    /// Whether `blinded` is a number this key can sign.
    #[must_use]
    pub fn accepts(&self, blinded: &[u8; RSA_BYTES]) -> bool {
        blinded < &self.modulus && blinded.iter().any(|b| *b != 0)
    }

    /// Signs a blinded message.
    ///
    /// # Errors
    /// [`IssuerError::Range`] for a number the key cannot sign, [`IssuerError::Fault`] when the
    /// result does not verify: it is not released, because it could reveal the key.
    pub fn sign(&self, blinded: &[u8; RSA_BYTES]) -> Result<[u8; RSA_BYTES], IssuerError> {
        if !self.accepts(blinded) {
            return Err(IssuerError::Range);
        }
        let mut signature = [0; RSA_BYTES];
        let mut again = [0; RSA_BYTES];
        self.key
            .private_encrypt(blinded, &mut signature, Padding::NONE)
            .map_err(|_| IssuerError::Fault)?;
        self.key
            .public_decrypt(&signature, &mut again, Padding::NONE)
            .map_err(|_| IssuerError::Fault)?;
        if again == *blinded {
            Ok(signature)
        } else {
            Err(IssuerError::Fault)
        }
    }
}

impl core::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Issuer(…)")
    }
}

/// The issuers of an election.
#[derive(Debug)]
pub struct Issuers {
    /// Credentials.
    pub first: Issuer,
    /// Further ballots: one for each window, in order.
    pub again: Vec<Issuer>,
    /// Survey answers.
    pub survey: Issuer,
}

impl Issuers {
    /// Fresh ones, with every processor of the machine; `windows` for further ballots.
    ///
    /// # Errors
    /// [`IssuerError::Key`] when OpenSSL fails.
    pub fn generate(windows: u8) -> Result<Self, IssuerError> {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let count = usize::from(windows).saturating_add(2);
        let made = thread::scope(|scope| {
            let share =
                |worker: usize| (worker..count).step_by(workers).map(|_| Issuer::generate());
            let make = |worker| scope.spawn(move || share(worker).collect::<Result<Vec<_>, _>>());
            let all: Vec<_> = (0..workers).map(make).collect();
            let joined = all.into_iter().map(thread::ScopedJoinHandle::join);
            joined.collect::<Result<Vec<_>, _>>()
        });
        let made: Result<Vec<_>, _> = made.map_err(|_| IssuerError::Key)?.into_iter().collect();
        let mut made = made?.into_iter().flatten();
        let mut next = || made.next().ok_or(IssuerError::Key);
        Ok(Self {
            first: next()?,
            survey: next()?,
            again: made.collect(),
        })
    }

    /// The issuer of this kind; for further ballots that of the window, if there is one.
    #[must_use]
    pub fn of(&self, kind: Kind, window: u8) -> Option<&Issuer> {
        match kind {
            Kind::First => Some(&self.first),
            Kind::Again => self.again.get(usize::from(window)),
            Kind::Survey => Some(&self.survey),
        }
    }
}

/// Why the private operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// The key cannot be made or read.
    #[error("the issuer key cannot be used")]
    Key,
    /// The number is zero or not below the modulus.
    #[error("the blinded message is out of range")]
    Range,
    /// The result did not verify.
    #[error("the private operation went wrong")]
    Fault,
}

#[cfg(test)]
mod tests;
