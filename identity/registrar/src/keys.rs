//! The registrar's secrets: issuer keys, card secret, salt key with its table, person key, board key,
//! TLS key.

mod card;
mod salts;

use std::path::Path;

use api::hex::Hex;
use api::registrar::PublicPart;
use ballot::own_card::registrar::PersonKey;
use ballot::salt::{self, Salt, SaltTable};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use host::keyfile::{self, Cost, KeyFileError};
use host::passphrase::Passphrase;
use host::tls::{Identity, TlsError};
use rand::Rng as _;
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::issuer::{Issuer, IssuerError, Issuers};

/// DST of the person key.
pub const PERSON_DST: &[u8] = b"irefuda/v2/person";

/// DST of the keys of evidence rows.
pub const EVIDENCE_DST: &[u8] = b"irefuda/v2/evidence";

/// DST of the keys under which incidents are counted.
pub const INCIDENT_DST: &[u8] = b"irefuda/v2/incident";

/// DST of what stands for a session in the database.
pub const SESSION_DST: &[u8] = b"irefuda/v2/session";

pub use card::CardSecret;

const RSA: &str = "RSA ISSUER";
/// Several issuers in one file, the first window first.
const RSA_LIST: &str = "RSA ISSUERS";
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
    salts: Option<SaltTable>,
    /// Likewise.
    card: Option<CardSecret>,
    person: Zeroizing<[u8; 64]>,
}

