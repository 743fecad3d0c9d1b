use super::*;

#[test]
fn the_connections_of_this_process_are_seen_and_others_are_not() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let there = listener.local_addr().unwrap().port();
    let watched = Sockets::watch(std::process::id());
    let stream = std::net::TcpStream::connect(("127.0.0.1", there)).unwrap();
    let here = stream.local_addr().unwrap().port();
    while !connections(std::process::id()).contains(&(here, there)) {
        std::thread::sleep(EVERY);
    }
    std::thread::sleep(EVERY * 20);
    assert!(watched.finish().contains(&(here, there)));
    assert!(!connections(1).contains(&(here, there)));
}
