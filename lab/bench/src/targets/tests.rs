//! Bounds.

use super::*;

fn met(value: f64, limit: Limit) -> bool {
    Row {
        name: String::new(),
        micros: 0.0,
        value,
        limit,
    }
    .met()
}

#[test]
fn bounds_hold_on_the_right_side() {
    assert!(met(1.0, Limit::AtMost(1.15)) && !met(1.2, Limit::AtMost(1.15)));
    assert!(met(6.5, Limit::AtLeast(6.0)) && !met(5.9, Limit::AtLeast(6.0)));
    assert!(met(1312.0, Limit::Exactly(1312.0)) && !met(1311.0, Limit::Exactly(1312.0)));
}

#[test]
fn nothing_measured_meets_nothing() {
    assert!(!met(f64::NAN, Limit::AtMost(1.0)) && !met(f64::NAN, Limit::AtLeast(1.0)));
}
