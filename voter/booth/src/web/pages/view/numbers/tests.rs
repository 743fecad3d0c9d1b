use std::time::Instant;

use askama::Template as _;
use ballot::Shape;
use ui::Lang;

use super::*;
use crate::election_context::ElectionContext;
use crate::screen::Screen;
use crate::session::tests::{idle_session, receipt};
use crate::snapshot::Snapshot;
use crate::sums::{FirstCode, Sums};
use crate::tests::fixture::Fixture;

fn snapshot(place: &ElectionContext, step: Screen) -> Snapshot {
    let now = Instant::now();
    Snapshot {
        step,
        receipt: Some(receipt()),
        first: Some(FirstCode {
            digits: "0228AB".to_owned(),
            receipt_code: receipt().code,
        }),
        ..idle_session(place.count(), now).snapshot(now)
    }
}

fn html(place: &ElectionContext, s: Snapshot, lang: Lang) -> String {
    Page { s, place, lang }.render().unwrap()
}

#[test]
fn the_sum_of_the_specification() {
    let sum = addition([98, 1]);
    assert_eq!(
        [sum.own, sum.mask, sum.total, sum.masked],
        ["3", "98", "101", "01"]
    );
    let sum = addition([0, 99]);
    assert_eq!(
        [sum.own, sum.mask, sum.total, sum.masked],
        ["99", "00", "99", "99"]
    );
    let none = addition([40, 40]);
    assert_eq!((none.own.as_str(), none.total.as_str()), ("0", "40"));
}

#[test]
fn a_13_the_note_shows_both_numbers_and_the_board_number_and_paper_gets_none() {
    let place = Fixture::new().place();
    for lang in Lang::ALL {
        let mut s = snapshot(&place, Screen::Note);
        s.sums = Some(Sums::new([[98, 1]]));
        let page = html(&place, s, lang);
        for part in ["data-mask>98<", "data-masked>01<", "101 →", "0012 3456"] {
            assert!(page.contains(part), "{part}");
        }
        // Whoever prints this page gets no number on paper.
        assert!(page.contains("<div class=\"numbers no-print\""));
    }
}

#[test]
fn a_19_the_slip_and_the_choice_hold_no_number() {
    let place = Fixture::new().place();
    for step in [Screen::Slip, Screen::Side, Screen::Opening, Screen::Done] {
        for lang in Lang::ALL {
            let page = html(&place, snapshot(&place, step), lang);
            assert!(!page.contains("data-mask"), "{step:?}");
        }
    }
    let slip = html(&place, snapshot(&place, Screen::Slip), Lang::Ja);
    assert!(slip.contains("0012 3456") && slip.contains("<svg"));
}

/// Both buttons look the same, neither has the focus, and ア stands first for everybody.
#[test]
fn the_booth_proposes_neither_side() {
    let place = Fixture::new().place();
    let page = html(&place, snapshot(&place, Screen::Side), Lang::Ja);
    let button =
        |n| format!("<button type=\"button\" class=\"btn btn-outline btn-l\" id=\"side-{n}\"");
    let at = [0, 1].map(|n| page.find(&button(n)).expect("a button"));
    assert!(at[0] < at[1]);
    assert!(!page.contains("autofocus"));
}

#[test]
fn several_contests_and_several_marks_are_shown_line_by_line() {
    let mut place = Fixture::new().place();
    let mut manifest = (*place.manifest).clone();
    let first = manifest.contests[0].clone();
    manifest.contests.push(Contest {
        shape: Shape::new(3, 0, 2).unwrap(),
        options: first.options[..3].to_vec(),
        title: ballot::text::Text::new("二つまで", "Up to two", "ふたつまで"),
        ..first
    });
    place.manifest = std::sync::Arc::new(manifest);
    let mut s = snapshot(&place, Screen::Note);
    s.sums = Some(Sums::new([[98, 1], [1, 0], [0, 0], [1, 1]]));
    let page = html(&place, s, Lang::Ja);
    assert!(page.contains("<h2>提案</h2>") && page.contains("<h2>二つまで</h2>"));
    let cells = |a: &str, b: &str| format!("<td data-mask>{a}</td><td data-masked>{b}</td>");
    for (cell, times) in [
        (cells("●", "○"), 1),
        (cells("○", "○"), 1),
        (cells("●", "●"), 1),
    ] {
        assert_eq!(page.matches(&cell).count(), times, "{cell}");
    }
    assert!(page.contains("data-own>3<"));
}

#[test]
fn a_18_the_booth_shows_no_opened_number_and_sends_the_voter_elsewhere() {
    let place = Fixture::new().place();
    let closed = html(&place, snapshot(&place, Screen::Done), Lang::Ja);
    assert!(closed.contains("receipt-board-number") && !closed.contains("receipt-opened"));
    let mut s = snapshot(&place, Screen::Done);
    (s.side, s.opened) = (Some(Side::Masked), true);
    let opened = html(&place, s, Lang::Ja);
    assert!(!opened.contains("data-mask") && opened.contains("別の機器"));
    assert!(opened.contains("id=\"receipt-opened\">イ<") && opened.contains("id=\"look\""));
}

#[test]
fn a_18_the_first_code_is_an_address_of_the_second_devices_page() {
    let place = Fixture::new().place();
    let page = html(&place, snapshot(&place, Screen::Code), Lang::Ja);
    assert!(page.contains("data-first=\"0228AB\"") && page.contains("<svg"));
    assert!(!page.contains("chosen"), "the choice is not on this page");
    // The address is the public site's, not this program's.
    let s = snapshot(&place, Screen::Code);
    let page = Page {
        s,
        place: &place,
        lang: Lang::Ja,
    };
    let drawn = qr::svg("http://127.0.0.1:3/verify/check.html#0228AB");
    assert_eq!(page.first_qr().as_str(), drawn.as_str());
    assert_eq!(place.portal, "http://127.0.0.1:3");
}
