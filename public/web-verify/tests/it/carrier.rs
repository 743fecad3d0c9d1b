//! The page's half of a question that a relay carries.

use crate::chain::options;
use ballot::manifest::{Manifest, Question, QuestionKind, Relay, SealedManifest};
use ballot::text::Text;
use crypto::wire::TopLevel as _;
use oblivious::{DoorKey, Response};
use testkit::election::Lab;
use web_verify::carrier::{Carrier, NotCarried};
use web_verify::pins::NoPins;

/// A sealed manifest of the test kit as it is, or with a relay and with these keys of the doors.
fn manifest(doors: &[[u8; 32]]) -> Vec<u8> {
    with(doors, |_| {})
}

fn with(doors: &[[u8; 32]], changed: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    let lab = Lab::sealed(options());
    let mut sealed: SealedManifest = lab.manifest.clone().unwrap();
    if !doors.is_empty() {
        changed(&mut sealed.manifest);
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
    let carrier = Carrier::new(None, &manifest(&[])).unwrap();
    assert!(carrier.ways().relays.is_empty());
    assert!(Carrier::new(None, b"nothing").is_err());
}

#[test]
fn a_80_a_page_asks_a_node_through_a_relay_and_notices_every_change() {
    let mut rng = rand::rng();
    let keys: Vec<_> = (0..8).map(|_| DoorKey::generate(&mut rng)).collect();
    let doors: Vec<[u8; 32]> = keys.iter().map(|(_, public)| *public).collect();
    let mut carrier = Carrier::new(None, &manifest(&doors)).unwrap();
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

#[test]
fn the_ways_come_from_a_manifest_that_fits_the_trust_file() {
    let lab = Lab::sealed(options());
    let network = &lab.parties.network;
    let trust = |first: u8| {
        let mut keys = network.committee();
        keys[0][0] ^= first;
        let keys: Vec<String> = keys.iter().map(|key| crypto::hash::to_hex(key)).collect();
        let trust = serde_json::json!({
            "authority": lab.parties.authority.public().to_hex(),
            "network": crypto::hash::to_hex(&network.id()),
            "validators": keys,
            "minimum_booth": "0.1.0",
            "practice": true,
        });
        trust.to_string().into_bytes()
    };
    let door = DoorKey::generate(&mut rand::rng()).1;
    let sealed = manifest(&[door]);
    assert!(Carrier::new(Some(&trust(0)), &sealed).is_ok());
    let refused = Carrier::new(Some(&trust(1)), &sealed).err();
    assert_eq!(refused, Some(NoPins::Untrusted("R8.08")));
}

#[test]
fn an_election_that_no_relay_can_carry_is_told_as_that() {
    let long = Question {
        id: "Q".to_owned(),
        text: Text::new("問", "Question", "問"),
        kind: QuestionKind::Text,
        required: false,
        options: Vec::new(),
        max_chars: u16::MAX,
    };
    let questions = (0..3).map(|n| Question {
        id: format!("Q{n}"),
        ..long.clone()
    });
    let sealed = with(&[[7; 32]], |m| m.survey = questions.collect());
    assert_eq!(Carrier::new(None, &sealed).err(), Some(NoPins::TooLong));
}
