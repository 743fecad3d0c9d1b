use super::*;
use crate::Refusal;
use crate::terminal::tests::Script;
use testkit::election::{Lab, Options};

fn manifest() -> Manifest {
    let lab = Lab::sealed(Options {
        registrars: 2,
        ..Options::small()
    });
    lab.manifest.unwrap().manifest
}

fn said(m: &Manifest) -> String {
    let mut talk = Script::yes();
    for part in parts(m) {
        part.put(&mut talk).unwrap();
    }
    assert_eq!(talk.asked, 3);
    talk.said.join("\n")
}

#[test]
fn a_61_a_trustee_is_shown_every_party_every_time_and_every_limit() {
    let m = manifest();
    let text = said(&m);
    let mut wanted = vec![
        m.title.ja.clone(),
        m.municipality.ja.clone(),
        m.tie_rule.words.ja.clone(),
        m.eligibility.words.ja.clone(),
        m.help.telephone.clone(),
        m.portal.clone(),
        format!(
            "{}人のうち{}人、最低 {} 票",
            m.trustees.members.len(),
            m.trustees.t,
            m.min_counted
        ),
    ];
    wanted.extend([m.close_at, m.extend_limit, m.announce_at].map(|t| wareki::exact(Lang::Ja, t)));
    let windows = m.channels.iter().flat_map(|c| &c.windows);
    wanted.extend(windows.map(|w| wareki::window(Lang::Ja, w.opens, w.closes)));
    wanted.extend(m.places.iter().map(|p| p.address.ja.clone()));
    wanted.extend(
        m.contests
            .iter()
            .flat_map(|c| c.options.iter().map(|o| o.title.ja.clone())),
    );
    let named = m
        .registrars
        .iter()
        .map(|r| (&r.name, r.key.as_bytes().to_vec()));
    let named = named.chain(
        m.officers
            .iter()
            .map(|o| (&o.name, o.key.as_bytes().to_vec())),
    );
    let named = named.chain(
        m.validators
            .iter()
            .map(|v| (&v.name, v.engine_key.to_vec())),
    );
    let named = named.chain(
        m.trustees
            .members
            .iter()
            .map(|t| (&t.name, t.key.as_bytes().to_vec())),
    );
    wanted.extend(named.flat_map(|(name, key)| [name.ja.clone(), spoken(&key)]));
    wanted.extend(m.auditors.iter().map(|key| spoken(key)));
    for w in wanted {
        assert!(text.contains(&w), "{w} is not in\n{text}");
    }
}

#[test]
fn a_61_one_registrar_and_few_validators_are_said_to_be_few() {
    let mut m = manifest();
    assert!(!said(&m).contains("注意"));
    m.registrars.truncate(1);
    assert!(said(&m).contains("登録所は1つだけです"));
    m.validators.truncate(1);
    assert!(said(&m).contains("1者でも不正をすれば"));
    m.practice = !m.practice;
    assert_eq!(said(&m).contains("種類：本番の投票"), !m.practice);
}

/// Who carries voters' questions is sealed too, and that nobody does is said.
#[test]
fn a_61_relays_are_named_or_said_to_be_missing() {
    let mut m = manifest();
    m.relays.clear();
    assert!(said(&m).contains("中継所：なし"));
    m.relays.push(ballot::manifest::Relay {
        name: Text::new("消費者協会", "Union", "消費者協会"),
        origin: "https://relay.example".to_owned(),
        spki: [8; 32],
    });
    let text = said(&m);
    for w in ["消費者協会", "https://relay.example", &spoken(&[8; 32])] {
        assert!(text.contains(w), "{w} is not in\n{text}");
    }
    assert!(!text.contains("中継所：なし"));
}

#[test]
fn a_61_every_part_can_be_declined() {
    let m = manifest();
    for part in parts(&m) {
        let error = part.put(&mut Script::answers(&[false])).unwrap_err();
        assert!(matches!(error.downcast_ref(), Some(Refusal::Declined)));
    }
}

#[test]
fn a_49_no_text_of_others_moves_the_cursor() {
    let mut m = manifest();
    let bad = Text::new("\u{1b}[2Jx\u{202e}", "\u{1b}[8m", "x");
    m.title = bad.clone();
    m.registrars[0].name = bad.clone();
    m.registrars[0].origin = "\u{1b}[2J".to_owned();
    m.places.iter_mut().for_each(|p| p.address = bad.clone());
    let mut talk = Script::yes();
    for part in parts(&m) {
        part.put(&mut talk).unwrap();
        let all = part.lines.iter().flat_map(|(ja, en)| [ja, en]);
        for line in all {
            assert!(!line.contains(['\u{1b}', '\u{202e}', '\n']), "{line:?}");
        }
    }
    assert!(talk.said.iter().any(|l| l.contains("\\u{1b}[2Jx\\u{202e}")));
}
