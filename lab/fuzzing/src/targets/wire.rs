//! Values in canonical bytes.

use crate::property::{canonical, top};
use crate::seeds::WORLD;
use api::node::{Absence, Answer, Head, Judgement, NoBallot, Refusal};
use ballot::card_text::{AuthText, CredentialText, origin_hash};
use ballot::proof::ContestBallot;
use ballot::token::TokenMessage;
use ballot::{Ballot, CheckBallot, Manifest, Opening, SealedManifest, Shape};
use board::entry::{Entry, kind};
use board::finality::FinalityCertificate;
use board::{Block, Header, NetworkConfig, Receipt};
use ceremony::Message;
use crypto::signed::Statement as _;
use crypto::wire::{Reader, TopLevel, Wire as _, Writer};
use crypto::{Encoded, Hash, Point, Rule};
use tally::PartialDecryption;

pub(super) fn manifest(bytes: &[u8]) -> bool {
    let good = top::<Manifest>(bytes);
    if good && let Ok(m) = Manifest::from_bytes(bytes) {
        // Sound or not: neither the check nor what is computed from it may panic.
        if m.check().is_ok() {
            assert!(m.ballot_len() > 0 && m.opens_at() < m.close_at);
        }
    }
    good
}

pub(super) fn manifest_seeds() -> Vec<Vec<u8>> {
    vec![WORLD.manifest.manifest.to_bytes()]
}

pub(super) fn sealed(bytes: &[u8]) -> bool {
    let good = top::<SealedManifest>(bytes);
    if good && let Ok(s) = SealedManifest::from_bytes(bytes) {
        let sound = s.check().is_ok();
        assert!(
            !sound || s == WORLD.manifest,
            "a changed manifest is still signed"
        );
    }
    good
}

pub(super) fn sealed_seeds() -> Vec<Vec<u8>> {
    vec![WORLD.manifest.to_bytes()]
}

pub(super) fn ballot(bytes: &[u8]) -> bool {
    top::<Ballot>(bytes)
}

pub(super) fn ballot_seeds() -> Vec<Vec<u8>> {
    WORLD.of_kind(kind::BALLOT)
}

pub(super) fn check_ballot(bytes: &[u8]) -> bool {
    top::<CheckBallot>(bytes)
}

pub(super) fn check_ballot_seeds() -> Vec<Vec<u8>> {
    WORLD.of_kind(kind::CHECK_BALLOT)
}

pub(super) fn opening(bytes: &[u8]) -> bool {
    let good = top::<Opening>(bytes);
    if let Ok(o) = WORLD.rules.check_opening(bytes) {
        assert!(good, "another form than the canonical one");
        assert_eq!(WORLD.rules.encrypt_again(&o).len(), 64 * o.lines.len());
    }
    good
}

pub(super) fn opening_seeds() -> Vec<Vec<u8>> {
    WORLD.of_kind(kind::OPENING)
}

/// Six bytes of shape, then a contest.
pub(super) fn contest(bytes: &[u8]) -> bool {
    let Some((head, body)) = bytes.split_at_checked(6) else {
        return false;
    };
    let Ok(shape) = Shape::read(&mut Reader::new(head)) else {
        return false;
    };
    let decode = |b: &[u8]| ContestBallot::from_bytes(b, &shape).ok();
    canonical(body, decode, ContestBallot::to_bytes)
}

pub(super) fn contest_seeds() -> Vec<Vec<u8>> {
    let ballots = WORLD.of_kind(kind::BALLOT);
    let shape = *WORLD.rules.keys().first().expect("a contest").shape();
    let mut w = Writer::new();
    shape.write(&mut w);
    let head = w.finish();
    ballots
        .iter()
        .filter_map(|b| Ballot::from_bytes(b).ok())
        .flat_map(|b| b.contests)
        .map(|c| [head.clone(), c].concat())
        .collect()
}

pub(super) fn ceremony(bytes: &[u8]) -> bool {
    top::<Message>(bytes)
}

pub(super) fn ceremony_seeds() -> Vec<Vec<u8>> {
    let entries = WORLD.of_kind(kind::CEREMONY);
    let messages = entries.iter().filter_map(|e| match Entry::decode(e) {
        Ok(Entry::Ceremony(c)) => Some(c.body.message.to_bytes()),
        _ => None,
    });
    messages.collect()
}

pub(super) fn partial(bytes: &[u8]) -> bool {
    top::<PartialDecryption>(bytes)
}

pub(super) fn partial_seeds() -> Vec<Vec<u8>> {
    WORLD.lab.shares.iter().map(TopLevel::to_bytes).collect()
}

pub(super) fn header(bytes: &[u8]) -> bool {
    let good = top::<Header>(bytes);
    assert!(!good || bytes.len() == Header::LEN);
    good
}

