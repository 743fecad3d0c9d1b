use super::*;

fn after(presence: &Presence, seconds: u64) -> Absence {
    presence.absence(Instant::now() + Duration::from_secs(seconds))
}

#[test]
fn a_page_that_is_hidden_is_there() {
    let presence = Presence::new(Instant::now());
    drop(presence.request());
    assert_eq!(after(&presence, 65), Absence::No);
}

#[test]
fn a_page_that_was_loaded_anew_is_there() {
    let presence = Presence::new(Instant::now());
    drop(presence.request());
    presence.leave();
    assert_eq!(after(&presence, 4), Absence::No);
    drop(presence.request());
    assert_eq!(after(&presence, 60), Absence::No);
}

#[test]
fn a_closed_page_lets_the_card_go_and_then_the_program_ends() {
    let presence = Presence::new(Instant::now());
    drop(presence.request());
    presence.leave();
    assert_eq!(after(&presence, 6), Absence::LetGo);
    assert_eq!(after(&presence, 36), Absence::End);
}

#[test]
fn a_browser_that_died_is_noticed_without_a_word() {
    let presence = Presence::new(Instant::now());
    drop(presence.request());
    assert_eq!(after(&presence, 149), Absence::No);
    assert_eq!(after(&presence, 151), Absence::LetGo);
    assert_eq!(after(&presence, 200), Absence::End);
}

/// A vote that is being sent is not given up because the page asks for nothing else meanwhile.
#[test]
fn nothing_ends_while_a_request_is_under_way() {
    let presence = Presence::new(Instant::now());
    let sending = presence.request();
    presence.leave();
    assert_eq!(after(&presence, 10_000), Absence::No);
    drop(sending);
    assert_eq!(after(&presence, 36), Absence::End);
}

#[test]
fn a_program_that_nobody_opened_ends_too() {
    let presence = Presence::new(Instant::now());
    assert_eq!(after(&presence, 14 * 60), Absence::No);
    assert_eq!(after(&presence, 16 * 60), Absence::End);
}
