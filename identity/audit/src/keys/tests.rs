use super::*;

fn passphrase() -> Passphrase {
    Passphrase::new(zeroize::Zeroizing::new("a long enough passphrase".into()))
}

#[test]
fn a_key_is_made_once_and_only_its_public_half_is_handed_over() {
    let dir = tempfile::tempdir().unwrap();
    let folder = KeyFolder::open(dir.path(), passphrase(), true).unwrap();
    let public = folder.init("監査", "audit").unwrap();
    assert_eq!(folder.init("監査", "audit").unwrap(), public);
    assert_eq!(folder.secret().unwrap().public(), Some(public.key.0));
    let text = std::fs::read_to_string(dir.path().join("public.json")).unwrap();
    let secret: String = folder
        .secret()
        .unwrap()
        .expose()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert!(!text.contains(&secret));
}

#[test]
fn a_60_two_auditors_in_one_folder_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let folder = KeyFolder::open(dir.path(), passphrase(), true).unwrap();
    folder.init("監査", "audit").unwrap();
    let other = dir.path().join("keys/auditor-2.key");
    std::fs::copy(dir.path().join("keys/auditor.key"), &other).unwrap();
    let error = KeyFolder::open(dir.path(), passphrase(), true).unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(OthersKey { path }) if *path == other));
}
