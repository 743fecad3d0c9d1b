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

#[test]
fn a_booth_that_speaks_to_a_node_is_noticed() {
    let nodes = BTreeSet::from([40_010, 40_011]);
    let good = BTreeSet::from([(50_000, 40_090), (50_001, 40_001)]);
    assert!(spoke(&good, 40_090, &nodes, true).is_empty());
    let bad = BTreeSet::from([(50_000, 40_090), (50_001, 40_011)]);
    assert_eq!(spoke(&bad, 40_090, &nodes, true).len(), 1);
    let silent = BTreeSet::from([(50_001, 40_001)]);
    assert_eq!(spoke(&silent, 40_090, &nodes, true).len(), 1);
    assert!(spoke(&silent, 40_090, &nodes, false).is_empty());
}
