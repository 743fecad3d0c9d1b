//! The page's half of a question that a relay carries.

use crate::chain::options;
use ballot::manifest::{Relay, SealedManifest};
use ballot::text::Text;
use crypto::wire::TopLevel as _;
use oblivious::{DoorKey, Response};
use testkit::election::Lab;
use web_verify::carrier::{Carrier, NotCarried};

/// A sealed manifest of the test kit as it is, or with a relay and with these keys of the doors.
fn manifest(doors: &[[u8; 32]]) -> Vec<u8> {
    let lab = Lab::sealed(options());
    let mut sealed: SealedManifest = lab.manifest.clone().unwrap();
    if !doors.is_empty() {
        for (validator, door) in sealed.manifest.validators.iter_mut().zip(doors) {
            validator.hpke = *door;
        }
        sealed.manifest.relays = vec![Relay {
            name: Text::new("中継", "Relay", "中継"),
            origin: "https://relay.example".to_owned(),
            spki: [77; 32],
        }];
        sealed = lab.parties.seal(sealed.manifest, &mut lab.rng.clone());
    }
    sealed.to_bytes()
}

#[test]
fn a_manifest_without_relays_gives_no_way() {
    let carrier = Carrier::new(&manifest(&[])).unwrap();
    assert!(carrier.ways().relays.is_empty());
    assert!(Carrier::new(b"nothing").is_err());
}

#[test]
fn a_80_a_page_asks_a_node_through_a_relay_and_notices_every_change() {
    let mut rng = rand::rng();
    let keys: Vec<_> = (0..8).map(|_| DoorKey::generate(&mut rng)).collect();
    let doors: Vec<[u8; 32]> = keys.iter().map(|(_, public)| *public).collect();
    let mut carrier = Carrier::new(&manifest(&doors)).unwrap();
    let ways = carrier.ways();
    assert_eq!(ways.relays, ["https://relay.example"]);
    let mut lengths = Vec::new();
    for (node, _) in ways.nodes.iter().enumerate() {
        let path = format!("/v1/entries/{node}?wait=10");
        let (number, sealed) = carrier.seal(node, &path, [7; 32]).unwrap();
        lengths.push(sealed.len());
        let (asked, answering) = keys[node].0.open(&sealed).unwrap();
        assert_eq!(asked.path, path);
        let answer = Response {
            status: 404,
            body: b"{}".to_vec(),
        };
        let back = answering.seal(&answer, &mut rng).unwrap();
        assert_eq!(carrier.open(number, &back), Ok((404, b"{}".to_vec())));
        assert_eq!(carrier.open(number, &back), Err(NotCarried::Answer));
        let (number, _) = carrier.seal(node, &path, [8; 32]).unwrap();
        assert_eq!(carrier.open(number, &back), Err(NotCarried::Answer));
    }
    assert!(lengths.windows(2).all(|pair| pair[0] == pair[1]));
    let none = carrier.seal(ways.nodes.len(), "/v1/status", [9; 32]);
    assert_eq!(none, Err(NotCarried::Question));
}
