use std::time::Instant;

use askama::Template as _;
use ballot::manifest::Channel;
use ui::Lang;

use super::*;
use crate::election_context::{ElectionContext, clock_error};
use crate::fault::Fault;
use crate::session::tests::idle_session;
use crate::snapshot::Snapshot;
use crate::tests::fixture::Fixture;

fn page(place: &ElectionContext, change: impl FnOnce(&mut Snapshot)) -> String {
    let now = Instant::now();
    let mut s = idle_session(place.count(), now).snapshot(now);
    change(&mut s);
    let lang = Lang::Ja;
    Page { s, place, lang }.render().unwrap()
}

#[test]
fn a_door_that_is_shut_has_no_button_and_names_the_next_opening() {
    let place = Fixture::new().place();
    let next = Some(place.manifest.opens_at());
    let html = page(&place, |s| {
        s.shut = true;
        s.fault = Some(Fault::ChannelClosed { next });
        s.now = Some(place.manifest.opens_at() - 1);
    });
    assert!(html.contains("data-code=\"E-03\""));
    assert!(html.contains("今は開いていません") && !html.contains("id=\"begin\""));
    assert!(html.contains("id=\"ways\"") && html.contains("期日前投票所"));
    assert!(page(&place, |_| {}).contains("id=\"begin\""));
}

/// After the close nobody is told of other ways, or that the right to vote is still there.
#[test]
fn after_the_close_nothing_is_offered() {
    let place = Fixture::new().place();
    let closed = Some(place.manifest.close_at);
    for step in [crate::screen::Screen::Start, crate::screen::Screen::Stopped] {
        let html = page(&place, |s| {
            s.shut = true;
            s.step = step;
            s.fault = Some(Fault::Closed { closed });
            s.now = closed;
        });
        assert!(html.contains("受付は終わりました"), "{step:?}");
        assert!(!html.contains("id=\"ways\"") && !html.contains("権利はなくなっていません"));
    }
}

#[test]
fn a_clock_that_is_far_off_is_told_and_keeps_nobody_out() {
    let mut place = Fixture::new().place();
    for (error, words) in [
        (5 * 60_000, "約5分進んでいます"),
        (-7 * 3_600_000, "約7時間遅れています"),
        (-400 * 86_400_000, "約400日遅れています"),
    ] {
        place.clock_error = Some(error);
        let html = page(&place, |_| {});
        assert!(html.contains(words), "{words}");
        assert!(html.contains("id=\"begin\""));
    }
    assert_eq!(clock_error(1_000_000, 1_000_000 - 180_000), None);
    assert_eq!(clock_error(0, 180_001), Some(-180_001));
}

#[test]
fn an_extension_is_told_on_the_first_page() {
    let mut place = Fixture::new().place();
    place.channel = Channel::Home;
    let close_at = place.manifest.close_at;
    let moved = page(&place, |s| s.closes = Some(close_at + 3_600_000));
    assert!(moved.contains("締切が延びました"));
    let same = page(&place, |s| s.closes = Some(close_at));
    assert!(!same.contains("締切が延びました"));
}
