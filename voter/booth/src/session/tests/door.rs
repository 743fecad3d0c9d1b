//! Who cannot vote here now is told so on the first page.

use ballot::manifest::{Channel, Window};

use super::*;
use crate::tests::fixture::Fixture;

const HOUR: u64 = 3_600_000;

/// A walk that begins when the nodes say `now`; two days of eight hours, the vote closes with the second.
fn at(channel: Channel, kiosk: bool, now: Option<u64>) -> Walk {
    let mut manifest = Fixture::new().sealed.manifest;
    let windows = vec![day(0), day(1)];
    manifest.close_at = day(1).closes;
    for hours in &mut manifest.channels {
        hours.windows.clone_from(&windows);
    }
    let home = &mut manifest.channels[0];
    home.windows = vec![Window {
        opens: 24 * HOUR,
        closes: day(1).closes,
    }];
    let closes = manifest.close_at;
    let time = now.map(|now| NodeTime { now, closes });
    let hours = Some((Arc::new(manifest), channel));
    let mut walk = Walk::with(
        |world| world.time = time,
        |rules| (rules.kiosk, rules.hours) = (kiosk, hours),
    );
    walk.session = walk.session.at(time, walk.now);
    walk
}

fn day(n: u64) -> Window {
    let opens = 24 * HOUR * (1 + n);
    Window {
        opens,
        closes: opens + 8 * HOUR,
    }
}

#[test]
fn before_the_opening_after_the_close_and_between_the_hours() {
    let counter = |now| at(Channel::Counter, true, Some(now)).seen();
    let opens = Some(day(0).opens);
    let early = counter(day(0).opens - 1);
    assert_eq!(early.fault, Some(Fault::NotOpen { opens }));
    let closed = Some(day(1).closes);
    let late = counter(day(1).closes);
    assert_eq!(late.fault, Some(Fault::Closed { closed }));
    let next = Some(day(1).opens);
    let night = counter(day(0).closes);
    assert_eq!(night.fault, Some(Fault::ChannelClosed { next }));
    for seen in [early, late, night] {
        assert!(seen.shut && seen.step == Screen::Start);
    }
    let open = counter(day(0).opens);
    assert_eq!((open.fault, open.shut), (None, false));
}

#[test]
fn at_home_the_night_is_as_good_as_the_day() {
    let seen = at(Channel::Home, false, Some(day(0).closes + HOUR)).seen();
    assert!(!seen.shut);
}

/// The card is not asked anything, whatever is pressed.
#[test]
fn a_shut_door_is_said_before_the_card_is_read() {
    let mut walk = at(Channel::Counter, true, Some(day(0).closes));
    let seen = walk.does(Command::ReadCard);
    let next = Some(day(1).opens);
    assert_eq!(seen.fault, Some(Fault::ChannelClosed { next }));
    assert_eq!((seen.step, seen.tries_left), (Screen::Stopped, None));
}

/// Where no node said what time it is, the registrars decide.
#[test]
fn nobody_is_kept_out_by_a_clock_that_is_not_known() {
    let mut walk = at(Channel::Counter, true, None);
    assert!(!walk.seen().shut);
    assert_eq!(walk.does(Command::ReadCard).step, Screen::Pin);
}

#[test]
fn the_door_opens_while_the_page_is_looked_at() {
    let mut walk = at(Channel::Home, false, Some(day(0).opens - 1_000));
    assert!(walk.seen().shut);
    assert!(!walk.after(Duration::from_secs(2)).shut);
    // And nobody was asked for it.
    assert_eq!(walk.asked("now"), 0);
}

#[test]
fn a_kiosk_that_stands_for_days_hears_of_an_extension() {
    let mut walk = at(Channel::Counter, true, Some(day(1).closes));
    assert!(walk.seen().shut);
    let closes = day(1).closes + HOUR;
    walk.world.lock().unwrap().time = Some(NodeTime {
        now: day(1).closes,
        closes,
    });
    assert!(!walk.after(Duration::from_mins(2)).shut);
}
