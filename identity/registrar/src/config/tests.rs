//! The example in `config/` is what this program reads.

use std::path::Path;

use host::config::parse;

use super::{Config, LimitsConfig, Policy};

#[test]
fn the_example_is_read_and_names_the_default_limits() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/registrar.example.toml");
    let config = Config::read(&path).unwrap();
    assert_eq!(config.jpki.policy, Policy::Production);
    assert_eq!(config.stations.len(), 1);
    let (limits, plain) = (config.limits, LimitsConfig::default());
    assert_eq!(limits.sessions_per_ticket, plain.sessions_per_ticket);
    assert_eq!(limits.again_per_day, plain.again_per_day);
    assert_eq!(limits.sessions, plain.sessions);
    assert_eq!(limits.sessions_per_second, plain.sessions_per_second);
    assert_eq!(limits.session_burst, plain.session_burst);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(parse::<Config>(&format!("keep_log = true\n{text}"), &path).is_err());
}
