use super::*;
use ceremony::{Member, Message, Roster, trustee};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

fn folder(dir: &tempfile::TempDir) -> KeyFolder {
    let passphrase = Passphrase::new(Zeroizing::new("a long enough passphrase".into()));
    KeyFolder::new(dir.path(), passphrase, true)
}

/// Two setups that begin with the same 8 bytes and differ in `last`.
fn setup(last: u8) -> Hash {
    let mut bytes = [7; 64];
    bytes[63] = last;
    Hash(bytes)
}

fn secret(first: u8) -> Seed {
    let mut bytes = Zeroizing::new([3; 32]);
    bytes[0] = first;
    bytes
}

/// The commitments of the polynomial that trustee `id` draws in `setup`.
fn polynomial(folder: &KeyFolder, setup: Hash, id: u16) -> Vec<crypto::Point> {
    let member = |id| Member {
        id,
        key: SigningKey::generate(&mut rand::rng()).public(),
        hpke: HpkeSecret::generate(&mut rand::rng()).1,
    };
    let roster = Roster::new(2, (1..=3).map(member).collect()).unwrap();
    let ceremony = ceremony::Ceremony::new(setup, roster);
    let seed = folder.polynomial_seed(&setup, true).unwrap();
    let mut rng = ChaCha20Rng::from_seed(*seed);
    let (committed, _) = trustee::commit(&ceremony, id, &mut rng).unwrap();
    match committed.reveal().1 {
        Message::Reveal { commitments, .. } => commitments,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_08_setups_with_one_prefix_get_different_polynomials() {
    let dir = tempfile::tempdir().unwrap();
    let folder = folder(&dir);
    let first = polynomial(&folder, setup(1), 1);
    let renumbered = polynomial(&folder, setup(2), 2);
    assert!(first.iter().all(|c| !renumbered.contains(c)));
    // The same setup gives the same polynomial after a new start.
    assert_eq!(polynomial(&folder, setup(1), 1), first);
}

#[test]
fn a_08_the_seed_of_a_polynomial_depends_on_every_field() {
    let seed = polynomial_seed(&secret(1), &setup(1));
    let wide = crypto::hash::hash(
        "trustee-polynomial",
        &[secret(1).as_ref(), setup(1).as_bytes()],
    );
    assert_eq!(seed[..], wide.0[..32]);
    assert_ne!(seed, polynomial_seed(&secret(2), &setup(1)));
    assert_ne!(seed, polynomial_seed(&secret(1), &setup(2)));
    let purpose = crypto::hash::hash("ceremony", &[secret(1).as_ref(), setup(1).as_bytes()]);
    assert_ne!(seed[..], purpose.0[..32]);
}

/// Somebody copies the file of one ceremony over that of another.
#[test]
fn a_08_refuses_the_ceremony_file_and_the_share_of_another_setup() {
    let dir = tempfile::tempdir().unwrap();
    let folder = folder(&dir);
    folder.polynomial_seed(&setup(1), true).unwrap();
    let share = KeyShare::from_bytes(1, &Scalar::from(5u8).to_bytes()).unwrap();
    folder.write_share(&setup(1), &share).unwrap();
    for name in ["ceremony", "share"] {
        let path = |s| folder.path(name, Some(&s));
        std::fs::copy(path(setup(1)), path(setup(2))).unwrap();
    }
    let refused = folder.polynomial_seed(&setup(2), true).unwrap_err();
    assert!(matches!(
        refused.downcast_ref(),
        Some(Refusal::OtherCeremony)
    ));
    let refused = folder.read_share(1, &setup(2)).unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(Refusal::Share)));
    // The one it was made for still opens.
    folder.polynomial_seed(&setup(1), false).unwrap();
    folder.read_share(1, &setup(1)).unwrap();
}

#[test]
fn every_field_of_a_trustees_keys_counts() {
    let keys = |seed: &[u8; 32]| Keys::from_seed(seed).unwrap();
    let made = keys(&[1; 32]);
    let wide = |purpose: &str| crypto::hash::hash(purpose, &[&[1; 32]]).0;
    let scalar = Scalar::from_bytes_mod_order_wide(&wide("trustee-signing-key"));
    let signing = SigningKey::from_scalar(scalar).unwrap();
    assert_eq!(made.signing.public(), signing.public());
    assert_eq!(made.hpke.expose()[..], wide("trustee-hpke-key")[..32]);
    assert_eq!(made.hpke.public(), Some(made.hpke_public));
    for i in 0..32 {
        let mut seed = [1; 32];
        seed[i] ^= 1;
        let other = keys(&seed);
        assert_ne!(other.signing.public(), made.signing.public(), "byte {i}");
        assert_ne!(other.hpke_public, made.hpke_public, "byte {i}");
    }
}
