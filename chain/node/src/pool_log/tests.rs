use super::*;

fn stored(n: u8) -> Stored {
    Stored {
        entry: Bytes::from(vec![n; 100]),
        answer: Bytes::from(vec![n; 30]),
    }
}

fn written(log: &Log, n: u8) {
    let mut on_disk = log.append(stored(n));
    futures::executor::block_on(on_disk.wait_for(|done| *done)).unwrap();
}

#[test]
fn survives_a_torn_tail_at_every_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seen.log");
    let mut whole = Vec::new();
    record(&stored(1), &mut whole);
    let first = whole.len();
    record(&stored(2), &mut whole);
    for cut in 0..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let (log, found) = Log::open(folder.path()).unwrap();
        let expected: Vec<_> = if cut < first { vec![] } else { vec![stored(1)] };
        assert_eq!(found, expected, "cut at {cut}");
        written(&log, 3);
        drop(log);
        let (_, found) = Log::open(folder.path()).unwrap();
        assert_eq!(found.last(), Some(&stored(3)), "cut at {cut}");
        assert_eq!(found.len(), expected.len() + 1);
    }
}

#[test]
fn rewrite_keeps_what_lives_and_what_comes_after() {
    let folder = tempfile::tempdir().unwrap();
    let (log, _) = Log::open(folder.path()).unwrap();
    for n in 0..10 {
        written(&log, n);
    }
    log.rewrite(vec![stored(4)]);
    written(&log, 11);
    let (_, found) = Log::open(folder.path()).unwrap();
    assert_eq!(found, vec![stored(4), stored(11)]);
}

#[test]
fn a_flipped_bit_ends_the_log_there() {
    let mut bytes = Vec::new();
    record(&stored(1), &mut bytes);
    let first = bytes.len();
    record(&stored(2), &mut bytes);
    for bit in 0..first * 8 {
        let mut b = bytes.clone();
        b[bit / 8] ^= 1 << (bit % 8);
        assert!(parse(&b).1 != bytes.len(), "bit {bit}");
    }
}
