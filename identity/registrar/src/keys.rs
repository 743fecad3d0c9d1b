//! The registrar's secrets: issuer keys, salt key, person key, board key, TLS key.

use std::path::Path;

use api::hex::Hex;
use api::registrar::PublicPart;
use crypto::Hash;
use crypto::hash::hash;
use crypto::schnorr::SigningKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use host::keyfile::{self, Cost, KeyFileError};
use host::passphrase::Passphrase;
use host::tls::{Identity, TlsError};
use rand::Rng as _;
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::issuer::{Issuer, IssuerError, Issuers};

/// DST of the salt shares.
pub const SALT_DST: &[u8] = b"irefuda/v2/salt";
/// DST of the person key.
pub const PERSON_DST: &[u8] = b"irefuda/v2/person";

/// DST of the keys of evidence rows.
pub const EVIDENCE_DST: &[u8] = b"irefuda/v2/evidence";

/// DST of the keys under which incidents are counted.
pub const INCIDENT_DST: &[u8] = b"irefuda/v2/incident";

const RSA: &str = "RSA ISSUER";
const SALT: &str = "SALT";
const SALT_FILE: &str = "salt.key";
const PERSON: &str = "PERSON";
const SCHNORR: &str = "SCHNORR";

/// Everything a registrar must keep secret. Fresh for every election.
pub struct Keys {
    /// The blind-signature issuers.
    pub issuers: Issuers,
    /// Signs `Evidence` entries.
    pub board: SigningKey,
    /// The TLS key.
    pub tls: Identity,
    /// None once it has been destroyed.
    salt: Option<Zeroizing<[u8; 64]>>,
    person: Zeroizing<[u8; 64]>,
}

