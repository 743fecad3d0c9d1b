use super::*;
use crate::refusal::Refusal;
use crate::{Person as _, Terminal};
use host::private::Build;
use std::collections::BTreeSet;
use testkit::election::{Lab, Options};

/// One act of each kind.
fn all() -> Vec<Act> {
    vec![
        Act::Open {
            count: 0,
            height: 1,
            head: [1; 32],
        },
        Act::Notice {
            key: "incidents".to_owned(),
            text: Text::new("\u{202e}止\u{1b}[2J", "stopped", "とまった"),
        },
        Act::Extend {
            until: 1_800_600_000_000,
        },
        Act::Resume {
            until: 1_800_600_000_000,
        },
        Act::Drain,
        Act::Announce,
        Act::SaltDestroyed { registrar: 0 },
        Act::Release(Release {
            version: "1.2.3".to_owned(),
            platform: "linux-x86_64".to_owned(),
            size: 4711,
            sha256: [0xab; 32],
        }),
        Act::Withdraw {
            reason: Text::new("選択肢の誤り\u{200b}", "a wrong option", "まちがい"),
        },
        Act::Hints(Hints {
            number: 1,
            portal: "https://new.example".to_owned(),
            hints: vec![
                "https://a.example".to_owned(),
                "https://b.example".to_owned(),
            ],
        }),
    ]
}

fn said(lab: &Lab, ordered: &Ordered) -> (Wording, String) {
    let manifest = &lab.manifest.as_ref().unwrap().manifest;
    let validators = lab.state.validators();
    let wording = wording(ordered, lab.on_board(), manifest, validators);
    let lines = wording
        .lines
        .iter()
        .map(|l| format!("{}\n{}\n", l.ja, l.en));
    let text = lines.collect();
    (wording, text)
}

#[test]
fn every_act_has_a_word_of_its_own_and_says_what_it_does_in_both_languages() {
    let lab = Lab::open(Options::small());
    let mut words = BTreeSet::new();
    let acts = all().into_iter().map(Ordered::Act);
    let hand_over = Ordered::HandOver {
        epoch: 1,
        validators: lab.state.validators()[1..].to_vec(),
        until: 1_800_600_000_000,
    };
    for ordered in acts.chain([hand_over]) {
        let (wording, text) = said(&lab, &ordered);
        assert!(words.insert(wording.word));
        let first = wording.lines.first().unwrap();
        assert!(!first.ja.is_ascii() && first.en.starts_with(|c: char| c.is_ascii_lowercase()));
        let hidden = text.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(hidden, None, "{text}");
    }
    assert_eq!(words, BTreeSet::from(WORDS), "each has one of its own");
}

#[test]
fn the_words_hold_what_the_act_holds() {
    let lab = Lab::open(Options::small());
    let manifest = &lab.manifest.as_ref().unwrap().manifest;
    let acts = all();
    let of = |i: usize| said(&lab, &Ordered::Act(acts[i].clone())).1;
    assert!(of(0).contains("票がないこと（いま 0 票）"));
    let notice = of(1);
    for wanted in ["incidents", "\\u{202e}止\\u{1b}[2J", "stopped", "とまった"] {
        assert!(notice.contains(wanted), "{notice}");
    }
    for i in [2, 3] {
        assert!(of(i).contains(&when(1_800_600_000_000).0));
        assert!(of(i).contains(&when(lab.close_at()).0));
    }
    assert!(of(5).contains(&format!("（{} 人必要）", manifest.trustees.t)));
    assert!(of(6).contains(&manifest.registrars[0].name.ja));
    for wanted in ["1.2.3", "linux-x86_64", "4711", &"ab".repeat(32)] {
        assert!(of(7).contains(wanted));
    }
    for wanted in ["選択肢の誤り\\u{200b}", "a wrong option", "まちがい"] {
        assert!(of(8).contains(wanted));
    }
    for wanted in [
        &*manifest.portal,
        "https://new.example",
        "https://b.example",
    ] {
        assert!(of(9).contains(wanted));
    }
}

#[test]
fn a_hand_over_names_who_leaves_and_who_joins() {
    let lab = Lab::open(Options::small());
    let old = lab.state.validators();
    let mut new = old[1..].to_vec();
    new.push(Validator {
        name: Text::new("新しい団体", "a new body", "あたらしい"),
        engine_key: [0xff; 32],
        ..old[0].clone()
    });
    let ordered = Ordered::HandOver {
        epoch: 1,
        validators: new,
        until: 1_800_600_000_000,
    };
    let (_, text) = said(&lab, &ordered);
    assert!(text.contains(&format!("やめる検証者：{}", old[0].name.ja)));
    assert!(text.contains("加わる検証者：新しい団体"));
    assert!(text.contains("1回目"));
    assert!(text.contains(&when(1_800_600_000_000).0));
}

#[test]
fn a_60_a_program_for_real_elections_asks_somebody() {
    let refused = Terminal::open(true, Build::Release).unwrap_err();
    assert!(matches!(refused, Refusal::YesInRelease));
    assert!(Terminal::open(false, Build::Release).is_ok());
    let mut yes = Terminal::open(true, Build::Debug).unwrap();
    assert!(yes.confirm(("延長", "extend")).is_ok());
    // Tests run without a terminal on standard input; a developer's terminal answers differently.
    if !std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        let mut nobody = Terminal::open(false, Build::Debug).unwrap();
        let error = nobody.confirm(("延長", "extend")).unwrap_err();
        assert!(matches!(error.downcast_ref(), Some(Refusal::Unasked)));
    }
}
