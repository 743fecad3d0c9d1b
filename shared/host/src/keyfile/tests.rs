use super::*;

fn phrase(text: &str) -> Passphrase {
    Passphrase::new(Zeroizing::new(text.to_owned()))
}

#[test]
fn a_key_survives_the_file_and_the_file_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.key");
    let pass = phrase("correct horse battery");
    write(&path, "SCHNORR", &[7; 32], &pass, Cost::LIGHT).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    assert_eq!(*read(&path, "SCHNORR", &pass).unwrap(), vec![7; 32]);
    assert!(matches!(
        read(&path, "TLS", &pass),
        Err(KeyFileError::Kind { .. })
    ));
    assert!(matches!(
        read(&path, "SCHNORR", &phrase("another passphrase")),
        Err(KeyFileError::Opening)
    ));
    assert!(matches!(
        write(&path, "SCHNORR", &[8; 32], &pass, Cost::LIGHT),
        Err(KeyFileError::Io { .. })
    ));
}

#[test]
fn every_altered_character_is_noticed() {
    let pass = phrase("correct horse battery");
    let text = seal("SALT", &[1; 32], &pass, Cost::LIGHT).unwrap();
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        let Ok(changed) = String::from_utf8(bytes) else {
            continue;
        };
        // A lower cost is cheap to try; a huge one is refused before it runs.
        assert!(
            open("SALT", &changed, &pass).is_err(),
            "flip at {at} was accepted:\n{changed}"
        );
    }
}

#[test]
fn weak_passphrases_and_hostile_parameters_are_refused() {
    assert!(matches!(
        seal("SALT", &[1], &phrase("short"), Cost::LIGHT),
        Err(KeyFileError::Weak)
    ));
    assert!(matches!(
        seal("a\nb", &[1], &phrase("long enough now"), Cost::LIGHT),
        Err(KeyFileError::Kind { .. })
    ));
    for bad in [
        "argon2id m=4294967295 t=3 p=1",
        "argon2id m=8 t=0 p=1",
        "argon2i m=8192 t=1 p=1",
        "argon2id m=8192 t=1 p=1 x=1",
    ] {
        assert_eq!(Cost::parse(bad), None, "{bad}");
    }
}

#[test]
fn nothing_prints_a_passphrase() {
    assert_eq!(
        format!("{:?}", phrase("very secret words")),
        "Passphrase(..)"
    );
}
