//! Files others start from: `trust.json` and the static part of the start file.

use anyhow::Result;
use api::start_file::{PURPOSE_START_FILE, StartFile, VERSION, static_message};
use board::network::NetworkConfig;
use crypto::hash::to_hex;
use crypto::schnorr::SigningKey;
use crypto::wire::{Wire as _, Writer};
use crypto::{Hash, Point};
use serde::Serialize;

/// What a booth and a verifier believe before they read anything.
#[derive(Clone, Debug, Serialize)]
pub struct Trust {
    authority: String,
    network: String,
    validators: Vec<String>,
    minimum_booth: String,
}

impl Trust {
    /// Collects the pinned keys.
    #[must_use]
    pub fn new(authority: &Point, network: &NetworkConfig, minimum_booth: &str) -> Self {
        Self {
            authority: authority.to_hex(),
            network: to_hex(&network.id()),
            validators: network.committee().iter().map(|k| to_hex(k)).collect(),
            minimum_booth: minimum_booth.to_owned(),
        }
    }
}

/// The start file without a ticket, signed by the authority.
///
/// # Errors
/// Never, unless serialising JSON fails.
pub fn start_file(election: &Hash, hints: Vec<String>, authority: &SigningKey) -> Result<String> {
    let message = static_message(election, &hints);
    let signature = authority.sign(PURPOSE_START_FILE, &message, &mut rand::rng());
    let mut w = Writer::new();
    signature.write(&mut w);
    let file = StartFile {
        v: VERSION,
        election_hash: election.to_hex(),
        hints,
        signature: to_hex(&w.finish()),
        ticket: None,
        ticket_expires: None,
    };
    Ok(serde_json::to_string_pretty(&file)?)
}
