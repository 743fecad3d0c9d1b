use super::*;

#[test]
fn plain_answers() {
    let answer = parse(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nX-A: b\r\n\r\n{}").unwrap();
    assert_eq!((answer.status, answer.text().as_str()), (202, "{}"));
    assert_eq!(answer.header("x-a"), Some("b"));
    assert!(answer.json().unwrap().is_object());
}

#[test]
fn chunked_answers() {
    let raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n";
    assert_eq!(parse(raw).unwrap().text(), "abc0123456789");
}

#[test]
fn cut_answers_are_errors() {
    assert!(parse(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab").is_err());
    assert!(parse(b"HTTP/1.1 200 OK\r\n").is_err());
    assert!(parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab").is_err());
}

#[test]
fn a_closed_port_is_an_error() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert!(get(nobody, "/healthz").is_err());
}
