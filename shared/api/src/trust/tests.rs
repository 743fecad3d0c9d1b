use super::*;
use crypto::Scalar;
use serde_json::{Value, json};

fn file() -> Value {
    let authority = Point::mul_base(&Scalar::from(3u64)).unwrap().to_hex();
    json!({
        "authority": authority,
        "network": "11".repeat(32),
        "validators": ["33".repeat(32), "22".repeat(32)],
        "minimum_booth": "0.10.2",
        "practice": false,
    })
}

fn parse(file: &Value) -> Result<TrustFile, BadTrust> {
    TrustFile::parse(file.to_string().as_bytes())
}

#[test]
fn the_validators_come_out_in_order() {
    let trust = parse(&file()).unwrap();
    assert_eq!(trust.validators(), [[0x22; 32], [0x33; 32]]);
    assert!(trust.minimum_booth > "0.9.9".parse().unwrap());
    assert_eq!(trust.minimum_booth.to_string(), "0.10.2");
}

#[test]
fn anything_missing_unknown_or_misspelt_is_refused() {
    for name in [
        "authority",
        "network",
        "validators",
        "minimum_booth",
        "practice",
    ] {
        let mut without = file();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(parse(&without), Err(BadTrust), "{name}");
    }
    let changes: [(&str, Value); 12] = [
        ("anything", json!(1)),
        ("authority", json!("00".repeat(32))),
        ("network", json!("1G".repeat(32))),
        ("network", json!("AB".repeat(32))),
        ("network", json!("11".repeat(33))),
        ("validators", json!([])),
        ("validators", json!(["22".repeat(32), "22".repeat(32)])),
        ("validators", json!(["22".repeat(31)])),
        ("minimum_booth", json!("0.1")),
        ("minimum_booth", json!("0.+1.0")),
        ("practice", json!(0)),
        ("practice", json!("false")),
    ];
    for (name, value) in changes {
        let mut changed = file();
        changed[name] = value.clone();
        assert_eq!(parse(&changed), Err(BadTrust), "{name}: {value}");
    }
    assert_eq!(TrustFile::parse(b""), Err(BadTrust));
}
