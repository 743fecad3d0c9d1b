use super::*;
use crate::demo::trace::{Connection, Visit};

fn trace() -> Trace {
    let connection = Connection {
        to: 47_110,
        sent: vec![50, 53, 1_500],
        received: vec![100],
    };
    let mut trace = Trace::default();
    trace.visits.push(Visit {
        name: "v001 home".to_owned(),
        connections: vec![connection],
    });
    trace
        .files
        .insert("run/booth-v001/stderr.log".to_owned(), 0);
    trace.files.insert("run/node-0/data/chain".to_owned(), 5);
    trace
}

#[test]
fn equal_runs_have_no_difference_and_each_difference_is_seen() {
    assert!(compare(&trace(), &trace()).is_empty());
    let changes: [fn(&mut Trace); 6] = [
        |trace| trace.visits[0].connections[0].sent[2] += 1,
        |trace| trace.visits[0].connections[0].received.push(7),
        |trace| trace.visits[0].connections.clear(),
        |trace| trace.visits.clear(),
        |trace| *trace.files.get_mut("run/booth-v001/stderr.log").unwrap() = 1,
        |trace| trace.files.extend([("run/portal/data/new".to_owned(), 1)]),
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
    *other.files.get_mut("run/node-0/data/chain").unwrap() = 6;
    assert!(compare(&trace(), &other).is_empty());
}
