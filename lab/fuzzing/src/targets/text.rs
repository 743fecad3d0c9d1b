//! JSON, TOML, key files and what people type.

use crate::seeds::WORLD;
use api::hex::{Hex, HexBytes};
use api::start_file::StartFile;
use api::{portal, registrar};
use ballot::code::normalise_code;
use ballot::own_card::key_proof::KeyProof;
use crypto::hash::to_hex;
use crypto::{Hash, Point, Scalar};
use host::keyfile;
use host::passphrase::Passphrase;
use jpki::TrustStore;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Write as _;
use verify::Trust;
use zeroize::Zeroizing;

const KEY_FILE: &str = include_str!("../../seeds/key.txt");
const CARD_TRUST: &str = include_str!("../../seeds/trust.json");

/// What parses says the same after it was written and read again.
fn json<T: DeserializeOwned + Serialize + PartialEq + core::fmt::Debug>(bytes: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<T>(bytes) else {
        return false;
    };
    let text = serde_json::to_vec(&value).expect("plain data");
    let again: T = serde_json::from_slice(&text).expect("what we wrote");
    assert_eq!(value, again);
    true
}

fn written(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain data")
}

pub(super) fn start_file(bytes: &[u8]) -> bool {
    json::<StartFile>(bytes)
}

pub(super) fn start_file_seeds() -> Vec<Vec<u8>> {
    let file = StartFile {
        v: 1,
        election_hash: Hex(Hash([7; 64])),
        hints: vec!["http://127.0.0.1:47100".to_owned()],
        signature: signature(),
        ticket: Some(Hex([9; 16])),
        ticket_expires: Some(1_800_000_000_000),
    };
    let bare = StartFile {
        ticket: None,
        ticket_expires: None,
        ..file.clone()
    };
    vec![written(&file), written(&bare)]
}

/// Well-formed, and of nobody.
fn signature() -> Hex<crypto::schnorr::Signature> {
    "08".repeat(64).parse().expect("a signature")
}

/// The same with a key that is one.
fn key_proof() -> Hex<KeyProof> {
    let key = to_hex(Point::base().as_bytes());
    [key, "08".repeat(96)].concat().parse().expect("a proof")
}

pub(super) fn registrar(bytes: &[u8]) -> bool {
    let one = [
        json::<registrar::SessionRequest>(bytes),
        json::<registrar::SessionAnswer>(bytes),
        json::<registrar::AuthRequest>(bytes),
        json_auth_answer(bytes),
        json::<registrar::TokenRequest>(bytes),
        json::<registrar::TokenAnswer>(bytes),
        json::<registrar::ChallengeRequest>(bytes),
        json::<registrar::ChallengeAnswer>(bytes),
        json::<registrar::ExtendRequest>(bytes),
        json::<registrar::Refusal>(bytes),
        json::<portal::RedeemRequest>(bytes),
        json::<portal::RedeemAnswer>(bytes),
        json::<portal::SurveyRequest>(bytes),
        json::<portal::Refusal>(bytes),
        json::<registrar::PublicPart>(bytes),
        json::<registrar::Status>(bytes),
        json::<api::node::Status>(bytes),
        json::<api::node::Declined>(bytes),
    ];
    one.contains(&true)
}

fn json_auth_answer(bytes: &[u8]) -> bool {
    json::<registrar::AuthAnswer>(bytes)
}

pub(super) fn registrar_seeds() -> Vec<Vec<u8>> {
    let session = registrar::SessionRequest {
        ticket: Some(Hex([1; 16])),
        station: None,
    };
    let auth = registrar::AuthRequest {
        nonce: Hex([2; 32]),
        certificate: HexBytes::of([3; 40]),
        auth_text: HexBytes::of([4; 40]),
        card_signature: Hex([5; 256]),
        face: registrar::FaceVerdict::Match,
        face_reason: String::new(),
        station: None,
    };
    let answer = registrar::AuthAnswer {
        salt_share: Hex(registrar::SaltShare(Zeroizing::new([6; 64]))),
        salt_path: vec![Hex([7; 32])],
        person_key: Hex(Point::base()),
        proof: key_proof(),
        exists: registrar::Exists {
            first: true,
            survey: false,
        },
        card_nonce: Some(Hex(Point::base())),
        expires_ms: 5,
        signature: signature(),
    };
    let challenge = registrar::ChallengeRequest {
        nonce: Hex([2; 32]),
        challenge: Hex(Scalar::ONE),
        signature: signature(),
    };
    let token = registrar::TokenRequest {
        nonce: Hex([2; 32]),
        kind: ballot::token::Kind::Again,
        window: 1,
        blinded: Hex([7; 256]),
        heard: vec![answer.heard(&[2; 32])],
        signature: signature(),
    };
    vec![
        written(&session),
        written(&auth),
        written(&answer),
        written(&token),
        written(&challenge),
    ]
}

