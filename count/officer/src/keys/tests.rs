use super::*;

fn passphrase() -> Passphrase {
    Passphrase::new(zeroize::Zeroizing::new("a long enough passphrase".into()))
}

#[test]
fn a_key_is_made_once_and_only_its_public_half_is_handed_over() {
    let dir = tempfile::tempdir().unwrap();
    assert!(!KeyFolder::exists(dir.path()));
    let folder = KeyFolder::open(dir.path(), passphrase(), true).unwrap();
    let public = folder.init("課長", "head").unwrap();
    assert_eq!(folder.init("課長", "head").unwrap(), public);
    assert_eq!(folder.key().unwrap().public(), public.key.0);
    let text = std::fs::read_to_string(dir.path().join("public.json")).unwrap();
    assert_eq!(serde_json::from_str::<PublicPart>(&text).unwrap(), public);
    let secret = crypto::hash::to_hex(folder.key().unwrap().to_secret_bytes().as_ref());
    assert!(!text.contains(&secret));
}

#[test]
fn a_60_two_officers_in_one_folder_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let one = KeyFolder::open(dir.path(), passphrase(), true).unwrap();
    one.init("課長", "head").unwrap();
    let own = dir.path().join("keys/officer.key");
    for other in ["keys/officer-2.key", "officer.key", "keys/b/officer.key"] {
        let other = dir.path().join(other);
        std::fs::create_dir_all(other.parent().unwrap()).unwrap();
        std::fs::copy(&own, &other).unwrap();
        let error = KeyFolder::open(dir.path(), passphrase(), true).unwrap_err();
        let found = matches!(
            error.downcast_ref(),
            Some(Refusal::OtherKeys { path }) if *path == other
        );
        assert!(found, "{error:#}");
        std::fs::remove_file(&other).unwrap();
    }
    assert!(KeyFolder::open(dir.path(), passphrase(), true).is_ok());
}

#[test]
fn a_key_file_of_another_program_is_no_officers_key() {
    let dir = tempfile::tempdir().unwrap();
    let folder = KeyFolder::open(dir.path(), passphrase(), true).unwrap();
    std::fs::create_dir_all(dir.path().join("keys")).unwrap();
    let path = dir.path().join("keys/officer.key");
    keyfile::write(&path, "SCHNORR", &[7; 32], &passphrase(), Cost::LIGHT).unwrap();
    let error = folder.key().unwrap_err();
    assert!(matches!(
        error.downcast_ref(),
        Some(keyfile::KeyFileError::Kind { .. })
    ));
}
