use super::*;

fn tls(kind: u8, length: u8) -> Vec<u8> {
    let mut record = vec![kind, 3, 3, 0, length];
    record.resize(5 + usize::from(length), 0xaa);
    record
}

fn segment(ends: (u16, u16), payload: &[u8]) -> Segment<'_> {
    Segment {
        at: 24,
        from: ends.0,
        to: ends.1,
        opens: false,
        payload,
    }
}

#[test]
fn records_are_measured_and_the_servers_handshake_is_not() {
    let (hello, finished, ask, answer) = (tls(22, 50), tls(23, 53), tls(23, 90), tls(23, 100));
    let certificate = [tls(22, 60), tls(23, 71)].concat();
    let (there, back) = ((50_000, 47_101), (47_101, 50_000));
    let (half, rest) = answer.split_at(9);
    let all = [
        segment(there, &hello),
        segment(back, &certificate),
        segment(there, &finished),
        segment((50_001, 47_101), &ask),
        segment(there, &ask),
        segment(back, half),
        segment(back, rest),
    ];
    let found = connections(&all, &BTreeSet::from([there]));
    let expected = Connection {
        to: 47_101,
        sent: vec![50, 53, 90],
        received: vec![100],
    };
    assert_eq!(found, [expected]);
}

#[test]
fn what_is_not_tls_is_measured_as_a_whole_and_who_comes_in_is_not() {
    let (there, back) = ((50_000, 47_100), (47_100, 50_000));
    let all = [
        segment((60_000, 40_000), b"POST /api"),
        segment(there, b"POST /v1"),
        segment(back, b"HTTP/1.1 201"),
        segment(there, b" and more"),
    ];
    let found = connections(&all, &BTreeSet::from([there, (40_000, 60_000)]));
    let expected = Connection {
        to: 47_100,
        sent: vec![17],
        received: vec![12],
    };
    assert_eq!(found, [expected]);
}
