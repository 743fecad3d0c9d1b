//! Start files that were tampered with (threat A-46): each is refused by its own rule.

use api::hex::Hex;
use api::start_file::{PURPOSE_START_FILE, StartFile, static_message};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;

use super::{StartError, check, fetch, open};
use crate::tests::fixture::Fixture;

fn file(election: &Hash, hints: &[&str], key: &SigningKey) -> StartFile {
    let hints: Vec<String> = hints.iter().map(|h| (*h).to_owned()).collect();
    let message = static_message(election, &hints);
    let mut rng = UnwrapErr(SysRng);
    StartFile {
        v: 1,
        election_hash: Hex(*election),
        hints,
        signature: Hex(key.sign(PURPOSE_START_FILE, &message, &mut rng)),
        ticket: Some(Hex([0xab; 16])),
        ticket_expires: Some(1),
    }
}

fn bytes(file: &StartFile) -> Vec<u8> {
    serde_json::to_vec(file).unwrap()
}

#[test]
fn the_authoritys_file_opens() {
    let f = Fixture::new();
    let good = file(&f.hash(), &["http://127.0.0.1:1"], &f.authority);
    let opened = open(&bytes(&good), &f.trust).unwrap();
    assert_eq!(opened.election, f.hash());
    assert!(
        !format!("{opened:?}").contains("171, 171") && !format!("{opened:?}").contains("abab"),
        "the ticket is not printed"
    );
    assert!(check(&f.sealed.to_bytes(), &opened.election, &f.trust).is_ok());
}

#[test]
fn a_46_another_hash_or_other_addresses_are_not_signed() {
    let f = Fixture::new();
    let good = file(&f.hash(), &["http://127.0.0.1:1"], &f.authority);
    let mut other = good.clone();
    other.election_hash = Hex(Hash([9; 64]));
    assert_eq!(open(&bytes(&other), &f.trust), Err(StartError::Signature));
    let mut other = good.clone();
    other.hints = vec!["http://evil.invalid".to_owned()];
    assert_eq!(open(&bytes(&other), &f.trust), Err(StartError::Signature));
    let mut other = good;
    other.hints.push("http://evil.invalid".to_owned());
    assert_eq!(open(&bytes(&other), &f.trust), Err(StartError::Signature));
}

#[test]
fn a_46_another_authority_is_unknown_however_well_it_signs() {
    let (f, other) = (Fixture::new(), Fixture::new());
    let forged = file(&other.hash(), &["http://127.0.0.1:1"], &other.authority);
    assert_eq!(open(&bytes(&forged), &f.trust), Err(StartError::Signature));
    // Even if the file were genuine, the manifest behind it is not.
    let answer = check(&other.sealed.to_bytes(), &other.hash(), &f.trust);
    assert_eq!(answer.unwrap_err(), StartError::UnknownAuthority);
}

#[test]
fn a_46_a_manifest_with_another_hash_is_not_the_one_asked_for() {
    let f = Fixture::new();
    let mut manifest = f.sealed.manifest.clone();
    manifest.registrars[0].origin = "https://evil.invalid".to_owned();
    let forged = Fixture::seal(manifest, &f.authority, &f.trustees[..2]);
    let answer = check(&forged.to_bytes(), &f.hash(), &f.trust);
    assert_eq!(answer.unwrap_err(), StartError::OtherManifest);
}

#[test]
fn the_authority_alone_is_not_enough() {
    let f = Fixture::new();
    for signers in [0, 1] {
        let sealed = Fixture::seal(
            f.sealed.manifest.clone(),
            &f.authority,
            &f.trustees[..signers],
        );
        let answer = check(&sealed.to_bytes(), &f.hash(), &f.trust);
        assert!(matches!(answer, Err(StartError::Manifest(_))), "{signers}");
    }
    let sealed = Fixture::seal(f.sealed.manifest.clone(), &f.trustees[0], &f.trustees[..2]);
    assert!(matches!(
        check(&sealed.to_bytes(), &f.hash(), &f.trust),
        Err(StartError::Manifest(_))
    ));
}

#[test]
fn a_29_other_validators_than_the_pinned_ones_are_refused() {
    let f = Fixture::new();
    let mut trust = f.trust.clone();
    trust.validators = vec![[8; 32]];
    let answer = check(&f.sealed.to_bytes(), &f.hash(), &trust);
    assert_eq!(answer.unwrap_err(), StartError::UnknownAuthority);
    trust.validators.clear();
    trust.network = [9; 32];
    let answer = check(&f.sealed.to_bytes(), &f.hash(), &trust);
    assert_eq!(answer.unwrap_err(), StartError::UnknownAuthority);
}

#[test]
fn a_50_rejects_r1_10_a_practice_election_where_a_real_one_is_meant() {
    let f = Fixture::new();
    let mut trust = f.trust.clone();
    trust.practice = false;
    let answer = check(&f.sealed.to_bytes(), &f.hash(), &trust);
    let error = answer.unwrap_err();
    assert_eq!(error, StartError::OtherKind);
    let said = error.to_string();
    assert!(
        said.starts_with("E-24c") && said.contains("R1.10"),
        "{said}"
    );
    // And the reverse.
    let mut manifest = f.sealed.manifest.clone();
    manifest.practice = false;
    let sealed = Fixture::seal(manifest, &f.authority, &f.trustees[..2]);
    let hash = sealed.manifest.election_hash();
    let answer = check(&sealed.to_bytes(), &hash, &f.trust);
    assert_eq!(answer.unwrap_err(), StartError::OtherKind);
}

