//! The start file `NAME.irefuda` (conventions D6): it names an election and where to ask for its
//! manifest. Nothing in it is believed but what the authority signed, and no key is in it.

use crypto::Hash;
use crypto::schnorr::Signature;
use crypto::wire::{Wire as _, Writer};
use serde::{Deserialize, Serialize};

use crate::hex::Hex;

/// Purpose of the authority's signature over [`static_message`].
pub const PURPOSE_START_FILE: &str = "start-file";
/// Version of the format.
pub const VERSION: u32 = 1;
/// `GET {hint}/manifest.bin` answers with the canonical bytes of the sealed manifest.
pub const MANIFEST_PATH: &str = "/manifest.bin";

/// A start file as JSON. The first four fields are the static part, made once when the election
/// is sealed; the portal adds the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartFile {
    /// [`VERSION`].
    pub v: u32,
    /// Hash of the sealed manifest.
    pub election_hash: Hex<Hash>,
    /// Addresses where the manifest can be had, `https://NAME`, or `http` on the own machine.
    pub hints: Vec<String>,
    /// The authority's signature over [`static_message`].
    pub signature: Hex<Signature>,
    /// 128 random bits; only limits how often sessions are opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Hex<[u8; 16]>>,
    /// The ticket is worthless from this time on, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_expires: Option<u64>,
}

/// What the authority signs.
#[must_use]
pub fn static_message(election: &Hash, hints: &[String]) -> Vec<u8> {
    let mut w = Writer::new();
    w.u32(VERSION);
    election.write(&mut w);
    w.u32(u32::try_from(hints.len()).unwrap_or(u32::MAX));
    for hint in hints {
        w.text(hint);
    }
    w.finish()
}
