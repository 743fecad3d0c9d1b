use crypto::{Point, Scalar};

use super::*;

#[test]
fn reads_the_four_fields_and_nothing_else() {
    let zero = "00".repeat(32);
    let authority = Point::mul_base(&Scalar::from(3u64)).unwrap().to_hex();
    let good = format!(
        r#"{{"authority":"{authority}","network":"{zero}","validators":["{zero}"],"minimum_booth":"0.1.0","practice":false}}"#
    );
    assert_eq!(Trust::parse(good.as_bytes()).unwrap().validators.len(), 1);
    let odd = good.replacen('{', r#"{"more":1,"#, 1);
    assert_eq!(Trust::parse(odd.as_bytes()), Err(BadTrust));
    assert_eq!(
        Trust::parse(good.replace(&zero, "00").as_bytes()),
        Err(BadTrust)
    );
}

#[test]
fn the_example_is_read() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../config/trust.example.json"
    );
    let trust = Trust::parse(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(trust.validators.len(), 4);
}
