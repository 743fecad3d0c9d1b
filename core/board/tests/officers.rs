//! What officers are told before they sign is what the board decides afterwards.

use board::entry::{Act, Order, Ordered};
use board::{Phase, check::check_stateless};
use crypto::Hash;
use testkit::election::{Lab, MINUTE, Options};

fn acts(lab: &Lab) -> Vec<Act> {
    let until = lab.close_at() + 30 * MINUTE;
    let text = ballot::text::Text::new("お知らせ", "notice", "おしらせ");
    let bad = ballot::text::Text::new("\u{200b}", "x", "x");
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
        Act::Close,
        Act::Announce,
        Act::SaltDestroyed { registrar: 0 },
        Act::SaltDestroyed { registrar: 9 },
    ]
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
    lab.evidence();
    lab.close();
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
    lab.advance_to(close - 1000);
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
