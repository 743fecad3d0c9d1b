//! The example in `config/` is what this program reads.

use std::path::Path;

use host::config::parse;

use super::Config;

#[test]
fn the_example_is_read_and_an_unknown_key_is_refused() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/portal.example.toml");
    let config = Config::read(&path).unwrap();
    assert!(!config.practice);
    assert!(config.network.ends_with("network.example.toml") && config.network.exists());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(parse::<Config>(&format!("counter = true\n{text}"), &path).is_err());
}
