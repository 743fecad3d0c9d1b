use std::fs;

use crypto::Hash;

use super::Sealer;

#[test]
fn only_the_same_secret_and_election_open_it() {
    let folder = tempfile::tempdir().unwrap();
    let sealer = |secret: u8, election: u8| {
        Sealer::new(folder.path(), &[secret; 64], Hash([election; 64])).unwrap()
    };
    sealer(1, 1).store(b"entry").unwrap();
    assert_eq!(sealer(1, 1).load().as_deref(), Some(b"entry".as_slice()));
    assert_eq!(sealer(2, 1).load(), None);
    assert_eq!(sealer(1, 2).load(), None);
    sealer(1, 1).remove();
    sealer(1, 1).remove();
    assert_eq!(sealer(1, 1).load(), None);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_entry_is_not_readable_on_disk_and_a_flipped_bit_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let sealer = Sealer::new(folder.path(), &[3; 64], Hash::ZERO).unwrap();
    let entry = b"a ballot nobody should find".repeat(4);
    sealer.store(&entry).unwrap();
    let path = sealer.path();
    let mut bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len(), 24 + entry.len() + 16);
    assert!(!bytes.windows(8).any(|w| entry.starts_with(w)));
    bytes[40] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert_eq!(sealer.load(), None);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let sealer = Sealer::new(folder.path(), &[3; 64], Hash::ZERO).unwrap();
    sealer.store(b"x").unwrap();
    let mode = fs::metadata(sealer.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn every_field_of_key_and_name_of_a_sealed_ballot_counts() {
    let folder = tempfile::tempdir().unwrap();
    let sealer = |secret: [u8; 64], election: Hash| {
        let s = Sealer::new(folder.path(), &secret, election).unwrap();
        (s.key.to_vec(), s.name.clone())
    };
    let (key, name) = sealer([1; 64], Hash([2; 64]));
    let hkdf = hkdf::Hkdf::<sha2::Sha512>::new(Some(super::DST), &[1; 64]);
    let expand = |label: &[u8], length: usize| {
        let mut out = vec![0; length];
        hkdf.expand(&[label, &[2; 64]].concat(), &mut out).unwrap();
        out
    };
    assert_eq!(key, expand(b"key", 32));
    assert_eq!(
        name,
        format!("{}.sealed", crypto::hash::to_hex(&expand(b"name", 16)))
    );
    assert_ne!(key[..16], expand(b"name", 16));
    for i in 0..64 {
        let (mut secret, mut election) = ([1; 64], Hash([2; 64]));
        secret[i] ^= 1;
        election.0[i] ^= 1;
        for other in [sealer(secret, Hash([2; 64])), sealer([1; 64], election)] {
            assert!(other.0 != key && other.1 != name, "byte {i}");
        }
    }
}