impl core::fmt::Debug for Keys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Fresh keys.
    ///
    /// # Errors
    /// [`KeysError`] when a generator fails.
    pub fn generate() -> Result<Self, KeysError> {
        let mut rng = rand::rng();
        let (mut salt, mut person) = (Zeroizing::new([0; 64]), Zeroizing::new([0; 64]));
        rng.fill_bytes(salt.as_mut());
        rng.fill_bytes(person.as_mut());
        Ok(Self {
            issuers: Issuers {
                first: Issuer::generate()?,
                again: Issuer::generate()?,
                survey: Issuer::generate()?,
            },
            board: SigningKey::generate(&mut rng),
            tls: Identity::generate()?,
            salt: Some(salt),
            person,
        })
    }

    /// Writes every key to its own sealed file in `folder`.
    ///
    /// # Errors
    /// [`KeysError`]; existing files are never replaced.
    pub fn write(&self, folder: &Path, pass: &Passphrase, cost: Cost) -> Result<(), KeysError> {
        let write = |name: &str, kind: &str, secret: &[u8]| {
            keyfile::write(&folder.join(name), kind, secret, pass, cost)
        };
        write("first.key", RSA, &self.issuers.first.to_der()?)?;
        write("again.key", RSA, &self.issuers.again.to_der()?)?;
        write("survey.key", RSA, &self.issuers.survey.to_der()?)?;
        if let Some(salt) = &self.salt {
            write(SALT_FILE, SALT, salt.as_ref())?;
        }
        write("person.key", PERSON, self.person.as_ref())?;
        write("board.key", SCHNORR, self.board.to_secret_bytes().as_ref())?;
        self.tls.write(&folder.join("tls.key"), pass, cost)?;
        Ok(())
    }

    /// Reads what [`Keys::write`] wrote.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn read(folder: &Path, pass: &Passphrase) -> Result<Self, KeysError> {
        let read = |name: &str, kind: &str| keyfile::read(&folder.join(name), kind, pass);
        let issuer =
            |name: &str| -> Result<Issuer, KeysError> { Ok(Issuer::from_der(&read(name, RSA)?)?) };
        let salt = if folder.join(SALT_FILE).exists() {
            Some(fixed(&read(SALT_FILE, SALT)?)?)
        } else {
            None
        };
        let board = read("board.key", SCHNORR)?;
        let board = board
            .as_slice()
            .try_into()
            .ok()
            .and_then(SigningKey::from_bytes);
        Ok(Self {
            issuers: Issuers {
                first: issuer("first.key")?,
                again: issuer("again.key")?,
                survey: issuer("survey.key")?,
            },
            board: board.ok_or(KeysError::Length)?,
            tls: Identity::read(&folder.join("tls.key"), pass)?,
            salt,
            person: fixed(&read("person.key", PERSON)?)?,
        })
    }

    /// u = HMAC-SHA-512(salt key, DST ‖ election hash ‖ H(certificate)); none once the salt key
    /// has been destroyed.
    #[must_use]
    pub fn salt_share(&self, election: &Hash, certificate: &[u8]) -> Option<Zeroizing<[u8; 64]>> {
        let certificate = hash("certificate", &[certificate]);
        let parts: [&[u8]; 3] = [SALT_DST, election.as_bytes(), certificate.as_bytes()];
        self.salt.as_ref().map(|salt| mac(salt, &parts))
    }

    /// The key of a person's row: HMAC over issuer and serial, 32 bytes.
    #[must_use]
    pub fn person(&self, issuer_and_serial: &[u8]) -> [u8; 32] {
        half(&mac(&self.person, &[PERSON_DST, issuer_and_serial]))
    }

    /// The key of an evidence row: HMAC over person, kind and request, 32 bytes.
    #[must_use]
    pub fn evidence_id(&self, person: &[u8; 32], kind: &str, request: &[u8; 32]) -> [u8; 32] {
        half(&mac(
            &self.person,
            &[EVIDENCE_DST, person, request, kind.as_bytes()],
        ))
    }

    /// The key under which an incident of a person is counted once a day, 32 bytes.
    #[must_use]
    pub fn incident_id(&self, person: &[u8; 32], kind: &str, day: u32) -> [u8; 32] {
        let day = day.to_be_bytes();
        half(&mac(
            &self.person,
            &[INCIDENT_DST, person, &day, kind.as_bytes()],
        ))
    }

    /// What the manifest says about this registrar.
    #[must_use]
    pub fn public_part(&self, id: &str, name_ja: &str, name_en: &str, origin: &str) -> PublicPart {
        PublicPart {
            id: id.to_owned(),
            name_ja: name_ja.to_owned(),
            name_en: name_en.to_owned(),
            origin: origin.to_owned(),
            spki: Hex(self.tls.pin().0),
            key: Hex(self.board.public()),
            first: Hex(*self.issuers.first.modulus()),
            again: Hex(*self.issuers.again.modulus()),
            survey: Hex(*self.issuers.survey.modulus()),
        }
    }

    /// This registrar's place in the manifest: everything must be as its keys say.
    #[must_use]
    pub fn place_in(&self, manifest: &ballot::Manifest) -> Option<usize> {
        manifest.registrars.iter().position(|r| {
            r.spki == self.tls.pin().0
                && r.key == self.board.public()
                && r.first == *self.issuers.first.modulus()
                && r.again == *self.issuers.again.modulus()
                && r.survey == *self.issuers.survey.modulus()
        })
    }
}

fn mac(key: &[u8; 64], parts: &[&[u8]]) -> Zeroizing<[u8; 64]> {
    // HMAC takes a key of any length; 64 bytes are below one block.
    let Ok(mut mac) = Hmac::<Sha512>::new_from_slice(key) else {
        return Zeroizing::new([0; 64]);
    };
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// Overwrites and removes the salt key in `folder`. False when there was none any more.
///
/// # Errors
/// What the system says; the key may then still be there.
pub fn destroy_salt(folder: &Path) -> std::io::Result<bool> {
    let path = folder.join(SALT_FILE);
    if !path.exists() {
        return Ok(false);
    }
    let length = usize::try_from(std::fs::metadata(&path)?.len()).unwrap_or(4096);
    let mut file = std::fs::OpenOptions::new().write(true).open(&path)?;
    std::io::Write::write_all(&mut file, &vec![0; length])?;
    file.sync_all()?;
    std::fs::remove_file(&path)?;
    Ok(true)
}

fn half(mac: &[u8; 64]) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(mac) {
        *to = *from;
    }
    out
}

fn fixed(bytes: &[u8]) -> Result<Zeroizing<[u8; 64]>, KeysError> {
    bytes
        .try_into()
        .map(Zeroizing::new)
        .map_err(|_| KeysError::Length)
}

/// Why keys cannot be made, written or read.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// An RSA key.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    /// The TLS key.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A key file.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// A key has the wrong length.
    #[error("a key has the wrong length")]
    Length,
}

#[cfg(test)]
mod tests;
