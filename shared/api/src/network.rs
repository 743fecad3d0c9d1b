//! From the network file to the bytes that the board hashes: one function for validators and for
//! everybody who follows them, because two readings would give two network ids.

use crate::node::NetworkFile;
use ballot::manifest::Validator;
use ballot::text::Text;
use board::NetworkConfig;
use crypto::wire::WireError;

/// Why a network file that was read is refused: too few, too many, one twice, or a name or address
/// that no manifest may list.
#[derive(Debug, thiserror::Error)]
#[error(
    "not 1 to 32 different validators with sound names and addresses and 1 to 64 different \
     authorities ({0})"
)]
pub struct BadParties(WireError);

/// What the network file says, in the form the board hashes. The order of the lists in the file
/// does not matter.
///
/// # Errors
/// [`BadParties`].
pub fn network_config(file: &NetworkFile) -> Result<NetworkConfig, BadParties> {
    let validators = file.validators.iter().map(|v| Validator {
        name: Text::new(&v.name, &v.name, &v.name),
        engine_key: v.engine_key.0,
        node_key: v.node_key.0,
        origin: v.gateway.clone(),
        spki: v.spki.0,
        hpke: v.hpke.0,
    });
    let authorities = file.authorities.iter().map(|key| key.0).collect();
    NetworkConfig::new(&file.name, validators.collect(), authorities, 0).map_err(BadParties)
}

#[cfg(test)]
mod tests;
