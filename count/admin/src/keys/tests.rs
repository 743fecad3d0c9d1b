use super::*;
use std::path::PathBuf;

fn config(dir: &Path) -> AdminConfig {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/admin.example.toml");
    let mut config: AdminConfig = host::config::load(&path).unwrap();
    config.light = true;
    config.passphrase_file = dir.join("phrase");
    std::fs::write(&config.passphrase_file, "a long enough passphrase\n").unwrap();
    config
}

fn names(dir: &Path) -> Vec<PathBuf> {
    host::private::key_files(dir).unwrap()
}

#[test]
fn init_makes_the_authoritys_key_once_and_nobody_elses() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    let folder = KeyFolder::open(&config, dir.path()).unwrap();
    let public = folder.init().unwrap();
    assert_eq!(folder.init().unwrap(), public);
    assert_eq!(names(dir.path()), [dir.path().join("keys/authority.key")]);
    assert_eq!(folder.authority().unwrap().public(), public.authority.0);
}

#[test]
fn a_60_a_folder_with_anybody_elses_key_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    KeyFolder::open(&config, dir.path())
        .unwrap()
        .init()
        .unwrap();
    let strangers = [
        "keys/officer-0.key",
        "keys/auditor-1.key",
        "officer.key",
        "keys/old/seed.key",
    ];
    for stranger in strangers {
        let path = dir.path().join(stranger);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "").unwrap();
        let error = KeyFolder::open(&config, dir.path()).unwrap_err();
        let found = matches!(error.downcast_ref(), Some(OthersKey { path: p }) if *p == path);
        assert!(found, "{error:#}");
        std::fs::remove_file(&path).unwrap();
    }
    assert!(KeyFolder::open(&config, dir.path()).is_ok());
}
