use super::*;

fn tls(kind: u8, length: u8) -> Vec<u8> {
    let mut record = vec![kind, 3, 3, 0, length];
    record.resize(5 + usize::from(length), 0xaa);
    record
}

/// Segments of one direction follow each other without a gap.
fn segment(ends: (u16, u16), payload: &[u8]) -> Segment<'_> {
    thread_local! {
        static NEXT: std::cell::RefCell<BTreeMap<Ends, u32>> = BTreeMap::new().into();
    }
    let length = u32::try_from(payload.len()).unwrap();
    let sequence = NEXT.with_borrow_mut(|next| {
        let next = next.entry(ends).or_insert(u32::MAX - 60);
        *next = next.wrapping_add(length);
        next.wrapping_sub(length)
    });
    Segment {
        at: 24,
        from: ends.0,
        to: ends.1,
        sequence,
        opens: false,
        payload,
    }
}

fn opening(ends: (u16, u16)) -> Segment<'static> {
    Segment {
        opens: true,
        ..segment(ends, b"")
    }
}

fn others() -> Others {
    Others {
        ports: [40_000].into(),
        ends: [(50_009, 47_101)].into(),
    }
}

#[test]
fn what_is_said_is_measured_and_what_every_connection_has_is_not() {
    let (hello, finished, ask, answer) = (tls(22, 50), tls(23, 53), tls(23, 90), tls(23, 100));
    let certificate = [tls(22, 60), tls(23, 71)].concat();
    let (ticket, last) = (tls(23, 179), tls(23, 19));
    let (there, back) = ((50_000, 47_101), (47_101, 50_000));
    let (half, rest) = answer.split_at(9);
    let all = [
        opening(there),
        segment(there, &hello),
        segment(back, &certificate),
        segment(there, &finished),
        segment(back, &ticket),
        segment((50_001, 47_101), &ask),
        segment(there, &ask),
        segment(back, half),
        segment(back, rest),
        segment(there, &last),
    ];
    let found = talks(&all, &others());
    let expected = Talk {
        sent: vec![90],
        received: vec![100],
    };
    assert_eq!(found, [(47_101, expected)].into());
}

#[test]
fn what_is_not_tls_is_measured_as_a_whole() {
    let (there, back) = ((50_000, 47_100), (47_100, 50_000));
    let again = (50_001, 47_100);
    let all = [
        opening(there),
        segment(there, b"POST /v1"),
        segment(back, b"HTTP/1.1 201"),
        segment(there, b" and more"),
        opening(again),
        segment(again, b"GET"),
    ];
    let found = talks(&all, &others());
    let expected = Talk {
        sent: vec![17, 3],
        received: vec![12, 0],
    };
    assert_eq!(found, [(47_100, expected)].into());
}

#[test]
fn what_is_sent_twice_is_measured_once() {
    let there = (50_000, 47_100);
    let again = |sequence, payload| Segment {
        sequence,
        ..segment(there, payload)
    };
    let first = segment(there, b"POST /v1");
    let start = first.sequence;
    let all = [
        opening(there),
        first,
        again(start, b"POST /v1"),
        again(start.wrapping_add(4), b" /v1 and more"),
    ];
    let found = talks(&all, &others());
    assert_eq!(found[&47_100].sent, [17]);
}

#[test]
fn a_connection_however_short_is_seen_and_those_of_others_are_not() {
    let all = [
        opening((60_000, 40_000)),
        segment((60_000, 40_000), b"POST /api"),
        opening((50_009, 47_101)),
        segment((50_008, 47_101), b"opened before"),
        opening((50_000, 47_777)),
    ];
    let found = talks(&all, &others());
    assert_eq!(found.into_keys().collect::<Vec<_>>(), [47_777]);
}

#[test]
fn entries_are_told_by_kind_and_files_by_whether_they_were_written_to() {
    let dir = std::env::temp_dir().join(format!("irefuda-trace-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("key"), "before").unwrap();
    let mut trace = Trace::measuring(&dir, dir.join("requests-0")).unwrap();
    let record = [3, 0, 0, 0, 1, 15, 7, 2, 0, 0, 0, 1, 14];
    fs::write(dir.join("entries.bin"), record).unwrap();
    trace.measure_entries(&dir).unwrap();
    trace.measure_files(&dir).unwrap();
    assert_eq!(trace.entries["type 15"], [3]);
    assert_eq!(trace.entries["type 14"], [2]);
    assert_eq!(trace.files.into_keys().collect::<Vec<_>>(), ["entries.bin"]);
    fs::write(dir.join("entries.bin"), &record[..6]).unwrap();
    assert!(Trace::default().measure_entries(&dir).is_err());
    fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn a_82_questions_before_the_ballot_are_kept_and_those_of_followers_are_not() {
    let noted = "GET /v1/status\nGET /v1/buckets/17ab/3\nGET /v1/blocks?from=5\n\
                 GET /v1/voters/5ff1/last\nPOST /v1/entries\nGET /v1/voters/77/last\n";
    let kept = ["GET /v1/buckets/E/3", "GET /v1/voters/5ff1/last"];
    assert_eq!(questions(noted), kept.map(str::to_owned).into());
    assert_eq!(questions(""), BTreeSet::new());
}
