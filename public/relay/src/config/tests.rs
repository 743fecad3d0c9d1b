use super::*;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/relay.example.toml")
}

#[test]
fn the_example_is_read_and_names_the_nodes_of_its_network() {
    let config = Config::read(&example()).unwrap();
    let targets = config.targets().unwrap();
    assert!(!targets.is_empty());
    for (pin, target) in &targets {
        assert_eq!(*pin, target.spki);
        assert!(target.origin.starts_with("https://") && !target.origin.ends_with('/'));
    }
    let part = config.public([7; 32]);
    assert_eq!(part.origin, config.origin);
    assert_eq!(part.spki.0, [7; 32]);
}

#[test]
fn an_unknown_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relay.toml");
    let text = std::fs::read_to_string(example()).unwrap();
    std::fs::write(&file, format!("log_bodies = true\n{text}")).unwrap();
    assert!(Config::read(&file).is_err());
}
