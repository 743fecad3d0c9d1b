//! Arguments and configuration files that must be taken or refused.

use std::ffi::OsString;

use super::Config;

fn parse(arguments: &[&str]) -> anyhow::Result<Config> {
    Config::from_arguments(arguments.iter().map(OsString::from))
}

#[test]
fn arguments() {
    assert_eq!(parse(&[]).unwrap(), Config::default());
    assert_eq!(
        parse(&["--models", "x"]).unwrap().models.to_str(),
        Some("x")
    );
    for wrong in [
        &["--models"][..],
        &["--port", "1"],
        &["x"],
        &["--config", "/nonexistent"],
    ] {
        assert!(parse(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn files() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("face-worker.toml");
    let read = |text: &str| {
        std::fs::write(&file, text).unwrap();
        parse(&["--config", file.to_str().unwrap()])
    };
    let named = read("models = 'm'\n[recognition]\nfile = 'f'\nsha256 = 'aa'\n").unwrap();
    assert_eq!(named.models.to_str(), Some("m"));
    assert!(!named.is_reference() && Config::default().is_reference());
    for wrong in [
        "modells = 'm'",
        "memory_mib = 1",
        "[recognition]\nfile = 'f'",
        "models = 3",
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_example_is_the_default() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../config/face-worker.example.toml"
    );
    assert_eq!(parse(&["--config", file]).unwrap(), Config::default());
}
