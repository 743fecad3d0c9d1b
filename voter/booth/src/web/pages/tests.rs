use std::path::Path;
use std::time::Instant;

use askama::Template as _;
use refusal::VoteState;
use serde_json::json;
use ui::Lang;

use super::super::answer::State;
use super::view::Page;
use crate::fault::Fault;
use crate::screen::Screen;
use crate::session::tests::{idle_session, receipt};
use crate::sums::{FirstCode, Sums};
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

/// At home the card is done with when the registrars have answered, and the next page says so. At a
/// kiosk it stays: taking it ends the session.
#[test]
fn the_card_may_be_taken_at_once_at_home_only() {
    let now = Instant::now();
    for station in [false, true] {
        let mut place = Fixture::new().place();
        place.station = station.then(|| "counter-1".to_owned());
        for lang in Lang::ALL {
            let mut s = idle_session(place.count(), now).snapshot(now);
            s.step = Screen::Choose;
            let page = Page {
                s,
                place: &place,
                lang,
            };
            let html = page.render().unwrap();
            assert_eq!(html.contains("id=\"take-card-now\""), !station);
        }
    }
}

/// A kiosk may have no keyboard: digits can be touched where digits are asked for.
#[test]
fn a_kiosk_has_a_key_for_every_digit() {
    let now = Instant::now();
    for (step, station, keys) in [
        (Screen::Pin, true, 11),
        (Screen::Surface, true, 11),
        (Screen::Pin, false, 0),
        (Screen::Surface, false, 0),
        (Screen::Choose, true, 0),
    ] {
        let mut place = Fixture::new().place();
        place.station = station.then(|| "counter-1".to_owned());
        for lang in Lang::ALL {
            let mut s = idle_session(place.count(), now).snapshot(now);
            s.step = step;
            let page = Page {
                s,
                place: &place,
                lang,
            };
            let html = page.render().unwrap();
            assert_eq!(html.matches("data-key=").count(), keys, "{step:?}");
        }
    }
}

