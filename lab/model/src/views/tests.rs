//! What links and what does not.

use super::*;

/// One ballot each.
const ONCE: [Choices<'static>; 2] = [&['a'], &['b']];
/// Two ballots each.
const TWICE: [Choices<'static>; 2] = [&['a', 'b'], &['b', 'c']];
/// One voter votes twice, the other once.
const UNEQUAL: [Choices<'static>; 2] = [&['a', 'b'], &['c']];

#[test]
fn shuffles_are_complete() {
    let [a, b] = TWICE.map(events);
    // Four events each: 8 over 4.
    assert_eq!(shuffles(&a, &b, 1).len(), 70);
    assert_eq!(shuffles(&a, &b, 2).len(), 6);
}

#[test]
fn a_45_what_is_kept_tells_nothing_of_voters_who_came_alike() {
    for calendar in [Calendar::OneDay, Calendar::AtOnce] {
        for choices in [ONCE, TWICE] {
            assert_eq!(telling(choices, calendar, Kept::as_built()), None);
        }
    }
    // Two of four casts are the first voter's: six orders, all of them look different.
    assert_eq!(views(TWICE, Calendar::OneDay, Kept::as_built()).len(), 6);
}

#[test]
fn documented_limit_days_tell_where_few_come_on_a_day() {
    let view = telling(ONCE, Calendar::TwoDays, Kept::as_built()).unwrap();
    assert_ne!(view.persons[0].day, view.persons[1].day);
    let without = Kept {
        day: false,
        ..Kept::as_built()
    };
    assert_eq!(telling(ONCE, Calendar::TwoDays, without), None);
}

#[test]
fn documented_limit_numbers_of_ballots_tell_where_few_vote_so_often() {
    let view = telling(UNEQUAL, Calendar::OneDay, Kept::as_built()).unwrap();
    assert_ne!(view.persons[0].again, view.persons[1].again);
    let without = Kept {
        again: false,
        ..Kept::as_built()
    };
    assert_eq!(telling(UNEQUAL, Calendar::OneDay, without), None);
}

#[test]
fn broken_unblinded_requests_tell_everything() {
    let kept = Kept {
        blinded: false,
        ..Kept::as_built()
    };
    assert!(telling(ONCE, Calendar::OneDay, kept).is_some());
}

#[test]
fn a_45_broken_kept_order_tells_of_voters_who_cast_at_once() {
    let kept = Kept {
        order: true,
        ..Kept::as_built()
    };
    assert!(telling(ONCE, Calendar::AtOnce, kept).is_some());
    // Where voters wait between identifying and casting, the order alone is no proof.
    assert_eq!(telling(ONCE, Calendar::OneDay, kept), None);
}
