use super::*;
use crate::keyfile::Cost;

#[test]
fn the_pin_stays_the_same_across_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tls.key");
    let pass = Passphrase::new(Zeroizing::new("a long passphrase".to_owned()));
    let identity = Identity::generate().unwrap();
    identity.write(&path, &pass, Cost::LIGHT).unwrap();
    let again = Identity::read(&path, &pass).unwrap();
    assert_eq!(identity.pin(), again.pin());
    assert_eq!(
        identity.pin().to_string().parse::<SpkiPin>().unwrap(),
        again.pin()
    );
    assert_ne!(identity.pin(), Identity::generate().unwrap().pin());
}

#[test]
fn damaged_pins_and_keys_are_refused() {
    assert!(matches!("00".parse::<SpkiPin>(), Err(TlsError::Pin)));
    assert!(matches!(Identity::from_pkcs8(b"x"), Err(TlsError::Key)));
    assert!(matches!(SpkiPin::of(b"x"), Err(TlsError::Certificate)));
}
