use super::*;
use crate::manifest::Registrar;
use crate::manifest::tests::cast;

const HOUR: u64 = 3_600_000;

/// A vote of eleven hours that may be extended by two.
fn manifest() -> Manifest {
    let mut m = cast(3, [[0x81; 256], [0x83; 256], [0x85; 256]]).manifest;
    let opens = m.opens_at();
    m.close_at = opens + 11 * HOUR;
    m.channels[0].windows[0].closes = m.close_at;
    (m.extend_limit, m.announce_at) = (opens + 13 * HOUR, m.close_at);
    m.again_windows = again_windows(opens, m.extend_limit);
    m.registrars[0].again = vec![[0x87; 256], [0x89; 256], [0x8b; 256]];
    m
}

#[test]
fn the_longest_windows_are_taken_and_one_may_begin_before_the_vote() {
    let mut m = manifest();
    let opens = m.opens_at();
    let made = [opens, opens + 6 * HOUR, opens + 12 * HOUR];
    assert_eq!(m.again_windows, made);
    assert_eq!(m.check(), Ok(()));
    m.again_windows[1] -= 1;
    m.again_windows[2] -= 1;
    assert_eq!(m.check(), Ok(()));
}

#[test]
fn a_73_rejects_r1_15_windows_that_do_not_cover_vote_and_extension_in_pieces_of_six_hours() {
    type Change = fn(&mut Manifest);
    let changes: [(&str, Change); 10] = [
        ("no window", |m| {
            m.again_windows.clear();
            m.registrars[0].again.clear();
        }),
        ("the first after the opening", |m| m.again_windows[0] += 1),
        ("a long window", |m| {
            m.again_windows[0] -= 1;
        }),
        ("two at once", |m| m.again_windows[1] = m.again_windows[0]),
        ("out of order", |m| m.again_windows.swap(1, 2)),
        ("the last at the extension limit", |m| {
            m.again_windows.push(m.extend_limit);
            m.registrars[0].again.push([0x8d; 256]);
        }),
        ("a last window of six hours before the close", |m| {
            m.extend_limit += 5 * HOUR + 1;
        }),
        ("a long last window", |m| {
            m.again_windows.pop();
            m.registrars[0].again.pop();
        }),
        ("a window without a key", |m| {
            m.registrars[0].again.pop();
        }),
        ("a key without a window", |m| {
            m.registrars[0].again.push([0x8d; 256]);
        }),
    ];
    for (name, change) in changes {
        let mut m = manifest();
        change(&mut m);
        assert_eq!(m.check(), Err(ManifestError::AgainWindows), "{name}");
    }
}

#[test]
fn a_window_takes_ballots_until_half_an_hour_after_the_next_began() {
    let m = manifest();
    let from = &m.again_windows;
    assert_eq!(m.again_window_at(from[0] - 1), None);
    assert_eq!(m.again_window_at(from[0]), Some(0));
    assert_eq!(m.again_window_at(from[1] - 1), Some(0));
    assert_eq!(m.again_window_at(from[1] + AGAIN_LAG_MS - 1), Some(0));
    assert_eq!(m.again_window_at(from[1] + AGAIN_LAG_MS), Some(1));
    assert_eq!(m.again_window_at(u64::MAX), Some(2));
    assert!(!m.takes_again_window(0, from[0] - 1));
    assert!(m.takes_again_window(0, from[0]));
    assert!(m.takes_again_window(0, from[1] + AGAIN_GRACE_MS - 1));
    assert!(!m.takes_again_window(0, from[1] + AGAIN_GRACE_MS));
    assert!(!m.takes_again_window(1, from[1] - 1));
    assert!(m.takes_again_window(2, u64::MAX));
    assert!(!m.takes_again_window(3, u64::MAX));
}

#[test]
fn registrars_have_one_again_key_a_window() {
    let m = manifest();
    let r: &Registrar = &m.registrars[0];
    let of = |w| r.modulus(crate::token::Kind::Again, w).map(|m| m[0]);
    assert_eq!([of(0), of(2), of(3)], [Some(0x87), Some(0x8b), None]);
}
