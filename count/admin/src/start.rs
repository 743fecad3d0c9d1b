//! The files that other parties start from: `trust.json` and the static part of the start file.

use anyhow::Result;
use api::hex::Hex;
use api::start_file::{PURPOSE_START_FILE, StartFile, VERSION, static_message};
use api::trust::{TrustFile, Version};
use board::network::NetworkConfig;
use crypto::schnorr::SigningKey;
use crypto::{Hash, Point};

/// What a booth and a verifier believe before they read anything.
#[must_use]
pub fn trust_file(
    authority: Point,
    network: &NetworkConfig,
    minimum_booth: Version,
    practice: bool,
) -> TrustFile {
    TrustFile {
        authority: Hex(authority),
        network: Hex(network.id()),
        validators: network.committee().iter().copied().map(Hex).collect(),
        minimum_booth,
        practice,
    }
}

/// The start file without a ticket, signed by the authority.
///
/// # Errors
/// Never, unless serialising JSON fails.
pub fn start_file(election: &Hash, hints: Vec<String>, authority: &SigningKey) -> Result<String> {
    let message = static_message(election, &hints);
    let signature = authority.sign(PURPOSE_START_FILE, &message, &mut rand::rng());
    let file = StartFile {
        v: VERSION,
        election_hash: Hex(*election),
        hints,
        signature: Hex(signature),
        ticket: None,
        ticket_expires: None,
    };
    Ok(serde_json::to_string_pretty(&file)?)
}
