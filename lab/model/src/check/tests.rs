//! A lying booth is caught as often as voters check; every broken rule lets one through.

use super::*;
use crate::explore::{Found, all};

fn search(lying_booth: bool, off: impl FnOnce(&mut Rules)) -> Found {
    let mut rules = Rules::specified();
    off(&mut rules);
    let found = all(Check { lying_booth, rules });
    println!("{} states, {:#?}", found.states, found.paths);
    found
}

#[test]
fn a_43_lying_booth_passes_no_check_it_would_need_to_cheat() {
    let found = search(true, |_| {});
    assert_eq!(found.names(), [CONTENT]);
    assert!(found.states > 100, "{}", found.states);
}

#[test]
fn honest_booth_ends_well_and_nobody_is_in_the_way() {
    assert_eq!(search(false, |_| {}).names(), [CONTENT]);
}

#[test]
fn broken_entry_hash_after_the_decision() {
    let found = search(true, |r| r.shown_first = false);
    assert!(found.path(SEEN).is_some(), "{:?}", found.names());
}

#[test]
fn broken_phone_that_takes_any_entry_hash() {
    let found = search(true, |r| r.phone_compares = false);
    assert!(found.path(SEEN).is_some(), "{:?}", found.names());
}

#[test]
fn broken_phone_that_does_not_wait_for_the_board() {
    let found = search(true, |r| r.phone_waits = false);
    assert!(found.path(INTENDED).is_some(), "{:?}", found.names());
}

#[test]
fn broken_board_that_counts_an_opened_ballot() {
    let found = search(true, |r| r.exclusive = false);
    assert!(found.path(EITHER).is_some(), "{:?}", found.names());
}

#[test]
fn broken_opening_by_anybody_blocks_a_ballot() {
    let found = search(false, |r| r.opening_signed = false);
    assert!(found.path(NOT_BLOCKED).is_some(), "{:?}", found.names());
}
