//! t − 1 corrupt trustees learn nothing early and stop nothing; t do; every broken rule is found.

use super::*;
use crate::explore::all;

fn names(corrupt: u8, off: impl FnOnce(&mut Rules)) -> Vec<&'static str> {
    search(corrupt, true, off)
}

fn search(corrupt: u8, officers: bool, off: impl FnOnce(&mut Rules)) -> Vec<&'static str> {
    let mut rules = Rules::specified();
    off(&mut rules);
    let found = all(Opening {
        trustees: 5,
        needed: 3,
        corrupt,
        officers,
        rules,
    });
    println!("{} states, {:#?}", found.states, found.paths);
    found.names()
}

#[test]
fn a_42_two_of_five_corrupt_trustees_open_nothing_and_stop_nothing() {
    assert_eq!(names(2, |_| {}), [RESULT]);
}

#[test]
fn documented_limit_t_corrupt_trustees_open_anything_any_time() {
    let found = names(3, |_| {});
    assert!(found.contains(&NOT_EARLY) && found.contains(&SUM_ONLY));
    assert!(
        !found.contains(&RESULT),
        "and two honest ones alone give no result"
    );
}

#[test]
fn broken_shares_shown_at_the_close() {
    assert!(names(2, |r| r.waits_for_announce = false).contains(&NOT_EARLY));
}

#[test]
fn broken_announcement_before_its_time() {
    assert!(names(2, |r| r.announce_at = false).contains(&IN_TIME));
}

#[test]
fn broken_trustee_who_opens_what_she_is_handed() {
    assert!(names(2, |r| r.own_target = false).contains(&SUM_ONLY));
}

#[test]
fn broken_tally_that_uses_any_share() {
    assert!(names(2, |r| r.shares_checked = false).contains(&RIGHT));
}

#[test]
fn a_71_silent_officers_keep_no_result_back() {
    assert_eq!(search(2, false, |_| {}), [RESULT]);
}

#[test]
fn broken_silent_officers_without_the_day() {
    assert!(!search(2, false, |r| r.announced_by_time = false).contains(&RESULT));
}