/// What is accepted gives one network id, whatever the order of the file.
pub(super) fn network_file(bytes: &[u8]) -> bool {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("room for it");
    let Ok((_, config)) = client::read_network(file.path()) else {
        return false;
    };
    let mut validators = config.validators.clone();
    validators.reverse();
    let again = board::NetworkConfig::new(&config.name, validators, config.authorities.clone(), 0);
    assert_eq!(again.map(|n| n.id()), Ok(config.id()));
    true
}

pub(super) fn network_file_seeds() -> Vec<Vec<u8>> {
    let network = WORLD.lab.network();
    let mut text = format!(
        "name = \"{}\"\nauthorities = [\"{}\"]\n",
        network.name,
        network.authorities.first().expect("one").to_hex()
    );
    for (i, v) in network.validators.iter().enumerate() {
        text.push_str(&format!(
            "[[validators]]\nname = \"v{i}\"\nengine_key = \"{}\"\nnode_key = \"{}\"\np2p = \"127.0.0.1:1\"\ngateway = \"https://a\"\nspki = \"{}\"\nhpke = \"{}\"\n",
            to_hex(&v.engine_key),
            v.node_key.to_hex(),
            to_hex(&v.spki),
            to_hex(&v.hpke),
        ));
    }
    vec![text.into_bytes()]
}

pub(super) fn trust_file(bytes: &[u8]) -> bool {
    let Ok(trust) = Trust::parse(bytes) else {
        return false;
    };
    assert!(trust.validators.is_sorted());
    true
}

pub(super) fn trust_file_seeds() -> Vec<Vec<u8>> {
    let keys: Vec<String> = WORLD.committee.keys().iter().map(|k| to_hex(k)).collect();
    let file = serde_json::json!({
        "authority": WORLD.lab.parties.authority.public().to_hex(),
        "network": to_hex(&WORLD.committee.network),
        "validators": keys,
        "minimum_booth": "0.1.0",
        "practice": true,
    });
    vec![written(&file)]
}

pub(super) fn card_trust(bytes: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return false;
    };
    TrustStore::from_json(text).is_ok()
}

pub(super) fn card_trust_seeds() -> Vec<Vec<u8>> {
    vec![CARD_TRUST.as_bytes().to_vec()]
}

/// The passphrase opens the one secret or nothing. Files that ask for another cost are left out:
/// they would only make the run slow.
pub(super) fn key_file(bytes: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return false;
    };
    let cost = text.lines().find_map(|l| l.strip_prefix("Kdf: "));
    if cost.is_some_and(|c| c != "argon2id m=8192 t=1 p=1") {
        return false;
    }
    let passphrase = Passphrase::new(Zeroizing::new("a passphrase for tests".to_owned()));
    let Ok(secret) = keyfile::open("TEST", text, &passphrase) else {
        return false;
    };
    assert_eq!(*secret, b"a secret for tests");
    true
}

pub(super) fn key_file_seeds() -> Vec<Vec<u8>> {
    vec![KEY_FILE.as_bytes().to_vec()]
}

/// A code that is understood stays the same when it is typed again.
pub(super) fn typed(bytes: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return false;
    };
    // Neither may panic nor take anything but digits.
    if let Ok(pin) = card::Pin::parse(text) {
        assert!(!format!("{pin:?}").contains(text.trim()));
    }
    let number = card::NumberB::parse(text).is_ok();
    let Some(code) = normalise_code(text) else {
        return number;
    };
    assert_eq!(code.len(), 23);
    assert_eq!(normalise_code(&code), Some(code));
    true
}

pub(super) fn typed_seeds() -> Vec<Vec<u8>> {
    [
        "0123A-BCDEF-GHJKM-NPQ11",
        "０１２３Ａ-BCDEF-GHJKM-NPQ1L",
        "12345678901234",
    ]
    .map(|s| s.as_bytes().to_vec())
    .to_vec()
}
