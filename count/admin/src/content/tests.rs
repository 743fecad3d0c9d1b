use super::*;
use std::path::Path;

fn demo() -> Content {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/demo/election.json");
    Content::read(&path).unwrap()
}

#[test]
fn the_demo_content_becomes_a_contest_of_eleven() {
    let c = demo();
    assert_eq!(c.contest().unwrap().shape.encoded_len(), 96 * 11 + 320);
    assert_eq!(c.threshold(), (3, 5));
    let channels = c.channels().unwrap();
    assert_eq!(channels.len(), 3);
    assert_eq!(channels[1].windows.len(), 3);
    assert_eq!(
        channels[0].windows[0].opens, 1_800_574_200_000,
        "22 January 2027 8:30 in Japan"
    );
    assert!(channels[0].windows[0].closes <= c.announce_at().unwrap());
}

#[test]
fn a_group_question_becomes_one_question_per_line() {
    let survey = demo().survey().unwrap();
    let age = survey.iter().find(|q| q.id == "Q7-age").unwrap();
    assert_eq!(age.options.len(), 8);
    assert_eq!(age.options[0].text.en, "Up to 19");
    assert_eq!(survey.last().unwrap().kind, QuestionKind::Text);
}

#[test]
fn times_must_be_times() {
    assert!(instant("2027-01-22 08:30").is_err());
    assert!(instant("1969-12-31T00:00:00Z").is_err());
}
