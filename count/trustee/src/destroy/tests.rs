use super::*;
use crypto::Scalar;

#[test]
fn every_field_of_a_signed_text_counts() {
    let key = SigningKey::from_scalar(Scalar::from(5u8)).unwrap();
    let signed = Statement::sign("I did.", &key);
    let message = b"I did.\n";
    let by = &key.public();
    assert!(crypto::schnorr::verify(by, "trustee-statement", message, &signed.signature).is_ok());
    assert!(signed.verify(by));
    for i in 0..signed.text.len() {
        let mut text = signed.text.clone().into_bytes();
        text[i] ^= 1;
        let other = Statement {
            text: String::from_utf8(text).unwrap(),
            ..signed.clone()
        };
        assert!(!other.verify(by), "byte {i}");
    }
    let file = signed.to_text();
    assert_eq!(Statement::parse(&file), Some(signed));
}
