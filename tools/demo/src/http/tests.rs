use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::*;

/// Gives one answer to whoever asks first.
fn server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut peer, _) = listener.accept().unwrap();
        let _ = peer.read(&mut [0; 4096]);
        let _ = peer.write_all(answer);
    });
    format!("http://{address}")
}

#[test]
fn a_refusal_is_an_answer() {
    let origin = server(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}");
    let answer = get(&origin).unwrap();
    assert_eq!((answer.status, answer.text().as_str()), (403, "{}"));
    assert!(answer.json::<serde_json::Value>().unwrap().is_object());
}

#[test]
fn cut_answers_are_errors() {
    let origin = server(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
    assert!(get(&origin).is_err());
}

#[test]
fn a_closed_port_is_an_error() {
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert!(get(&format!("http://{nobody}/healthz")).is_err());
    assert!(!healthy(&format!("https://{nobody}")));
}