pub(super) fn header_seeds() -> Vec<Vec<u8>> {
    let headers = WORLD.lab.chain.iter().take(3);
    headers.map(|s| s.block.header.to_bytes()).collect()
}

pub(super) fn block(bytes: &[u8]) -> bool {
    canonical(bytes, |b| Block::from_bytes(b).ok(), Block::to_bytes)
}

pub(super) fn block_seeds() -> Vec<Vec<u8>> {
    WORLD.lab.chain.iter().map(|s| s.block.to_bytes()).collect()
}

pub(super) fn network(bytes: &[u8]) -> bool {
    top::<NetworkConfig>(bytes)
}

pub(super) fn network_seeds() -> Vec<Vec<u8>> {
    vec![WORLD.lab.network().to_bytes()]
}

pub(super) fn certificate(bytes: &[u8]) -> bool {
    let decode = |b: &[u8]| FinalityCertificate::from_bytes(b).ok();
    let good = canonical(bytes, decode, FinalityCertificate::to_bytes);
    if let Some(c) = decode(bytes) {
        let namespace = board::network::namespace(&WORLD.committee.network);
        let holds = c.verify(WORLD.committee.keys(), &namespace, &c.payload);
        let known = || certificate_seeds().iter().any(|s| s == bytes);
        assert!(
            holds.is_err() || known(),
            "a changed certificate still verifies"
        );
    }
    good
}

pub(super) fn certificate_seeds() -> Vec<Vec<u8>> {
    let chain = WORLD.lab.chain.iter();
    chain.filter_map(|s| s.certificate.clone()).collect()
}

pub(super) fn receipt(bytes: &[u8]) -> bool {
    let good = top::<Receipt>(bytes);
    if let Ok(r) = Receipt::decode(bytes) {
        let (ours, entry) = &WORLD.receipt;
        let holds = r.verify_entry(&WORLD.committee, entry).is_ok();
        assert!(!holds || r == *ours, "a changed receipt still verifies");
    }
    good
}

pub(super) fn receipt_seeds() -> Vec<Vec<u8>> {
    vec![WORLD.receipt.0.to_bytes()]
}

pub(super) fn card_text(bytes: &[u8]) -> bool {
    let (auth, credential) = (top::<AuthText>(bytes), top::<CredentialText>(bytes));
    assert!(!(auth && credential), "one text of two kinds");
    auth || credential
}

pub(super) fn card_text_seeds() -> Vec<Vec<u8>> {
    let auth = AuthText {
        election: Hash([3; 64]),
        origin: origin_hash("https://127.0.0.1:47101"),
        nonce: [7; 32],
        session_key: Point::base(),
        expiry_day: 20_000,
    };
    let credential = CredentialText {
        election: Hash([3; 64]),
    };
    vec![auth.to_bytes(), credential.to_bytes()]
}

pub(super) fn token(bytes: &[u8]) -> bool {
    top::<TokenMessage>(bytes)
}

pub(super) fn token_seeds() -> Vec<Vec<u8>> {
    let (election, vk) = (Hash([3; 64]), Point::base());
    let survey = TokenMessage::Survey {
        election,
        serial: [1; 32],
    };
    [1, 2]
        .map(|seq| TokenMessage::for_ballot(election, vk, (seq, Hash([5; 64]))))
        .iter()
        .chain([&survey])
        .map(TopLevel::to_bytes)
        .collect()
}

pub(super) fn node_answer(bytes: &[u8]) -> bool {
    let kinds = [
        top::<Answer>(bytes),
        top::<Refusal>(bytes),
        top::<NoBallot>(bytes),
        top::<Head>(bytes),
    ];
    let accepted = kinds.iter().filter(|k| **k).count();
    assert!(accepted <= 1, "one answer of two kinds");
    accepted == 1
}

pub(super) fn node_answer_seeds() -> Vec<Vec<u8>> {
    use rand_core::SeedableRng as _;
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(8);
    let key = crypto::schnorr::SigningKey::generate(&mut rng);
    let (height, time_ms) = (9, 1_800_000_000_000);
    let mut said = |rule| {
        let said = Judgement {
            network: [1; 32],
            entry: Hash([2; 64]),
            rule,
            height,
            time_ms,
        };
        said.signed(&key, &mut rng)
    };
    let seen = said(None);
    let answer = said(Some(Rule::new(5, 22)));
    let refusal = Refusal {
        answer,
        held_by: WORLD.receipt.0.to_bytes(),
    };
    let voter = Encoded(*Point::base().as_bytes());
    let none = Absence {
        network: [1; 32],
        voter,
        height,
        time_ms,
    };
    let none = none.signed(&key, &mut rng);
    let head = Head {
        header: WORLD.lab.state.tip().to_bytes(),
        certificate: vec![5; 100],
    };
    vec![
        seen.to_bytes(),
        refusal.to_bytes(),
        none.to_bytes(),
        head.to_bytes(),
    ]
}
