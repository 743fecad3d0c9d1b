//! Numbers only; nothing here waits.

use super::*;

fn times() -> Times {
    Times(BTreeMap::from([
        ("a", vec![2.0, 30.0, 4.0]),
        ("b", vec![1.0, 10.0, 4.0]),
    ]))
}

#[test]
fn median_is_the_middle_one() {
    assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
    assert!(median(vec![]).is_nan());
}

#[test]
fn ratio_is_taken_inside_each_round() {
    // 2, 3 and 1: the quotient of the medians would be 1.
    assert_eq!(times().ratio("a", "b"), 2.0);
    assert!(times().ratio("a", "nobody").is_nan());
}

#[test]
fn every_job_runs_once_more_than_it_is_counted() {
    let mut calls = 0;
    let mut suite = Suite::default();
    suite.job("count", 5, 10, || calls += 1);
    let times = suite.rounds(3);
    assert_eq!(times.of("count").len(), 3);
    assert_eq!(calls, 1 + 3 * 5);
}
