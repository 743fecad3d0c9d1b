use super::*;
use crate::person::is_agreed;
use api::act_file::BadAct;
use ballot::text::Text;
use board::entry::{Act, Order, Ordered};
use board::rules;
use crypto::Hash;
use host::passphrase::Passphrase;
use std::path::Path;
use testkit::election::{Lab, MINUTE, Options};

/// An officer whose answer is written down beforehand.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) said: Vec<Line>,
    asked: Vec<String>,
    answer: &'static str,
}

impl Script {
    fn types(answer: &'static str) -> Self {
        Self {
            answer,
            ..Self::default()
        }
    }
    pub(crate) fn text(&self) -> String {
        let lines = self.said.iter().map(|l| format!("{}\n{}\n", l.ja, l.en));
        lines.collect()
    }
}

impl Person for Script {
    fn say(&mut self, line: &Line) -> Result<()> {
        assert!(
            self.asked.is_empty(),
            "everything is shown before it is asked"
        );
        self.said.push(line.clone());
        Ok(())
    }
    fn confirm(&mut self, words: (&str, &str)) -> Result<()> {
        self.asked.push(words.0.to_owned());
        is_agreed(self.answer, words)
    }
}

fn file(lab: &Lab, act: Act) -> ActFile {
    ActFile::unsigned(Order {
        election: lab.election,
        ordered: Ordered::Act(act),
    })
}

fn asked<'a>(lab: &'a Lab, file: &'a ActFile) -> Asked<'a> {
    Asked {
        file,
        state: &lab.state,
        practice: true,
        now_ms: lab.now + 1000,
    }
}

fn refusal(result: Result<ActFile>) -> Refusal {
    let error = result.expect_err("nothing was refused");
    error.downcast().expect("a refusal")
}

fn folder(dir: &Path, name: &str) -> crate::KeyFolder {
    let phrase = Passphrase::new(zeroize::Zeroizing::new(format!("passphrase of {name}")));
    let folder = crate::KeyFolder::open(&dir.join(name), phrase, true).unwrap();
    std::fs::create_dir_all(dir.join(name)).unwrap();
    folder.init(name, name).unwrap();
    folder
}

#[test]
fn two_officers_with_a_folder_each_extend_the_vote_one_after_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (folder(dir.path(), "one"), folder(dir.path(), "two"));
    let mut lab = Lab::new(Options::small());
    lab.parties.officers = vec![one.key().unwrap(), two.key().unwrap()];
    lab.set_up();
    lab.run_ceremony();
    lab.seal();
    lab.open_box();
    let until = lab.close_at() + 30 * MINUTE;
    let unsigned = file(&lab, Act::Extend { until });
    let mut first = Script::types("延長");
    let once = sign(&asked(&lab, &unsigned), &one.key().unwrap(), &mut first).unwrap();
    assert!(first.text().contains("まだいません"), "{}", first.text());
    assert_eq!(first.asked, ["延長"]);
    // The second officer gets the file as the first one wrote it.
    let travelled = ActFile::parse(once.to_json().unwrap().as_bytes()).unwrap();
    let mut second = Script::types("extend");
    let twice = sign(&asked(&lab, &travelled), &two.key().unwrap(), &mut second).unwrap();
    assert!(
        second.text().contains("ほかに署名した人：担当者1"),
        "{}",
        second.text()
    );
    let entry = twice.order.clone().signed(twice.two().unwrap());
    lab.post(&[entry.encode()]);
    assert_eq!(lab.close_at(), until);
}

#[test]
fn a_60_nothing_is_signed_without_the_word_of_this_act() {
    let lab = Lab::open(Options::small());
    let until = lab.close_at() + MINUTE;
    let file = file(&lab, Act::Extend { until });
    let key = lab.parties.officers[0].clone();
    for answer in ["", "はい", "yes", "再開", "announce", "延長 する"] {
        let mut person = Script::types(answer);
        let refused = refusal(sign(&asked(&lab, &file), &key, &mut person));
        assert!(matches!(refused, Refusal::Declined), "{answer}: {refused}");
        assert_eq!(person.asked, ["延長"]);
    }
    assert!(sign(&asked(&lab, &file), &key, &mut Script::types(" 延長\n")).is_ok());
}

