//! What officers are told before they sign is what the board decides afterwards.

use ballot::text::Text;
use board::entry::{Act, Entry, Hints, Order, Ordered};
use board::{Phase, check::check_stateless};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, MINUTE, Options};

fn acts(lab: &Lab) -> Vec<Act> {
    let until = lab.close_at() + 30 * MINUTE;
    let text = Text::new("お知らせ", "notice", "おしらせ");
    let bad = Text::new("\u{200b}", "x", "x");
    let key = "incidents".to_owned();
    vec![
        Act::Open {
            count: 0,
            height: lab.state.tip().height,
            head: *lab.state.digest(),
        },
        Act::Open {
            count: 0,
            height: 0,
            head: [0; 32],
        },
        Act::Notice {
            key: key.clone(),
            text,
        },
        Act::Notice { key, text: bad },
        Act::Extend { until },
        Act::Extend { until: 0 },
        Act::Resume { until },
        Act::Drain,
        Act::Announce,
        Act::SaltDestroyed { registrar: 0 },
        Act::SaltDestroyed { registrar: 9 },
        Act::Withdraw {
            reason: Text::new("誤り", "a mistake", "まちがい"),
        },
        hints(1, &["https://a.example"]),
        hints(2, &["https://a.example"]),
        hints(1, &[]),
    ]
}

fn hints(number: u32, hints: &[&str]) -> Act {
    Act::Hints(Hints {
        number,
        portal: "https://vote.example".to_owned(),
        hints: hints.iter().map(|h| (*h).to_owned()).collect(),
    })
}

/// The same answer for the unsigned order and for the signed entry.
fn agree(lab: &mut Lab) {
    for act in acts(lab) {
        let order = Order {
            election: lab.election,
            ordered: Ordered::Act(act.clone()),
        };
        let entry = lab.act(act).encode();
        for later in [1000, 30 * MINUTE] {
            let time = lab.now + later;
            let signed = check_stateless(lab.state.context(), &entry, &mut lab.rng)
                .and_then(|checked| lab.state.admit(&checked, time));
            assert_eq!(lab.state.would_take(&order, time), signed, "{order:?}");
        }
    }
}

#[test]
fn an_unsigned_order_is_judged_as_the_signed_act_in_every_phase() {
    let mut lab = Lab::sealed(Options::small());
    agree(&mut lab);
    lab.open_box();
    agree(&mut lab);
    for voter in 0..3 {
        lab.cast(voter, 0);
    }
    lab.close();
    lab.evidence();
    agree(&mut lab);
    lab.commit_shares(2);
    let announce_at = lab.manifest.as_ref().unwrap().manifest.announce_at;
    lab.advance_to(announce_at);
    assert_eq!(lab.phase(), Phase::Committed);
    agree(&mut lab);
}

#[test]
fn a_halted_election_is_judged_with_time_in_force() {
    let mut lab = Lab::open(Options::small());
    let close = lab.close_at();
    lab.advance_to(close - 15 * MINUTE);
    // The next block comes after a gap across the close: it halts first, then it is judged.
    let order = |act| Order {
        election: lab.election,
        ordered: Ordered::Act(act),
    };
    let late = close + 10 * MINUTE;
    let resume = order(Act::Resume {
        until: late + MINUTE,
    });
    assert_eq!(lab.state.would_take(&resume, late), Ok(()));
    assert!(lab.state.would_take(&resume, close - 500).is_err());
}

#[test]
fn rejects_r5_03_orders_for_elections_that_are_not_sealed() {
    let mut lab = Lab::new(Options::small());
    lab.set_up();
    for election in [lab.setup, Hash::ZERO] {
        let order = Order {
            election,
            ordered: Ordered::Act(Act::Announce),
        };
        let rule = lab.state.would_take(&order, lab.now + 1000).unwrap_err();
        assert_eq!(rule.to_string(), "R5.03");
    }
}

