//! The examples in `config/` are what this program reads.

use std::path::Path;

use host::config::{load, parse};

use super::{Limits, Network, NetworkFile, NodeConfig};

#[test]
fn the_example_is_read_with_the_network_it_names() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config");
    let path = folder.join("node.example.toml");
    let config: NodeConfig = load(&path).unwrap();
    let (limits, plain) = (&config.limits, Limits::default());
    assert_eq!(limits.waiting, plain.waiting);
    assert_eq!(limits.rate_per_second, plain.rate_per_second);
    assert_eq!(limits.burst, plain.burst);
    assert_eq!(limits.block_entries, plain.block_entries);
    let file: NetworkFile = load(&folder.join(&config.network)).unwrap();
    let network = Network::new(&file).unwrap();
    assert_eq!(network.validators.len(), 4);
    let me = network.me(&config.name).unwrap();
    assert_eq!(Some(me.p2p), config.p2p_public);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(parse::<NodeConfig>(&format!("leader = true\n{text}"), &path).is_err());
}
