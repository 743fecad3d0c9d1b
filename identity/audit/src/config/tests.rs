//! The example in `config/` is what this program reads.

use std::path::Path;

use host::config::{load, parse};

use super::Config;

#[test]
fn the_example_is_read_and_an_unknown_key_is_refused() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/audit.example.toml");
    let config: Config = load(&path).unwrap();
    assert!(!config.light && config.passphrase_file.is_none());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(parse::<Config>(&format!("auditors = 3\n{text}"), &path).is_err());
}
