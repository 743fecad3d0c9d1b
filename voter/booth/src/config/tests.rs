//! The examples in `config/` are what this program reads.

use std::path::PathBuf;

use host::config::parse;

use super::{Config, FaceConfig, StationConfig};

fn example(name: &str) -> (PathBuf, String) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../config")
        .join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

#[test]
fn the_booths_example_is_read_and_gives_the_defaults() {
    let (path, text) = example("booth.example.toml");
    let config = Config::read(&path).unwrap();
    let plain = Config::default();
    assert_eq!(config.card, plain.card);
    assert_eq!(config.open_browser, plain.open_browser);
    assert_eq!(config.port, plain.port);
    assert_eq!(config.idle_seconds, plain.idle_seconds);
    assert_eq!(config.face.policy, plain.face.policy);
    assert!(config.face.worker.unwrap().ends_with("irefuda-face-worker"));
    assert!(parse::<Config>(&format!("pins = true\n{text}"), &path).is_err());
}

#[test]
fn worker_models_and_configuration_are_found_in_the_programs_own_folder() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let program = at("irefuda-booth");
    let worker = at(&format!(
        "irefuda-face-worker{}",
        std::env::consts::EXE_SUFFIX
    ));
    let nothing = FaceConfig::default();
    assert_eq!(nothing.engine(None), None);
    std::fs::write(&worker, "").unwrap();
    assert_eq!(nothing.engine(Some(&program)), None, "no models");
    std::fs::create_dir(at("models")).unwrap();
    let packed = Some((worker, at("models")));
    assert_eq!(nothing.engine(Some(&program)), packed);
    let half = FaceConfig {
        worker: Some(at("mine")),
        ..FaceConfig::default()
    };
    assert_eq!(half.engine(Some(&program)), None, "one of two is named");
    let named = FaceConfig {
        models: Some(at("others")),
        ..half
    };
    let own = Some((at("mine"), at("others")));
    assert_eq!(named.engine(Some(&program)), own);
    assert_eq!(Config::packed(Some(&program)), None);
    std::fs::write(at("booth.toml"), "").unwrap();
    assert_eq!(Config::packed(Some(&program)), Some(at("booth.toml")));
}

#[test]
fn a_stations_example_is_read() {
    let (path, text) = example("station.example.toml");
    let station = StationConfig::read(&path).unwrap();
    assert_eq!(
        (station.id.as_str(), station.channel.as_str()),
        ("counter-1", "counter")
    );
    assert!(parse::<StationConfig>(&format!("pins = true\n{text}"), &path).is_err());
}
