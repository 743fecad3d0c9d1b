use super::{InitError, init};
use crate::config::Config;
use std::path::Path;

/// The table would take minutes to make, and no manifest that lists it is ever sealed.
#[test]
fn rejects_r1_14_a_depth_that_no_manifest_takes_before_any_key() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/registrar.example.toml");
    let data = tempfile::tempdir().unwrap();
    for (practice, depth, least) in [
        (true, 7, 8),
        (false, 15, 16),
        (true, 29, 8),
        (false, 29, 16),
    ] {
        let mut config = Config::read(&path).unwrap();
        (config.practice, config.salt_depth) = (practice, depth);
        let refused = init(&config, data.path()).unwrap_err();
        let says = matches!(refused, InitError::SaltDepth { depth: d, least: l } if (d, l) == (depth, least));
        assert!(says, "{refused}");
        assert!(refused.to_string().contains("R1.14"));
    }
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
}
