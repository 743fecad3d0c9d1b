use super::*;
use crate::keyfile::{self, Cost, KeyFileError};
use crate::passphrase::{Passphrase, PassphraseError};

#[cfg(unix)]
fn chmod(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
#[test]
fn a_62_a_release_build_refuses_key_and_passphrase_files_that_others_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let (phrase, key) = (folder.path().join("phrase"), folder.path().join("a.key"));
    fs::write(&phrase, "a long enough passphrase\n").unwrap();
    chmod(&phrase, 0o600);
    let open = |build| Passphrase::from_file_in(&phrase, build);
    let passphrase = open(Build::Release).unwrap();
    keyfile::write(&key, "SCHNORR", &[7; 32], &passphrase, Cost::LIGHT).unwrap();
    let read = |build| keyfile::read_in(&key, "SCHNORR", &passphrase, build);
    assert!(read(Build::Release).is_ok(), "a new key file is private");
    for mode in [0o640, 0o604, 0o660, 0o611, 0o777] {
        chmod(&key, mode);
        chmod(&phrase, mode);
        let refused = read(Build::Release).unwrap_err();
        assert!(
            matches!(&refused, KeyFileError::Exposed(e) if e.mode == mode),
            "{mode:o}: {refused}"
        );
        let refused = open(Build::Release).unwrap_err();
        assert!(
            matches!(&refused, PassphraseError::Exposed(e) if e.mode == mode),
            "{mode:o}: {refused}"
        );
        assert!(read(Build::Debug).is_ok() && open(Build::Debug).is_ok());
    }
    chmod(&key, 0o400);
    assert!(read(Build::Release).is_ok(), "its owner may read it");
}

#[test]
fn key_files_are_found_in_folders_below_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("keys/more");
    fs::create_dir_all(&below).unwrap();
    for name in ["a.key", "keys/b.key", "keys/more/c.key", "keys/public.json"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let found = key_files(folder.path()).unwrap();
    let names: Vec<_> = found.iter().map(|p| p.file_name().unwrap()).collect();
    assert_eq!(names, ["a.key", "b.key", "c.key"]);
    assert!(key_files(&below.join("nowhere")).unwrap().is_empty());
    let others = |own: &Path| others_key(folder.path(), own).unwrap();
    assert_eq!(others(&found[0]).as_ref(), Some(&found[1]));
    assert_eq!(others(&found[1]).as_ref(), Some(&found[0]));
    for path in &found[1..] {
        fs::remove_file(path).unwrap();
    }
    assert_eq!(others(&found[0]), None);
}
