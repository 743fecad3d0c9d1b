//! The card secret: what the person keys of an election are made from (spec 04 §4).

use std::path::Path;

use ballot::own_card::registrar::PersonKey;
use crypto::Hash;
use host::keyfile::{self, Cost};
use host::passphrase::Passphrase;
use rand::CryptoRng;
use zeroize::Zeroizing;

use super::{KeysError, fixed, salts};

const KIND: &str = "CARD SECRET";
const FILE: &str = "card.key";

/// 64 random bytes, fresh for every election. Wiped on drop, never printed.
pub struct CardSecret(pub(super) Zeroizing<[u8; 64]>);

impl core::fmt::Debug for CardSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CardSecret(…)")
    }
}

impl CardSecret {
    pub(super) fn generate<R: CryptoRng>(rng: &mut R) -> Self {
        let mut secret = Zeroizing::new([0; 64]);
        rng.fill_bytes(secret.as_mut());
        Self(secret)
    }

    pub(super) fn write(
        &self,
        folder: &Path,
        pass: &Passphrase,
        cost: Cost,
    ) -> Result<(), KeysError> {
        Ok(keyfile::write(
            &folder.join(FILE),
            KIND,
            self.0.as_ref(),
            pass,
            cost,
        )?)
    }

    /// None once it has been destroyed.
    pub(super) fn read(folder: &Path, pass: &Passphrase) -> Result<Option<Self>, KeysError> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let secret = keyfile::read(&path, KIND, pass)?;
        Ok(Some(Self(fixed(&secret)?)))
    }

    /// H(`card-secret`, secret): shows nothing of 64 random bytes, and no other secret has it.
    pub(super) fn commitment(&self) -> Hash {
        crypto::hash::hash("card-secret", &[self.0.as_ref()])
    }

    /// w of the person with this certificate.
    pub(super) fn key(&self, election: &Hash, certificate: &Hash) -> Option<PersonKey> {
        PersonKey::derive(&self.0, election, certificate)
    }
}

pub(super) fn destroy(folder: &Path) -> std::io::Result<bool> {
    salts::overwrite(&folder.join(FILE))
}
