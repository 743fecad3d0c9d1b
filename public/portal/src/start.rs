//! The start file: its static part was signed when the election was sealed; a ticket is added.

use std::path::Path;

use api::hex::Hex;
use api::start_file::{PURPOSE_START_FILE, StartFile, VERSION, static_message};
use crypto::schnorr;
use rand::Rng as _;

use crate::content::Content;

/// A ticket is good for a day.
pub const TICKET_MS: u64 = 24 * 3_600_000;

/// Why the static part is refused.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The file cannot be read.
    #[error("cannot read the start file: {0}")]
    Read(#[from] std::io::Error),
    /// It is not the JSON of a start file.
    #[error("the start file is not one: {0}")]
    Json(#[from] serde_json::Error),
    /// It names another election or version.
    #[error("the start file belongs to another election")]
    OtherElection,
    /// The authority did not sign it.
    #[error("the start file is not signed by the authority of the manifest")]
    Signature,
}

/// The static part, checked.
#[derive(Clone, Debug)]
pub struct Start(StartFile);

impl Start {
    /// Reads the static part and checks that the manifest's authority signed it.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn read(path: &Path, content: &Content) -> Result<Self, StartError> {
        let mut file: StartFile = serde_json::from_slice(&std::fs::read(path)?)?;
        if file.v != VERSION || file.election_hash.0 != *content.hash() {
            return Err(StartError::OtherElection);
        }
        let message = static_message(content.hash(), &file.hints);
        schnorr::verify(
            &content.manifest().authority,
            PURPOSE_START_FILE,
            &message,
            &file.signature.0,
        )
        .map_err(|_| StartError::Signature)?;
        file.ticket = None;
        file.ticket_expires = None;
        Ok(Self(file))
    }

    /// A start file with this ticket.
    #[must_use]
    pub fn with_ticket(&self, ticket: &Ticket, expires_ms: u64) -> StartFile {
        StartFile {
            ticket: Some(Hex(ticket.0)),
            ticket_expires: Some(expires_ms),
            ..self.0.clone()
        }
    }
}

impl From<[u8; 16]> for Ticket {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

/// 128 random bits. Only limits how often sessions are opened; says nothing about a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket([u8; 16]);

impl Ticket {
    /// A fresh one.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        rand::rng().fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// What is stored of it.
    #[must_use]
    pub fn stored(&self) -> Vec<u8> {
        let hash = crypto::hash::hash("portal-ticket", &[&self.0]);
        hash.as_bytes().get(..32).unwrap_or_default().to_vec()
    }
}
