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

/// What a public authority would do with the request: here the key signs for itself.
#[test]
fn a_certificate_from_elsewhere_is_taken_for_the_own_key_only() {
    let identity = Identity::generate().unwrap();
    assert!(
        identity
            .request("relay.example")
            .unwrap()
            .contains("REQUEST")
    );
    assert!(identity.request("中継").is_err());
    let params = CertificateParams::new(vec!["relay.example".to_owned()]).unwrap();
    let pem = params.self_signed(&identity.key).unwrap().pem();
    let pin = identity.pin();
    let with = identity.with_certificate(&pem).unwrap();
    assert_eq!(with.pin(), pin);
    assert!(with.server_config().is_ok());
    let other = Identity::generate().unwrap();
    assert!(matches!(
        other.with_certificate(&pem),
        Err(TlsError::Certificate)
    ));
    assert!(with.with_certificate("nothing").is_err());
}
