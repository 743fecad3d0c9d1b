use super::*;
use crate::trace::{Talk, Visit};

fn trace() -> Trace {
    let talk = Talk {
        sent: vec![50, 53, 1_500],
        received: vec![100],
    };
    let mut trace = Trace::default();
    trace.visits.push(Visit {
        name: "v001 home".to_owned(),
        talks: [(47_110, talk)].into(),
        asked: ["GET /v1/buckets/E/0".to_owned()].into(),
    });
    trace
        .files
        .insert("run/booth-v001/stderr.log".to_owned(), 0);
    trace
        .files
        .insert("run/node-0/data/engine/blocks".to_owned(), 5);
    trace
        .files
        .insert("run/node-0/data/public.json".to_owned(), 5);
    trace.entries.insert(BALLOT.to_owned(), vec![2_000, 2_000]);
    trace
}

#[test]
fn equal_runs_have_no_difference_and_each_difference_is_seen() {
    assert!(compare(&trace(), &trace()).is_empty());
    let changes: [fn(&mut Trace); 11] = [
        |trace| trace.visits[0].talks.get_mut(&47_110).unwrap().sent[2] += 1,
        |trace| {
            let talk = trace.visits[0].talks.get_mut(&47_110).unwrap();
            talk.received.push(7);
        },
        |trace| trace.visits[0].talks.clear(),
        |trace| trace.visits.clear(),
        |trace| {
            let key = "GET /v1/voters/5ff1/last".to_owned();
            trace.visits[0].asked.insert(key);
        },
        |trace| *trace.files.get_mut("run/booth-v001/stderr.log").unwrap() = 1,
        |trace| *trace.files.get_mut("run/node-0/data/public.json").unwrap() = 1,
        |trace| trace.files.extend([("run/portal/data/new".to_owned(), 1)]),
        |trace| trace.entries.get_mut(BALLOT).unwrap()[1] += 1,
        |trace| trace.entries.get_mut(BALLOT).unwrap().push(2_000),
        |trace| trace.entries.extend([("type 14".to_owned(), vec![1])]),
    ];
    for change in changes {
        let mut other = trace();
        change(&mut other);
        assert_eq!(compare(&trace(), &other).len(), 1);
        assert_eq!(compare(&other, &trace()).len(), 1);
    }
}

#[test]
fn a_chain_may_have_more_empty_blocks() {
    let mut other = trace();
    *other
        .files
        .get_mut("run/node-0/data/engine/blocks")
        .unwrap() = 6;
    assert!(compare(&trace(), &other).is_empty());
}