#[test]
fn rejects_r5_58_r5_76_an_order_of_a_hand_over_that_hands_nothing_over_or_is_out_of_time() {
    let lab = Lab::sealed(Options::small());
    let time = lab.now + 1000;
    let judge_until = |epoch, validators: &[ballot::manifest::Validator], until| {
        let order = Order {
            election: lab.election,
            ordered: Ordered::HandOver {
                epoch,
                validators: validators.to_vec(),
                until,
            },
        };
        assert_eq!(Order::from_bytes(&order.to_bytes()).as_ref(), Ok(&order));
        let judged = lab.state.would_take(&order, time);
        judged.map_err(|rule| rule.to_string())
    };
    let judge = |epoch, validators: &[_]| judge_until(epoch, validators, time + 1);
    let old = lab.state.validators();
    assert_eq!(judge(1, &old[1..]), Ok(()));
    assert_eq!(judge(2, &old[1..]), Err("R5.58".to_owned()));
    assert_eq!(judge(1, old), Err("R5.58".to_owned()));
    let last = time + board::state::HAND_OVER_MS;
    assert_eq!(judge_until(1, &old[1..], last), Ok(()));
    for until in [time, last + 1] {
        let judged = judge_until(1, &old[1..], until);
        assert_eq!(judged, Err("R5.76".to_owned()));
    }
}

fn withdraw() -> Act {
    Act::Withdraw {
        reason: Text::new("選択肢の誤り", "a wrong option", "まちがい"),
    }
}

#[test]
fn a_63_a_withdrawn_election_says_why_and_is_over() {
    let mut lab = Lab::sealed(Options::small());
    let act = lab.act(withdraw());
    lab.post_one(&act);
    assert_eq!(lab.phase(), Phase::Withdrawn);
    assert_eq!(lab.on_board().withdrawn().unwrap().en, "a wrong option");
    let view = board::record::views(lab.on_board()).unwrap();
    let view = &view["view/election.json"];
    let reason = "\"withdrawn\": {\"ja\":\"選択肢の誤り\",\"en\":\"a wrong option\",\"plain\":\"まちがい\"},\n";
    assert!(view.contains(reason), "{view}");
    assert!(view.ends_with("\"phase\": \"withdrawn\"\n}\n"));
    // Time alone does not open, halt or close it.
    let close = lab.close_at();
    lab.advance_to(close + 60 * MINUTE);
    assert_eq!(lab.phase(), Phase::Withdrawn);
}

#[test]
fn rejects_r5_70_withdrawing_what_has_begun() {
    let mut lab = Lab::open(Options::small());
    let act = lab.act(withdraw()).encode();
    assert_eq!(lab.refused(&act), "R5.70");
    lab.cast(0, 1);
    lab.close();
    lab.evidence();
    assert_eq!(lab.refused(&act), "R5.70");
    let mut lab = Lab::new(Options::small());
    lab.set_up();
    let act = lab.act(withdraw()).encode();
    assert_eq!(lab.refused(&act), "R5.03", "nothing is sealed yet");
}

#[test]
fn rejects_r5_71_everything_after_a_withdrawal_but_notices() {
    let mut lab = Lab::sealed(Options::small());
    let ballot = lab.ballot(0, 1);
    let key = lab.voter(0).key.clone();
    let check = ballot::CheckBallot::open(&ballot, &key, &mut lab.rng).to_bytes();
    let evidence = lab.evidence_of(0, 20_840).encode();
    let seal = Entry::Seal(Box::new(lab.manifest.clone().unwrap()));
    let moved = lab.network().validators[1..].to_vec();
    let hand_over = Entry::HandOver(Box::new(lab.hand_over_to(1, moved))).encode();
    let act = lab.act(withdraw());
    lab.post_one(&act);
    let mut refused = vec![ballot.to_bytes(), check, evidence, hand_over];
    refused.extend(acts(&lab).into_iter().filter_map(|act| match act {
        Act::Notice { .. } => None,
        Act::Hints(h) if !h.is_sound() => None,
        other => Some(lab.act(other).encode()),
    }));
    refused.push(lab.act(withdraw()).encode());
    for entry in &refused {
        assert_eq!(lab.refused(entry), "R5.71", "{}", entry[1]);
    }
    assert_eq!(lab.refused(&seal.encode()), "R5.04", "it is on the board");
    let ballot_now = lab.state.precheck(&ballot.to_bytes(), lab.now);
    assert_eq!(ballot_now, Err(board::rules::WITHDRAWN));
    let notice = lab.act(Act::Notice {
        key: "next".to_owned(),
        text: Text::new("やり直します", "there will be another one", "もういちど"),
    });
    lab.post_one(&notice);
}

