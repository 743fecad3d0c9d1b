use der::Decode as _;
use x509_cert::crl::CertificateList;

use super::*;
use crate::{PersonaKind, fixture};

fn get(at: SocketAddr, path: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(at).expect("connect");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answer");
    let end = answer
        .windows(4)
        .position(|w| w == b"\r\n\r\n")
        .expect("header");
    (
        String::from_utf8_lossy(&answer[..end]).into_owned(),
        answer[end + 4..].to_vec(),
    )
}

#[test]
fn the_list_follows_the_clock_file() {
    let dir = tempfile::tempdir().expect("folder");
    fixture::make(dir.path(), &[PersonaKind::Revoked]).expect("cards");
    let pki = TestPki::load(&dir.path().join("pki")).expect("pki");
    let file = dir.path().join("clock");
    std::fs::write(&file, [0; 16]).expect("clock");
    let clock = Clock {
        system: || fixture::OPENING_MS,
        file: Some(file.clone()),
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let at = listener.local_addr().expect("address");
    std::thread::spawn(move || run(&listener, pki, clock));
    assert!(get(at, "/healthz").0.starts_with("HTTP/1.1 200 "));
    assert!(get(at, "/other").0.starts_with("HTTP/1.1 404 "));
    let made = || {
        let (head, body) = get(at, "/auth.crl");
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        let list = CertificateList::from_der(&body)
            .expect("list")
            .tbs_cert_list;
        assert_eq!(list.revoked_certificates.map(|all| all.len()), Some(1));
        list.this_update.to_unix_duration().as_millis()
    };
    assert_eq!(made(), u128::from(fixture::OPENING_MS));
    let hour = 3_600_000_000_000i64;
    std::fs::write(&file, [hour.to_le_bytes(), 1u64.to_le_bytes()].concat()).expect("clock");
    assert_eq!(made(), u128::from(fixture::OPENING_MS) + 3_600_000);
    std::fs::write(&file, [(-hour).to_le_bytes(), 2u64.to_le_bytes()].concat()).expect("clock");
    assert_eq!(made(), u128::from(fixture::OPENING_MS) - 3_600_000);
}