#[test]
fn an_election_that_asks_for_codes_needs_another_program() {
    let f = Fixture::new();
    let mut manifest = f.sealed.manifest.clone();
    manifest.eligibility.entitled = ballot::manifest::Entitled::Codes;
    let sealed = Fixture::seal(manifest, &f.authority, &f.trustees[..2]);
    let hash = sealed.manifest.election_hash();
    let answer = check(&sealed.to_bytes(), &hash, &f.trust);
    assert_eq!(answer.unwrap_err(), StartError::OldProgram);
}

#[test]
fn an_older_program_says_so() {
    let f = Fixture::new();
    let mut trust = f.trust.clone();
    trust.minimum_booth = "99.0.0".parse().unwrap();
    let answer = check(&f.sealed.to_bytes(), &f.hash(), &trust);
    assert_eq!(answer.unwrap_err(), StartError::OldProgram);
}

#[test]
fn every_flipped_bit_of_the_static_part_is_noticed() {
    let f = Fixture::new();
    let good = bytes(&file(&f.hash(), &["http://127.0.0.1:1"], &f.authority));
    let text = String::from_utf8(good.clone()).unwrap();
    let end = text.find(",\"ticket\"").unwrap();
    for at in 0..end {
        for bit in 0..8 {
            let mut wrong = good.clone();
            wrong[at] ^= 1 << bit;
            assert!(open(&wrong, &f.trust).is_err(), "byte {at} bit {bit}");
        }
    }
}

#[test]
fn what_is_no_start_file_is_said_so() {
    let f = Fixture::new();
    let good = file(&f.hash(), &["http://127.0.0.1:1"], &f.authority);
    for wrong in [
        b"".as_slice(),
        b"{}",
        b"[]",
        &[0xff; 64],
        &vec![b' '; super::MAX_FILE + 1],
    ] {
        assert_eq!(open(wrong, &f.trust), Err(StartError::Format));
    }
    let mut other = good.clone();
    other.v = 2;
    assert_eq!(open(&bytes(&other), &f.trust), Err(StartError::Format));
    let mut other = good.clone();
    other.hints.clear();
    assert_eq!(open(&bytes(&other), &f.trust), Err(StartError::Format));
    for (member, value) in [
        ("ticket", "../../etc/passwd".to_owned()),
        ("ticket", "AB".repeat(16)),
        ("signature", "00".repeat(5)),
        (
            "election_hash",
            good.election_hash.to_string().to_ascii_uppercase(),
        ),
    ] {
        let mut other = serde_json::to_value(&good).unwrap();
        other[member] = value.into();
        let other = serde_json::to_vec(&other).unwrap();
        assert_eq!(open(&other, &f.trust), Err(StartError::Format), "{member}");
    }
}

/// One answer to whoever asks, as a hotel's network gives it.
fn answering(head: &'static str, body: Vec<u8>) -> String {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _asked = stream.read(&mut [0; 4096]).unwrap();
            let head = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    address
}

/// What the voter is told says whose fault it is: a login page is not a false start file.
#[tokio::test]
async fn a_network_that_answers_itself_is_told_from_a_false_file_and_from_silence() {
    let f = Fixture::new();
    let page = || b"<!DOCTYPE html><title>login</title>".to_vec();
    let bom = [b"\xef\xbb\xbf".as_slice(), &page()].concat();
    let cases = [
        (answering("200 OK", page()), StartError::OtherAnswer),
        (answering("200 OK", bom), StartError::OtherAnswer),
        (answering("200 OK", Vec::new()), StartError::OtherAnswer),
        (
            answering("302 Found\r\nlocation: http://127.0.0.1:1/", Vec::new()),
            StartError::OtherAnswer,
        ),
        (
            answering("407 Proxy Authentication Required", page()),
            StartError::OtherAnswer,
        ),
        (
            answering("511 Network Authentication Required", page()),
            StartError::OtherAnswer,
        ),
        ("http://127.0.0.1:1".to_owned(), StartError::Unreachable),
    ];
    for (address, expected) in cases {
        let opened = open(
            &bytes(&file(&f.hash(), &[&address], &f.authority)),
            &f.trust,
        )
        .unwrap();
        assert_eq!(
            fetch(&opened, &f.trust).await.err(),
            Some(expected),
            "{address}"
        );
    }
}

/// One address behind a login page does not hide that another one is right.
#[tokio::test]
async fn the_next_address_is_asked_after_one_that_answers_something_else() {
    let f = Fixture::new();
    let wrong = answering("200 OK", b"<html>".to_vec());
    let right = answering("200 OK", f.sealed.to_bytes());
    let hints = [wrong.as_str(), "http://127.0.0.1:1", right.as_str()];
    let opened = open(&bytes(&file(&f.hash(), &hints, &f.authority)), &f.trust).unwrap();
    assert!(fetch(&opened, &f.trust).await.is_ok());
}

#[test]
fn a_file_whose_time_is_over_is_told_as_that() {
    let f = Fixture::new();
    let opened = open(
        &bytes(&file(&f.hash(), &["http://127.0.0.1:1"], &f.authority)),
        &f.trust,
    )
    .unwrap();
    assert_eq!(opened.good_at(0), Ok(()));
    assert_eq!(opened.good_at(1), Err(StartError::Expired));
    assert_eq!(StartError::Expired.code().as_str(), "E-24e");
}
