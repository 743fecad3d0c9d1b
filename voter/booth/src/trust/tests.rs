use super::{Trust, version};

#[test]
fn versions_are_compared_as_numbers() {
    assert!(version("0.10.0") > version("0.9.9"));
    for wrong in ["1.2", "1.2.3.4", "1.2.x", ""] {
        assert_eq!(version(wrong), None, "{wrong}");
    }
}

#[test]
fn a_trust_file_without_a_key_is_none() {
    assert!(Trust::parse(b"{}").is_err());
    let zero = "00".repeat(32);
    let text = format!(r#"{{"authority":"{zero}","network":"{zero}","minimum_booth":"0.1.0"}}"#);
    assert!(
        Trust::parse(text.as_bytes()).is_err(),
        "the identity is no key"
    );
}
