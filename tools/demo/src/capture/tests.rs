use super::*;

fn packet(from: u16, to: u16, payload: &[u8]) -> Vec<u8> {
    let mut tcp = Vec::new();
    tcp.extend_from_slice(&from.to_be_bytes());
    tcp.extend_from_slice(&to.to_be_bytes());
    tcp.extend_from_slice(&[0; 8]);
    tcp.extend_from_slice(&[5 << 4, 0, 0, 0, 0, 0, 0, 0]);
    tcp.extend_from_slice(payload);
    let mut ip = vec![0x45, 0];
    ip.extend_from_slice(&u16::try_from(20 + tcp.len()).unwrap().to_be_bytes());
    ip.extend_from_slice(&[0; 16]);
    let mut frame = vec![0; 12];
    frame.extend_from_slice(&[8, 0]);
    frame.extend_from_slice(&ip);
    frame.extend_from_slice(&tcp);
    frame
}

fn file(packets: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1];
    bytes.resize(24, 0);
    for packet in packets {
        let length = u32::try_from(packet.len()).unwrap().to_le_bytes();
        bytes.extend_from_slice(&[0; 8]);
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(packet);
    }
    bytes
}

#[test]
fn a_secret_split_over_two_segments_is_one_stream() {
    let bytes = file(&[
        packet(1000, 47110, b"sec"),
        packet(47110, 1000, b"x"),
        packet(1000, 47110, b"ret"),
    ]);
    let streams = parse(&bytes).unwrap();
    assert_eq!(streams[&(1000, 47110)], b"secret");
    assert_eq!(streams[&(47110, 1000)], b"x");
    let left = without(streams, &BTreeSet::from([47110]));
    assert!(left.is_empty());
}

#[test]
fn what_a_port_heard_is_counted_and_a_cut_end_is_left_out() {
    let mut bytes = file(&[
        packet(1000, 47110, b"before"),
        packet(1000, 47110, b""),
        packet(1000, 47111, b"other"),
        packet(1000, 47110, b"after"),
    ]);
    let all = segments(&bytes).unwrap();
    assert_eq!(
        (all[0].at, all[3].to, all[3].payload),
        (24, 47110, &b"after"[..])
    );
    let places: Vec<u64> = all.iter().map(|segment| segment.at).collect();
    assert!(places.is_sorted() && !all[0].opens);
    bytes.pop();
    assert_eq!(segments(&bytes).unwrap().len(), 3);
}

#[test]
fn a_segment_that_asks_for_a_connection_is_told_from_its_answer() {
    let mut ask = packet(1000, 47110, b"");
    let flags = 14 + 20 + 13;
    ask[flags] = 0x02;
    assert!(segments(&file(&[ask.clone()])).unwrap()[0].opens);
    ask[flags] = 0x12;
    assert!(!segments(&file(&[ask])).unwrap()[0].opens);
}

#[test]
fn other_files_are_refused() {
    assert!(parse(b"PK").is_err());
}

#[test]
fn real_loopback_traffic_is_captured() {
    let dir = std::env::temp_dir().join(format!("irefuda-capture-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let capture = Capture::start(&dir).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut stream, b"a word nobody else says 7741").unwrap();
    drop(stream);
    let streams = capture.finish().unwrap();
    let found = streams
        .iter()
        .any(|((_, to), bytes)| *to == address.port() && bytes == b"a word nobody else says 7741");
    assert!(found);
    std::fs::remove_dir_all(&dir).unwrap();
}
