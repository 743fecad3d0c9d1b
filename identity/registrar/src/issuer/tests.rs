use super::*;
use ballot::blind::{Blinding, PublicKey, blind, finalize};

#[test]
fn openssl_and_the_client_half_agree() {
    let issuer = Issuer::generate().unwrap();
    let key = PublicKey::from_modulus(issuer.modulus()).unwrap();
    for n in 0..4 {
        let blinding = Blinding::fresh(&key, &[n; 64], "https://a", Kind::Again).unwrap();
        let request = blind(&key, b"message", &blinding).unwrap();
        let token = finalize(&key, b"message", &issuer.sign(&request).unwrap(), &blinding).unwrap();
        assert_eq!(key.verify(b"message", &token), Ok(()));
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let issuer = Issuer::generate().unwrap();
    assert_eq!(issuer.sign(&[0; 256]), Err(IssuerError::Range));
    assert_eq!(issuer.sign(&[0xff; 256]), Err(IssuerError::Range));
    assert_eq!(
        issuer.sign(&issuer.modulus().clone()),
        Err(IssuerError::Range)
    );
}

#[test]
fn a_key_survives_its_bytes_and_other_keys_are_refused() {
    let issuer = Issuer::generate().unwrap();
    let again = Issuer::from_der(&issuer.to_der().unwrap()).unwrap();
    assert_eq!(issuer.modulus(), again.modulus());
    let small = Rsa::generate(1024).unwrap().private_key_to_der().unwrap();
    assert_eq!(Issuer::from_der(&small).unwrap_err(), IssuerError::Key);
    let three = BigNum::from_u32(3).unwrap();
    let other = Rsa::generate_with_e(2048, &three)
        .unwrap()
        .private_key_to_der()
        .unwrap();
    assert_eq!(Issuer::from_der(&other).unwrap_err(), IssuerError::Key);
}
