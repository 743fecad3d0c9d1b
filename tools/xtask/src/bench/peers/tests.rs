//! What drivers print.

use super::*;

#[test]
fn the_last_line_counts() {
    let text =
        "warming up\n{\"encrypt\": 0.1, \"verify\": 0.2, \"tally\": 0.3, \"bytes\": 20770}\n";
    let cost = cost(text).unwrap();
    assert_eq!((cost.verify, cost.bytes), (0.2, 20_770));
}

#[test]
fn anything_else_is_an_error() {
    assert!(cost("").is_err());
    assert!(cost("Traceback (most recent call last):").is_err());
}