impl core::fmt::Debug for Keys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Fresh keys, a table of 2^`depth` salts, and *again* keys for so many windows.
    ///
    /// # Errors
    /// [`KeysError`] when a generator fails.
    pub fn generate(depth: u8, windows: u8) -> Result<Self, KeysError> {
        let mut rng = rand::rng();
        let (mut seed, mut person) = (Zeroizing::new([0; 64]), Zeroizing::new([0; 64]));
        rng.fill_bytes(seed.as_mut());
        rng.fill_bytes(person.as_mut());
        Ok(Self {
            issuers: Issuers::generate(windows)?,
            card: Some(CardSecret::generate(&mut rng)),
            board: SigningKey::generate(&mut rng),
            tls: Identity::generate()?,
            salts: Some(salts::generate(&seed, depth)),
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
        write("again.key", RSA_LIST, &join(&self.issuers.again)?)?;
        write("survey.key", RSA, &self.issuers.survey.to_der()?)?;
        if let Some(table) = &self.salts {
            salts::write(table, folder, pass, cost)?;
        }
        if let Some(secret) = &self.card {
            secret.write(folder, pass, cost)?;
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
        let board = read("board.key", SCHNORR)?;
        let board = board
            .as_slice()
            .try_into()
            .ok()
            .and_then(SigningKey::from_bytes);
        Ok(Self {
            issuers: Issuers {
                first: issuer("first.key")?,
                again: split(&read("again.key", RSA_LIST)?)?,
                survey: issuer("survey.key")?,
            },
            board: board.ok_or(KeysError::Length)?,
            tls: Identity::read(&folder.join("tls.key"), pass)?,
            salts: salts::read(folder, pass)?,
            card: CardSecret::read(folder, pass)?,
            person: fixed(&read("person.key", PERSON)?)?,
        })
    }

    /// u_j with its path, for registrar number `registrar` of the manifest; none once the table
    /// has been destroyed.
    #[must_use]
    pub fn salt(&self, election: &Hash, registrar: u16, certificate: &[u8]) -> Option<Salt> {
        let table = self.salts.as_ref()?;
        table.salt(salt::index(election, registrar, certificate, table.depth()))
    }

    /// This registrar's key for the person whose certificate has this hash; none once the card
    /// secret has been destroyed.
    #[must_use]
    pub fn person_key(&self, election: &Hash, certificate: &Hash) -> Option<PersonKey> {
        self.card.as_ref()?.key(election, certificate)
    }

    /// What binds database and public part to this card secret; none once it has been destroyed.
    #[must_use]
    pub fn card_commitment(&self) -> Option<Hash> {
        self.card.as_ref().map(CardSecret::commitment)
    }

    /// What stands for a session in the database: HMAC over its nonce, 32 bytes.
    #[must_use]
    pub fn session_id(&self, nonce: &[u8; 32]) -> [u8; 32] {
        half(&mac(&self.person, &[SESSION_DST, nonce]))
    }

    /// The key of a person's row: HMAC over issuer and serial, 32 bytes.
    #[must_use]
    pub fn person(&self, issuer_and_serial: &[u8]) -> [u8; 32] {
        half(&mac(&self.person, &[PERSON_DST, issuer_and_serial]))
    }

    /// The key of an evidence row: HMAC over person, kind, request and session, 32 bytes. The same
    /// request in a later session is another row.
    #[must_use]
    pub fn evidence_id(
        &self,
        person: &[u8; 32],
        kind: &str,
        request: &[u8; 32],
        session: &[u8; 32],
    ) -> [u8; 32] {
        half(&mac(
            &self.person,
            &[EVIDENCE_DST, person, request, session, kind.as_bytes()],
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
        let table = self.salts.as_ref();
        PublicPart {
            id: id.to_owned(),
            name_ja: name_ja.to_owned(),
            name_en: name_en.to_owned(),
            origin: origin.to_owned(),
            spki: Hex(self.tls.pin().0),
            key: Hex(self.board.public()),
            first: Hex(*self.issuers.first.modulus()),
            again: self
                .issuers
                .again
                .iter()
                .map(|i| Hex(*i.modulus()))
                .collect(),
            survey: Hex(*self.issuers.survey.modulus()),
            salt_depth: table.map_or(0, SaltTable::depth),
            salt_root: Hex(table.map_or([0; 32], SaltTable::root)),
            card: self.card_commitment().map(Hex),
        }
    }

    /// This registrar's place in the manifest: everything must be as its keys say, the table of
    /// salts only while it is there. A manifest with fewer windows lists the first *again* keys.
    #[must_use]
    pub fn place_in(&self, manifest: &ballot::Manifest) -> Option<usize> {
        manifest.registrars.iter().position(|r| {
            r.spki == self.tls.pin().0
                && r.key == self.board.public()
                && r.first == *self.issuers.first.modulus()
                && self.issuers.again.len() >= r.again.len()
                && r.again.iter().eq(self
                    .issuers
                    .again
                    .iter()
                    .take(r.again.len())
                    .map(Issuer::modulus))
                && r.survey == *self.issuers.survey.modulus()
                && self.fits_salts(r)
        })
    }
}

impl Keys {
    fn fits_salts(&self, listed: &ballot::manifest::Registrar) -> bool {
        let fits = |t: &SaltTable| t.depth() == listed.salt_depth && t.root() == listed.salt_root;
        self.salts.as_ref().is_none_or(fits)
    }
}

/// Overwrites and removes what leads from a card to its voting key: the salt key with its table, and
/// the card secret. False when there was no salt key any more.
///
/// # Errors
/// What the system says; a secret may then still be there.
pub fn destroy_salt(folder: &Path) -> std::io::Result<bool> {
    card::destroy(folder)?;
    salts::destroy(folder)
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

/// Each issuer's bytes, with their length before them.
fn join(issuers: &[Issuer]) -> Result<Zeroizing<Vec<u8>>, KeysError> {
    let parts = issuers
        .iter()
        .map(Issuer::to_der)
        .collect::<Result<Vec<_>, _>>()?;
    let length = parts.iter().map(|der| der.len().saturating_add(4)).sum();
    // Of its whole size from the start: a vector that grows leaves copies behind.
    let mut out = Zeroizing::new(Vec::with_capacity(length));
    for der in parts {
        let length = u32::try_from(der.len()).map_err(|_| KeysError::Length)?;
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&der);
    }
    Ok(out)
}

/// What [`join`] made.
fn split(mut bytes: &[u8]) -> Result<Vec<Issuer>, KeysError> {
    let mut issuers = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| KeysError::Length)?;
        let (der, rest) = rest.split_at_checked(length).ok_or(KeysError::Length)?;
        issuers.push(Issuer::from_der(der)?);
        bytes = rest;
    }
    if bytes.is_empty() && !issuers.is_empty() {
        Ok(issuers)
    } else {
        Err(KeysError::Length)
    }
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
    /// The kept nodes of the table of salts.
    #[error("the table of salts: {0}")]
    Salts(#[source] std::io::Error),
    /// A key has the wrong length.
    #[error("a key has the wrong length")]
    Length,
}

#[cfg(test)]
mod tests;
