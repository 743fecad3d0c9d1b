use std::time::Instant;

use askama::Template as _;
use refusal::VoteState;
use serde_json::json;
use ui::Lang;

use super::super::answer::State;
use super::view::Page;
use crate::fault::Fault;
use crate::screen::Screen;
use crate::session::tests::idle_session;
use crate::tests::fixture::Fixture;

/// The pages' script, style sheet and texts know five names; no sixth may reach them.
#[test]
fn the_state_of_the_vote_has_the_same_name_in_answers_classes_and_texts() {
    let place = Fixture::new().place();
    let now = Instant::now();
    for (vote_state, name) in [
        (VoteState::NotSent, "none"),
        (VoteState::Stored, "stored"),
        (VoteState::Pending, "sending"),
        (VoteState::Accepted, "received"),
        (VoteState::Overtaken, "overtaken"),
        // Said as what is not certain, never as "not sent".
        (VoteState::Unknown, "sending"),
    ] {
        let mut s = idle_session(place.count(), now).snapshot(now);
        s.step = Screen::Choose;
        s.vote_state = vote_state;
        let told = serde_json::to_value(State::new(s.clone(), None, Lang::En)).unwrap();
        assert_eq!(told["vote_state"], json!(name));

        let lang = Lang::En;
        let html = Page {
            s,
            place: &place,
            lang,
        }
        .render()
        .unwrap();
        let text = crate::text::Words(lang).t(&format!("banner.{name}"));
        let banner = format!("<p class=\"not-yet not-yet-{name}\" id=\"banner\">{text}</p>");
        assert!(html.contains(&banner), "{banner}");
    }
}

/// Where a vote ends without a receipt, what the nodes signed can be saved; nowhere else, and not
/// when there is nothing.
#[test]
fn a_32_papers_are_offered_where_a_vote_ends_without_a_receipt() {
    let place = Fixture::new().place();
    let now = Instant::now();
    for lang in Lang::ALL {
        for (step, papers, offered) in [
            (Screen::Sending, Some("{}"), true),
            (Screen::Stopped, Some("{}"), true),
            (Screen::Sending, None, false),
            (Screen::Stopped, None, false),
            (Screen::End, Some("{}"), false),
        ] {
            let mut s = idle_session(place.count(), now).snapshot(now);
            (s.step, s.papers) = (step, papers.map(str::to_owned));
            (s.fault, s.vote_state) = (Some(Fault::Waiting), VoteState::Pending);
            let page = Page {
                s,
                place: &place,
                lang,
            };
            let html = page.render().unwrap();
            let button = "id=\"save-papers\" data-save=\"json\"";
            assert_eq!(html.contains(button), offered, "{step:?} {papers:?}");
        }
    }
}

/// The way without a relay is offered where none answered, and never at a station.
#[test]
fn a_81_the_way_without_a_relay_is_offered_at_home_only() {
    let now = Instant::now();
    for (fault, station, offered) in [
        (Fault::NoRelay, false, true),
        (Fault::NoRelay, true, false),
        (Fault::SendFailed, false, false),
    ] {
        let mut place = Fixture::new().place();
        place.station = station.then(|| "counter-1".to_owned());
        for lang in Lang::ALL {
            let mut s = idle_session(place.count(), now).snapshot(now);
            s.step = Screen::Sending;
            (s.fault, s.vote_state) = (Some(fault.clone()), VoteState::Pending);
            let page = Page {
                s,
                place: &place,
                lang,
            };
            let html = page.render().unwrap();
            let button = "id=\"direct\" data-api=\"/api/direct\"";
            assert_eq!(html.contains(button), offered, "{fault:?} {station}");
            // Sending again on the same way stays possible.
            assert!(html.contains("id=\"resend\""));
        }
    }
}

/// A station says before the card that later changes are made at stations only; at home nobody is
/// told so, because it is not so.
#[test]
fn a_54_a_station_says_before_the_card_where_a_vote_can_be_changed() {
    let now = Instant::now();
    for station in [false, true] {
        let mut place = Fixture::new().place();
        if station {
            place.station = Some("counter-1".to_owned());
        }
        for lang in [Lang::Ja, Lang::En] {
            let s = idle_session(place.count(), now).snapshot(now);
            let page = Page {
                s,
                place: &place,
                lang,
            };
            let html = page.render().unwrap();
            let sentence = crate::text::Words(lang).t("start.station");
            assert_eq!(html.contains(&*sentence), station, "{lang:?}");
        }
    }
}

/// The first page: who may vote, whom to ask, where, and what decides a tie, in the manifest's words.
#[test]
fn the_first_page_tells_what_the_manifest_says() {
    let place = Fixture::new().place();
    let now = Instant::now();
    for lang in Lang::ALL {
        let s = idle_session(place.count(), now).snapshot(now);
        assert_eq!(s.step, Screen::Start);
        let page = Page {
            s,
            place: &place,
            lang,
        };
        let html = page.render().unwrap();
        let m = &place.manifest;
        let mut words = vec![
            crate::text::pick(lang, &m.eligibility.words),
            &m.help.telephone,
            crate::text::pick(lang, &m.help.hours),
            crate::text::pick(lang, &m.tie_rule.words),
        ];
        assert!(!m.places.is_empty());
        for room in &m.places {
            words.push(crate::text::pick(lang, &room.name));
            words.push(crate::text::pick(lang, &room.address));
        }
        for word in words {
            assert!(html.contains(word), "{word}");
        }
    }
}