#[test]
fn rejects_r5_57_a_withdrawal_with_words_that_no_manifest_may_have() {
    let mut lab = Lab::sealed(Options::small());
    for reason in [Text::default(), Text::new("\u{202e}", "x", "x")] {
        let act = lab.act(Act::Withdraw { reason }).encode();
        assert_eq!(lab.refused(&act), "R5.57");
    }
}

#[test]
fn a_63_the_newest_addresses_are_in_force_from_the_seal_to_the_end() {
    let mut lab = Lab::sealed(Options::small());
    let sealed = lab.manifest.as_ref().unwrap().manifest.portal.clone();
    assert_eq!(lab.on_board().portal(), Some(sealed.as_str()));
    assert!(lab.on_board().hints().is_none());
    let first = lab.act(hints(1, &["https://a.example"]));
    lab.post_one(&first);
    assert_eq!(lab.on_board().portal(), Some("https://vote.example"));
    lab.open_box();
    lab.cast(0, 1);
    let second = lab.act(hints(2, &["https://b.example", "https://c.example"]));
    lab.post_one(&second);
    lab.finish();
    let last = lab.act(hints(3, &["https://d.example"]));
    lab.post_one(&last);
    let view = board::record::views(lab.on_board()).unwrap();
    let lines = "\"portal\": \"https://vote.example\",\n\"hints\": [\"https://d.example\"],\n\"withdrawn\": null,\n";
    assert!(view["view/election.json"].contains(lines));
}

#[test]
fn rejects_r5_72_addresses_that_no_manifest_may_have() {
    let mut lab = Lab::sealed(Options::small());
    let portal = |portal: &str| {
        Act::Hints(Hints {
            number: 1,
            portal: portal.to_owned(),
            hints: vec!["https://a.example".to_owned()],
        })
    };
    for act in [
        hints(1, &[]),
        hints(1, &[""]),
        hints(1, &["https://a.example", "https://a.example"]),
        hints(1, &["https://a.example/\u{200b}"]),
        portal(""),
        portal("https://vote.example "),
    ] {
        let bytes = lab.act(act.clone()).encode();
        assert_eq!(lab.refused(&bytes), "R5.72", "{act:?}");
    }
    let many: Vec<String> = (0..17).map(|i| format!("https://{i}.example")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let bytes = lab.act(hints(1, &many)).encode();
    assert_eq!(lab.refused(&bytes), "R5.01", "more than a start file holds");
}

#[test]
fn rejects_r5_73_addresses_out_of_turn() {
    let mut lab = Lab::sealed(Options::small());
    for number in [0, 2, u32::MAX] {
        let act = lab.act(hints(number, &["https://a.example"])).encode();
        assert_eq!(lab.refused(&act), "R5.73");
    }
    let old = lab.act(hints(1, &["https://wrong.example"]));
    lab.post_one(&old);
    let new = lab.act(hints(2, &["https://right.example"]));
    lab.post_one(&new);
    // Other officers' signatures under the old addresses do not bring them back.
    let again = lab.act(hints(1, &["https://wrong.example"])).encode();
    assert_eq!(lab.refused(&again), "R5.73");
    let newest = lab.on_board().hints().unwrap();
    assert_eq!(newest.hints, ["https://right.example"]);
}
