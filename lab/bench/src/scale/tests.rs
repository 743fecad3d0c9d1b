//! Arithmetic and units.

use super::*;
use crate::timing::Suite;

#[test]
fn ten_times_the_ballots_cost_ten_times_as_much() {
    let mut suite = Suite::default();
    for job in ["batch", "single", "voter", "token"] {
        suite.job(job, 1, 1, || {
            std::hint::black_box((0..20_000u64).map(std::hint::black_box).sum::<u64>());
        });
    }
    let scales = table(&suite.rounds(1));
    let [small, middle, large] = &scales[..] else {
        panic!("three sizes");
    };
    assert_eq!(middle.bytes, 100 * small.bytes);
    assert!(small.verify > 0.0 && small.cores > 0.0);
    assert!((large.verify / middle.verify - 10.0).abs() < 1e-6);
    assert!((large.cores / middle.cores - 10.0).abs() < 1e-6);
    assert_eq!(markdown(&scales).lines().count(), 5);
}

#[test]
fn numbers_are_readable() {
    assert_eq!(grouped(10_000_000), "10,000,000");
    assert_eq!(grouped(100), "100");
    assert_eq!(size(207e6), "207 MB");
    assert_eq!(size(20.68e9), "20.7 GB");
    assert_eq!(span(40.0), "40 s");
    assert_eq!(span(3600.0), "60 min");
    assert_eq!(span(36_000.0), "10.0 h");
}