#[test]
fn says_whose_election_it_is_and_what_changes() {
    let lab = Lab::open(Options::small());
    let until = lab.close_at() + 50 * MINUTE;
    let file = file(&lab, Act::Extend { until });
    let mut person = Script::default();
    show(&asked(&lab, &file), &mut person).unwrap();
    let manifest = &lab.manifest.as_ref().unwrap().manifest;
    let said = person.text();
    let time = |ms| ui::wareki::exact(ui::Lang::Ja, ms);
    for wanted in [
        manifest.title.ja.clone(),
        manifest.title.en.clone(),
        manifest.municipality.ja.clone(),
        "種類：練習".to_owned(),
        spoken(lab.election.as_bytes()),
        "いまの段階：受付中".to_owned(),
        "操作：延長".to_owned(),
        format!("締切：{} → {}", time(lab.close_at()), time(until)),
        "50分あとになります".to_owned(),
        time(manifest.extend_limit),
    ] {
        assert!(said.contains(&wanted), "{wanted} is not in\n{said}");
    }
    assert!(person.asked.is_empty(), "show asks nothing");
}

#[test]
fn a_key_that_is_no_officers_and_a_second_signature_of_one_are_refused() {
    let lab = Lab::open(Options::small());
    let until = lab.close_at() + MINUTE;
    let file = file(&lab, Act::Extend { until });
    let stranger = lab.parties.authority.clone();
    let refused = refusal(sign(
        &asked(&lab, &file),
        &stranger,
        &mut Script::types("延長"),
    ));
    assert!(matches!(refused, Refusal::NotOfficer));
    let key = lab.parties.officers[1].clone();
    let once = sign(&asked(&lab, &file), &key, &mut Script::types("延長")).unwrap();
    let refused = refusal(sign(&asked(&lab, &once), &key, &mut Script::types("延長")));
    assert!(matches!(refused, Refusal::Already));
}

#[test]
fn a_60_what_the_board_would_refuse_now_is_not_signed_for_later() {
    let lab = Lab::open(Options::small());
    let key = lab.parties.officers[0].clone();
    let limit = lab.manifest.as_ref().unwrap().manifest.extend_limit;
    let notice = Act::Notice {
        key: "a".to_owned(),
        text: Text::new("\u{1b}[2J", "x", "x"),
    };
    for (act, rule) in [
        (Act::Announce, rules::PHASE),
        (Act::Extend { until: limit + 1 }, rules::EXTEND_RANGE),
        (Act::Resume { until: limit }, rules::PHASE),
        (Act::SaltDestroyed { registrar: 0 }, rules::SALT_EARLY),
        (notice, rules::ACT_WORDS),
    ] {
        let file = file(&lab, act);
        let mut person = Script::types("x");
        match refusal(sign(&asked(&lab, &file), &key, &mut person)) {
            Refusal::Board {
                rule: found, ja, ..
            } => {
                assert_eq!(found, rule);
                assert!(!ja.is_empty());
            }
            other => panic!("{other}"),
        }
        assert!(person.asked.is_empty());
    }
}

#[test]
fn a_50_rejects_r1_10_acts_of_the_other_kind_of_election() {
    let lab = Lab::open(Options::small());
    let until = lab.close_at() + MINUTE;
    let file = file(&lab, Act::Extend { until });
    let real = Asked {
        practice: false,
        ..asked(&lab, &file)
    };
    let key = lab.parties.officers[0].clone();
    let mut person = Script::types("延長");
    match refusal(sign(&real, &key, &mut person)) {
        Refusal::Kind(rule) => assert_eq!(rule.to_string(), "R1.10"),
        other => panic!("{other}"),
    }
    assert!(person.said.is_empty());
}

#[test]
fn the_present_time_is_this_computers_not_the_boards() {
    let lab = Lab::open(Options::small());
    let until = lab.close_at() + MINUTE;
    let file = file(&lab, Act::Extend { until });
    let late = Asked {
        now_ms: lab.close_at(),
        ..asked(&lab, &file)
    };
    let key = lab.parties.officers[0].clone();
    match refusal(sign(&late, &key, &mut Script::types("延長"))) {
        Refusal::Board { rule, .. } => assert_eq!(rule, rules::EXTEND_LATE),
        other => panic!("{other}"),
    }
}

#[test]
fn a_60_false_signatures_and_unknown_elections_are_named() {
    let lab = Lab::open(Options::small());
    let until = lab.close_at() + MINUTE;
    let mut forged = file(&lab, Act::Extend { until });
    let keys = lab.parties.officers.clone();
    let false_one = forged.order.sign(&keys[0], &mut rand::rng());
    forged.signatures.insert(1, false_one);
    let refused = refusal(sign(
        &asked(&lab, &forged),
        &keys[0],
        &mut Script::types("延長"),
    ));
    assert!(matches!(refused, Refusal::Act(BadAct::Signature(1))));
    let mut other = file(&lab, Act::Announce);
    for id in [Hash::ZERO, lab.setup] {
        other.order.election = id;
        let refused = refusal(sign(
            &asked(&lab, &other),
            &keys[0],
            &mut Script::types("x"),
        ));
        assert!(matches!(refused, Refusal::UnknownElection));
    }
}
