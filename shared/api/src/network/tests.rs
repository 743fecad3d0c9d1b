use super::*;
use crate::hex::Hex;
use crate::node::ValidatorEntry;
use crypto::{Point, Scalar};

fn key(n: u64) -> Hex<Point> {
    Hex(Point::mul_base(&Scalar::from(n)).unwrap())
}

fn file() -> NetworkFile {
    let validator = |i: u8| ValidatorEntry {
        name: format!("v{i}"),
        engine_key: Hex([i; 32]),
        node_key: key(u64::from(i)),
        p2p: format!("127.0.0.1:{}", 9000 + u16::from(i))
            .parse()
            .unwrap(),
        gateway: format!("https://v{i}.example"),
        spki: Hex([100 + i; 32]),
        hpke: Hex([70 + i; 32]),
    };
    NetworkFile {
        name: "n".into(),
        authorities: vec![key(50), key(51)],
        validators: (1..=4).map(validator).collect(),
    }
}

#[test]
fn the_order_in_the_file_does_not_matter_and_every_field_but_p2p_does() {
    let id = network_config(&file()).unwrap().id();
    let mut other = file();
    other.validators.reverse();
    other.authorities.reverse();
    other.validators[0].p2p = "127.0.0.1:1".parse().unwrap();
    assert_eq!(network_config(&other).unwrap().id(), id);
    type Change = fn(&mut NetworkFile);
    let changes: [Change; 8] = [
        |f| f.name.push('x'),
        |f| f.authorities[0] = key(52),
        |f| f.validators[1].name.push('x'),
        |f| f.validators[1].engine_key = Hex([9; 32]),
        |f| f.validators[1].node_key = key(9),
        |f| f.validators[1].gateway.push('x'),
        |f| f.validators[1].spki = Hex([9; 32]),
        |f| f.validators[1].hpke = Hex([10; 32]),
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let mut other = file();
        change(&mut other);
        assert_ne!(network_config(&other).unwrap().id(), id, "change {i}");
    }
}

#[test]
fn a_file_with_a_broken_or_a_repeated_key_is_refused() {
    let good = serde_json::to_string(&file()).unwrap();
    assert!(serde_json::from_str::<NetworkFile>(&good).is_ok());
    let (spki, authority) = ("67".repeat(32), key(51).to_string());
    for (from, to) in [
        (spki.as_str(), "67".repeat(31)),
        (&spki, "6G".repeat(32)),
        (&authority, "0".repeat(64)),
        (&authority, authority.to_ascii_uppercase()),
    ] {
        let changed = good.replace(from, &to);
        assert_ne!(changed, good);
        assert!(
            serde_json::from_str::<NetworkFile>(&changed).is_err(),
            "{to}"
        );
    }
    let mut twice = file();
    twice.validators[0].engine_key = twice.validators[1].engine_key;
    assert!(network_config(&twice).is_err());
}
