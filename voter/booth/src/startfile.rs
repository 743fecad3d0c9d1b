//! Opens a start file and everything behind it: the manifest, its hash, its signatures, and
//! whether this program knows the authority and is new enough. Rule: nothing that a start file or
//! a server says is believed unless the authority's key, which this program holds, signed it.

use core::fmt;
use std::time::Duration;

use api::hex::Hex;
use api::start_file::{MANIFEST_PATH, PURPOSE_START_FILE, StartFile, VERSION, static_message};
use ballot::SealedManifest;
use crypto::Hash;
use crypto::schnorr::verify;
use crypto::wire::TopLevel as _;
use host::site::Roots;

use refusal::ErrorCode;

use crate::election_context::ElectionContext;
use crate::trust::Trust;

/// Longest start file.
pub const MAX_FILE: usize = 16 * 1024;
/// Longest sealed manifest.
const MAX_MANIFEST: usize = 4 * 1024 * 1024;
const MAX_HINTS: usize = 16;
/// What a text can begin with at the lowest; a manifest begins with its version.
const FIRST_OF_A_TEXT: u8 = b'\t';

/// Why a start file, or the election behind it, is not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartError {
    /// Not a start file of version 1.
    Format,
    /// The authority's signature over hash and addresses is wrong.
    Signature,
    /// No address answered.
    Unreachable,
    /// What answered is no manifest: a login page, a proxy, another program.
    OtherAnswer,
    /// The file's time is over.
    Expired,
    /// Every manifest that was found has another hash.
    OtherManifest,
    /// The manifest breaks one of its own rules.
    Manifest(ballot::manifest::ManifestError),
    /// Rule R1.10: a practice election in a program for real ones, or the reverse.
    OtherKind,
    /// The manifest belongs to an authority or a network this program does not know.
    UnknownAuthority,
    /// The election asks for a newer program.
    OldProgram,
    /// Two officers withdrew the election before its opening.
    Withdrawn,
}

impl StartError {
    /// The code in the error list.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::OldProgram => ErrorCode::OldProgram,
            Self::Withdrawn => ErrorCode::Withdrawn,
            Self::Unreachable => ErrorCode::ElectionUnreachable,
            Self::OtherAnswer => ErrorCode::OtherAnswer,
            Self::Expired => ErrorCode::StartFileExpired,
            Self::OtherKind => ErrorCode::OtherKind,
            _ => ErrorCode::StartFile,
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Self::Format => "not a start file".to_owned(),
            Self::Signature => "the authority did not sign this file".to_owned(),
            Self::Unreachable => "no address in it answers".to_owned(),
            Self::OtherAnswer => "what answers is not the election".to_owned(),
            Self::Expired => "its time is over".to_owned(),
            Self::OtherManifest => "the manifest found has another hash".to_owned(),
            Self::Manifest(e) => e.to_string(),
            Self::OtherKind => ballot::manifest::ManifestError::Practice.to_string(),
            Self::UnknownAuthority => {
                "signed by an authority this program does not know".to_owned()
            }
            Self::OldProgram => "a newer version of this program is needed".to_owned(),
            Self::Withdrawn => "the election was withdrawn before it began".to_owned(),
        };
        write!(f, "{}: {why}", self.code())
    }
}

impl std::error::Error for StartError {}

/// A start file whose signature was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedStartFile {
    /// The election.
    pub election: Hash,
    /// Where to ask for its manifest.
    pub hints: Vec<String>,
    /// For registrars alone.
    pub ticket: Option<Hex<[u8; 16]>>,
    /// The ticket is worthless from this time on (ms).
    pub expires: Option<u64>,
}

impl VerifiedStartFile {
    /// Whether a voter's own program can still use it at `now` (ms). The time is not signed: it spares
    /// a voter the way to registrars that would refuse the ticket.
    ///
    /// # Errors
    /// [`StartError::Expired`].
    pub fn good_at(&self, now: u64) -> Result<(), StartError> {
        match self.expires {
            Some(expires) if now >= expires => Err(StartError::Expired),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for VerifiedStartFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedStartFile")
            .field("hints", &self.hints)
            .finish_non_exhaustive()
    }
}

/// Reads a start file and checks the authority's signature over hash and addresses.
///
/// # Errors
/// [`StartError::Format`] or [`StartError::Signature`].
pub fn open(bytes: &[u8], trust: &Trust) -> Result<VerifiedStartFile, StartError> {
    if bytes.len() > MAX_FILE {
        return Err(StartError::Format);
    }
    let file: StartFile = serde_json::from_slice(bytes).map_err(|_| StartError::Format)?;
    if file.v != VERSION || file.hints.is_empty() || file.hints.len() > MAX_HINTS {
        return Err(StartError::Format);
    }
    let (Hex(election), Hex(signature)) = (file.election_hash, file.signature);
    let message = static_message(&election, &file.hints);
    verify(&trust.authority, PURPOSE_START_FILE, &message, &signature)
        .map_err(|_| StartError::Signature)?;
    Ok(VerifiedStartFile {
        election,
        hints: file.hints,
        ticket: file.ticket,
        expires: file.ticket_expires,
    })
}

/// Checks manifest bytes from anywhere against the expected hash and what this program trusts.
///
/// # Errors
/// [`StartError`]; a manifest of another election is [`StartError::OtherManifest`].
pub fn check(bytes: &[u8], expected: &Hash, trust: &Trust) -> Result<SealedManifest, StartError> {
    let sealed = SealedManifest::from_bytes(bytes).map_err(|e| StartError::Manifest(e.into()))?;
    if sealed.manifest.election_hash() != *expected {
        return Err(StartError::OtherManifest);
    }
    if !trust.knows(&sealed.manifest) {
        return Err(StartError::UnknownAuthority);
    }
    sealed.check_is(expected).map_err(StartError::Manifest)?;
    sealed
        .manifest
        .check_practice(trust.practice)
        .map_err(|_| StartError::OtherKind)?;
    if !trust.allows(env!("CARGO_PKG_VERSION")) || !ElectionContext::supported(&sealed.manifest) {
        return Err(StartError::OldProgram);
    }
    Ok(sealed)
}

/// Asks every address in turn until one gives the manifest with the right hash.
///
/// # Errors
/// The last reason why no address was good enough.
pub async fn fetch(
    opened: &VerifiedStartFile,
    trust: &Trust,
) -> Result<SealedManifest, StartError> {
    let client = host::site::client(&Roots::public(), Duration::from_secs(10))
        .map_err(|_| StartError::Unreachable)?;
    let mut last = StartError::Unreachable;
    for hint in &opened.hints {
        let checked = match get(&client, hint).await {
            Ok(bytes) => check(&bytes, &opened.election, trust),
            Err(StartError::Unreachable) => continue,
            Err(error) => Err(error),
        };
        match checked {
            Ok(sealed) => return Ok(sealed),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn get(client: &reqwest::Client, hint: &str) -> Result<Vec<u8>, StartError> {
    let url = format!("{}{MANIFEST_PATH}", hint.trim_end_matches('/'));
    let response = client.get(url).send().await;
    let response = response.map_err(|_| StartError::Unreachable)?;
    if !response.status().is_success() {
        return Err(StartError::OtherAnswer);
    }
    let body = host::http::limited(response, MAX_MANIFEST).await;
    let bytes = body.map_err(|_| StartError::Unreachable)?;
    // A page for people begins with a blank or a bracket; a manifest of any version does not.
    match bytes.first() {
        Some(version) if *version < FIRST_OF_A_TEXT => Ok(bytes),
        _ => Err(StartError::OtherAnswer),
    }
}

#[cfg(test)]
mod tests;