/// Whoever has to go to an office can take on paper what to do there; it has the telephone, and nothing
/// of the voter.
#[test]
fn a_locked_pin_comes_with_a_sheet_to_print() {
    let place = Fixture::new().place();
    let now = Instant::now();
    for (fault, sheet) in [
        (Fault::PinLocked, true),
        (Fault::SurfaceLocked, true),
        (Fault::Expired { since: None }, true),
        (Fault::Revoked, false),
        (Fault::Idle, false),
    ] {
        for lang in Lang::ALL {
            let mut s = idle_session(place.count(), now).snapshot(now);
            (s.step, s.fault) = (Screen::Stopped, Some(fault.clone()));
            let page = Page {
                s,
                place: &place,
                lang,
            };
            let html = page.render().unwrap();
            assert_eq!(html.contains("id=\"sheet\" data-print"), sheet, "{fault}");
            assert_eq!(html.contains("<p class=\"print-only\">"), sheet, "{fault}");
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

const SCREENS: [Screen; 23] = [
    Screen::Start,
    Screen::Card,
    Screen::Pin,
    Screen::Consent,
    Screen::Surface,
    Screen::Face,
    Screen::Authorize,
    Screen::Pending,
    Screen::Choose,
    Screen::Pictures,
    Screen::Confirm,
    Screen::Code,
    Screen::Checking,
    Screen::Checked,
    Screen::Sending,
    Screen::Slip,
    Screen::Note,
    Screen::Side,
    Screen::Opening,
    Screen::Done,
    Screen::Survey,
    Screen::End,
    Screen::Stopped,
];

/// Every screen, at home and at a kiosk, as it is at first and with a fault.
fn every_page() -> Vec<(String, String)> {
    let faults = [
        (Screen::Card, Fault::NoReader),
        (Screen::Pin, Fault::PinWrong { left: 1 }),
        (Screen::Face, Fault::FaceMismatch { left: 2 }),
        (Screen::Authorize, Fault::RegistrarUnreachable),
        (Screen::Sending, Fault::Waiting),
        (Screen::Opening, Fault::NotOpened),
        (Screen::Stopped, Fault::FaceRefused),
    ];
    let now = Instant::now();
    let mut pages = Vec::new();
    for station in [None, Some("counter-1".to_owned())] {
        let mut place = Fixture::new().place();
        let kind = if station.is_some() { "kiosk" } else { "home" };
        place.station = station;
        for lang in Lang::ALL {
            let plain = SCREENS.map(|step| (step, None)).into_iter();
            let all = plain.chain(faults.clone().map(|(step, fault)| (step, Some(fault))));
            for (step, fault) in all {
                let mut s = idle_session(place.count(), now).snapshot(now);
                s.step = step;
                s.last_try = matches!(fault, Some(Fault::PinWrong { left: 1 }));
                s.tries_left = s.last_try.then_some(1);
                s.choice = Some(crate::ports::Choice(0));
                s.pictures = Some([0, 3]);
                s.receipt = Some(receipt());
                s.first = Some(FirstCode {
                    digits: "0228AB".to_owned(),
                    receipt_code: receipt().code,
                });
                s.sums = (step == Screen::Note).then(|| Sums::new([[98, 1]]));
                if step >= Screen::Slip && step < Screen::Stopped {
                    s.vote_state = VoteState::Accepted;
                }
                let name = fault
                    .as_ref()
                    .map_or(String::new(), |f| format!("-{}", f.code()));
                let name = format!("{kind}-{}-{}{name}", lang.code(), step.name());
                s.fault = fault;
                let place = &place;
                pages.push((name, Page { s, place, lang }.render().unwrap()));
            }
        }
    }
    pages
}

/// Left under target/booth-pages, to be looked at and measured in a browser.
fn leave(name: &str, html: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/booth-pages");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("ui.css"), ui::assets::CSS).unwrap();
    std::fs::write(
        folder.join("booth.css"),
        include_str!("../../../assets/booth.css"),
    )
    .unwrap();
    let page = format!(
        "<!DOCTYPE html><html lang=\"ja\"><head><meta charset=\"utf-8\"><title>{name}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"ui.css\">\
         <link rel=\"stylesheet\" href=\"booth.css\"></head><body><div id=\"app\">{html}</div></body></html>"
    );
    std::fs::write(folder.join(format!("{name}.html")), page).unwrap();
}

/// One heading, which takes the focus and is the fault where there is one; no text is missing; and
/// no address of the portal but those its own tests ask for.
#[test]
fn every_page_has_one_heading_and_known_links() {
    let portal = Fixture::new().place().portal;
    for (name, html) in every_page() {
        leave(&name, &html);
        assert!(!html.contains(ui::strings::MISSING), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(
            html.matches("id=\"title\" tabindex=\"-1\"").count(),
            1,
            "{name}"
        );
        let heading = html
            .split("<h1")
            .nth(1)
            .unwrap()
            .split("</h1>")
            .next()
            .unwrap();
        let with_fault = html.contains("id=\"fault\"");
        assert_eq!(heading.contains("banner-title"), with_fault, "{name}");
        let lang = Lang::ALL
            .into_iter()
            .find(|l| name.contains(&format!("-{}-", l.code())));
        let lang = lang.unwrap();
        for link in html
            .split("href=\"")
            .skip(1)
            .map(|s| s.split('"').next().unwrap())
        {
            let code = link.split_once('#').map(|(_, code)| code);
            let known = match refusal::ErrorCode::ALL
                .iter()
                .find(|c| Some(&*c.to_string()) == code)
            {
                Some(code) => ui::links::error(&portal, lang, *code),
                None => ui::links::help(&portal, lang),
            };
            assert!(link == "#main" || link == known, "{name}: {link}");
        }
    }
}

/// The last try: the Enter key does not use it, both ways out are equal, and a wrong number marks
/// its field.
#[test]
fn the_last_try_is_taken_by_a_press_and_the_field_is_marked() {
    let pages = every_page();
    let find = |wanted: &str| &pages.iter().find(|(name, _)| name == wanted).unwrap().1;
    let last = find("home-ja-pin-E-11");
    let first_submit = last.split("type=\"submit\"").nth(1).unwrap();
    assert!(first_submit.trim_start().starts_with("disabled hidden"));
    assert!(last.contains("aria-invalid=\"true\"") && last.contains("入力した番号が違いました"));
    assert!(last.contains("btn btn-outline btn-l\" id=\"quit\""));
    assert!(last.contains("btn btn-outline btn-l\" id=\"pin-next\""));
    let fresh = find("home-ja-pin");
    assert!(!fresh.contains("aria-invalid") && !fresh.contains("disabled hidden"));
    assert!(fresh.contains("btn btn-fill btn-l\" id=\"pin-next\""));
}
