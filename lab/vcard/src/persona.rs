//! Holders of test cards: who they are, what they know, what is in their folder.

use std::path::{Path, PathBuf};

use rsa::RsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use serde::{Deserialize, Serialize};

use crate::error::{self, Error};
use crate::tries::Secret;

pub mod make;
pub mod surface;

/// What is special about a card.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum PersonaKind {
    /// Nothing: this person can vote.
    Valid,
    /// The certificate ended before the opening.
    Expired,
    /// The certificate is on the revocation list.
    Revoked,
    /// The certificate was issued a minute after the opening.
    IssuedAfterOpening,
    /// Three wrong PINs were entered before.
    Locked,
    /// 照合番号B is locked.
    NumberBLocked,
    /// The card shows another person's photo.
    WrongFace,
    /// A telephone.
    PhoneToken,
    /// Not a My Number card.
    Foreign,
    /// A My Number card without certificates.
    NoCertificate,
    /// Certificate from a stranger who took the authority's name.
    RogueAuthority,
    /// The photo was replaced without a new signature.
    ForgedPhoto,
}

impl PersonaKind {
    /// The word used in files and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::IssuedAfterOpening => "issued-after-opening",
            Self::Locked => "locked",
            Self::NumberBLocked => "number-b-locked",
            Self::WrongFace => "wrong-face",
            Self::PhoneToken => "phone-token",
            Self::Foreign => "foreign",
            Self::NoCertificate => "no-certificate",
            Self::RogueAuthority => "rogue-authority",
            Self::ForgedPhoto => "forged-photo",
        }
    }
}

/// `persona.json`: everything about a test card that is text.
#[derive(Clone, Serialize, Deserialize)]
pub struct Persona {
    /// Name of the folder.
    pub id: String,
    /// What is special.
    pub kind: PersonaKind,
    /// 4-digit PIN.
    pub pin: String,
    /// 照合番号B.
    pub pin_b: String,
    /// Password of the signature certificate.
    pub sign_password: String,
    /// Birth date, YYYYMMDD.
    pub birth: String,
    /// 1 or 2.
    pub sex: String,
    /// Serial number of the authentication certificate, hexadecimal.
    pub serial: String,
    /// CN of its subject.
    pub subject_cn: String,
    /// Name of the photo on the card.
    pub photo: String,
    /// Name of the photo of the person holding it.
    pub face: String,
}

impl core::fmt::Debug for Persona {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Persona({}, {})", self.id, self.kind.word())
    }
}

/// Certificates, keys and files of a card.
#[derive(Clone)]
pub struct Material {
    pub(crate) birth: String,
    pub(crate) auth: Vec<u8>,
    pub(crate) auth_ca: Vec<u8>,
    pub(crate) auth_key: RsaPrivateKey,
    pub(crate) sign: Vec<u8>,
    pub(crate) sign_ca: Vec<u8>,
    pub(crate) sign_key: RsaPrivateKey,
    pub(crate) surface: Vec<u8>,
    pub(crate) surface_key: RsaPrivateKey,
    pub(crate) cv: Vec<u8>,
}

impl Persona {
    /// What has to be typed to open `secret`. The birth date is in the Japanese era, as printed.
    #[must_use]
    pub fn secret(&self, secret: Secret) -> &str {
        match secret {
            Secret::AuthPin | Secret::TextPin => &self.pin,
            Secret::SignPassword => &self.sign_password,
            Secret::Birth => self.pin_b.get(..6).unwrap_or_default(),
            Secret::NumberB => &self.pin_b,
            Secret::NumberA => "000000000000",
        }
    }

    /// Reads a persona's folder.
    ///
    /// # Errors
    /// When a file is missing or damaged.
    pub fn load(dir: &Path) -> Result<(Self, Material), Error> {
        let file = |name: &str| error::read(&dir.join(name));
        let key = |name: &str| -> Result<RsaPrivateKey, Error> {
            Ok(RsaPrivateKey::from_pkcs8_der(&file(name)?)?)
        };
        let persona: Self = serde_json::from_slice(&file("persona.json")?)?;
        let material = Material {
            birth: persona.birth.clone(),
            auth: file("auth.der")?,
            auth_ca: file("auth_ca.der")?,
            auth_key: key("auth.p8")?,
            sign: file("sign.der")?,
            sign_ca: file("sign_ca.der")?,
            sign_key: key("sign.p8")?,
            surface: file("surface.bin")?,
            surface_key: key("surface.p8")?,
            cv: file("cv.bin")?,
        };
        Ok((persona, material))
    }

    fn save(&self, dir: &Path, m: &Material) -> Result<(), Error> {
        error::make_dir(dir)?;
        let put = |name: &str, bytes: &[u8]| error::write(&dir.join(name), bytes);
        put("auth.der", &m.auth)?;
        put("auth_ca.der", &m.auth_ca)?;
        put("sign.der", &m.sign)?;
        put("sign_ca.der", &m.sign_ca)?;
        put("surface.bin", &m.surface)?;
        put("cv.bin", &m.cv)?;
        put("auth.p8", m.auth_key.to_pkcs8_der()?.as_bytes())?;
        put("sign.p8", m.sign_key.to_pkcs8_der()?.as_bytes())?;
        put("surface.p8", m.surface_key.to_pkcs8_der()?.as_bytes())?;
        put("persona.json", &serde_json::to_vec_pretty(self)?)
    }
}

/// One line of `personas.json`.
#[derive(Clone, Serialize, Deserialize)]
pub struct Listed {
    /// The persona.
    #[serde(flatten)]
    pub persona: Persona,
    /// Folder, relative to the data folder.
    pub dir: PathBuf,
    /// Authentication certificate, relative to the data folder.
    pub certificate: PathBuf,
}

impl core::fmt::Debug for Listed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.persona.fmt(f)
    }
}

/// Reads `personas.json` of a data folder.
///
/// # Errors
/// When it is missing or damaged.
pub fn list(data: &Path) -> Result<Vec<Listed>, Error> {
    Ok(serde_json::from_slice(&error::read(
        &data.join("personas.json"),
    )?)?)
}
