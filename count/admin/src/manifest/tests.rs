use super::*;
use ballot::manifest::{Question, QuestionKind};
use testkit::election::{Lab, Options};

fn lab(n: u16, t: u16) -> Lab {
    let mut lab = Lab::new(Options {
        n,
        t,
        ..Options::default()
    });
    lab.set_up();
    lab
}

#[test]
fn who_stays_is_numbered_anew_and_keeps_name_and_keys() {
    let lab = lab(5, 3);
    let old = lab.on_board().setup().clone();
    let new = without(lab.on_board(), &[2], None).unwrap();
    assert_eq!(new.roster.t(), 3);
    let stay = [0, 2, 3, 4];
    for ((id, i), m) in (1u16..).zip(stay).zip(new.roster.members()) {
        let before = &old.roster.members()[i];
        assert_eq!((m.id, m.key, m.hpke), (id, before.key, before.hpke));
    }
    let names: Vec<_> = stay.iter().map(|i| &old.trustee_names[*i]).collect();
    assert_eq!(new.trustee_names.iter().collect::<Vec<_>>(), names);
}

#[test]
fn rejects_r2_01_what_is_left_without_a_majority_and_r2_11_strangers() {
    let lab = lab(5, 3);
    let rule = |gone: &[u16], t| {
        let error = without(lab.on_board(), gone, t).unwrap_err();
        let error: ceremony::CeremonyError = error.downcast().unwrap();
        error.rule().to_string()
    };
    assert_eq!(rule(&[1, 2, 3], None), "R2.01", "3 of 2");
    assert_eq!(rule(&[1], Some(2)), "R2.01", "2 of 4");
    assert_eq!(rule(&[6], None), "R2.11");
    assert!(without(lab.on_board(), &[1, 2], Some(2)).is_ok());
}

#[test]
fn a_finished_ceremony_does_not_begin_anew() {
    let mut lab = lab(3, 2);
    lab.run_ceremony();
    assert!(without(lab.on_board(), &[1], None).is_err());
}

#[test]
fn an_election_whose_portal_or_relays_nobody_can_ask_is_not_sealed() {
    let lab = Lab::sealed(Options::small());
    let mut good = lab.manifest.unwrap().manifest;
    good.portal = "https://vote.example".to_owned();
    good.relays = vec![Relay {
        name: Text::new("中継", "Relay", "中継"),
        origin: "https://relay.example:8443".to_owned(),
        spki: [77; 32],
    }];
    can_be_asked(&good).unwrap();
    type Change = fn(&mut Manifest);
    let changes: [(&str, Change); 7] = [
        ("plain", |m| m.portal = "http://vote.example".to_owned()),
        ("not practice", |m| {
            m.portal = "http://127.0.0.1:8080".to_owned();
            m.practice = false;
        }),
        ("a mark", |m| m.portal = "https://vote.example/#".to_owned()),
        ("capitals", |m| {
            m.relays[0].origin = "https://Relay.example".to_owned();
        }),
        ("more than an origin", |m| m.relays[0].origin.push_str(";x")),
        ("plain relay", |m| {
            m.relays[0].origin = "http://127.0.0.1:1".to_owned();
        }),
        ("too long", |m| {
            let text = |id: u8| Question {
                id: id.to_string(),
                text: Text::new("問", "Question", "問"),
                kind: QuestionKind::Text,
                required: false,
                options: Vec::new(),
                max_chars: u16::MAX,
            };
            m.survey = (0..3).map(text).collect();
        }),
    ];
    for (what, change) in changes {
        let mut bad = good.clone();
        change(&mut bad);
        assert!(can_be_asked(&bad).is_err(), "{what}");
    }
}
