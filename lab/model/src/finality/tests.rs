//! Up to f liars change nothing; one more, or a smaller quorum, does.

use super::*;
use crate::explore::all;

fn names(validators: u8, byzantine: u8, quorum: u8) -> Vec<&'static str> {
    let found = all(Finality {
        validators,
        byzantine,
        quorum,
    });
    println!("{} states, {:#?}", found.states, found.paths);
    found.names()
}

#[test]
fn a_22_up_to_f_equivocating_validators_change_nothing() {
    assert_eq!(names(4, 1, 3), [RECEIPT]);
    assert_eq!(names(7, 2, 5), [RECEIPT]);
}

#[test]
fn documented_limit_more_than_a_third_make_two_histories() {
    for found in [names(4, 2, 3), names(7, 3, 5)] {
        assert!(found.contains(&ONE_HISTORY) && found.contains(&RECORDED));
    }
}

#[test]
fn broken_quorum_of_a_majority() {
    let found = names(5, 1, 3);
    assert!(found.contains(&ONE_HISTORY) && found.contains(&RECORDED));
}
