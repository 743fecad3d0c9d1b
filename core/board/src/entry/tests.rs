use super::*;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

fn act(act: Act) -> Entry {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let key = SigningKey::generate(&mut rng);
    let s = OfficerAct::sign(&Hash::ZERO, &act, &key, &mut rng);
    Entry::Act(Box::new(OfficerAct {
        election: Hash::ZERO,
        act,
        signatures: [(0, s), (1, s)],
    }))
}

fn samples() -> Vec<Entry> {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let key = SigningKey::generate(&mut rng);
    let text = ballot::text::Text::new("お知らせ", "notice", "おしらせ");
    let result = ResultEntry {
        election: Hash::ZERO,
        votes: vec![vec![1, 2], vec![3]],
        received: 7,
        overwritten: 1,
        counted: 6,
        check_ballots: 0,
        issued: vec![9],
    };
    vec![
        act(Act::Open {
            count: 0,
            height: 3,
            head: [4; 32],
        }),
        act(Act::Notice {
            key: "incidents".into(),
            text,
        }),
        act(Act::Extend { until: 5 }),
        act(Act::Resume { until: 6 }),
        act(Act::Drain),
        act(Act::Announce),
        act(Act::SaltDestroyed { registrar: 1 }),
        act(Act::Withdraw {
            reason: ballot::text::Text::new("誤り", "a mistake", "まちがい"),
        }),
        act(Act::Hints(Hints {
            number: 1,
            portal: "https://vote.example".into(),
            hints: vec!["https://a.example".into(), "https://b.example".into()],
        })),
        Entry::Ceremony(Box::new(
            CeremonyEntry {
                setup: Hash::ZERO,
                trustee: 2,
                message: ::ceremony::Message::Confirm,
            }
            .signed(&key, &mut rng),
        )),
        Entry::Evidence(Box::new(
            Evidence {
                election: Hash::ZERO,
                registrar: 0,
                day: 18_000,
                counts: vec![],
                incidents: 0,
                part: 0,
                leaves: vec![],
            }
            .signed(&key, &mut rng),
        )),
        Entry::ShareCommit(Box::new(
            ShareCommit {
                election: Hash::ZERO,
                trustee: 1,
                target: Hash::ZERO,
                commitment: Hash::ZERO,
            }
            .signed(&key, &mut rng),
        )),
        Entry::Result(Box::new(result)),
    ]
}

#[test]
fn entries_round_trip_and_kinds_differ() {
    for e in samples() {
        let bytes = e.encode();
        assert_eq!(bytes.get(1), Some(&e.kind()));
        assert_eq!(Entry::decode(&bytes).as_ref(), Ok(&e));
        assert_eq!(peek_election(&bytes), e.election());
        assert_eq!(
            Entry::decode(&[&bytes[..], &[0]].concat()),
            Err(WireError::Trailing)
        );
    }
}

#[test]
fn rejects_r5_01_unknown_kinds_and_versions() {
    for k in (0..=9).chain(31..=255) {
        assert!(Entry::decode(&[2, k, 0, 0]).is_err(), "{k}");
    }
    let mut bytes = act(Act::Drain).encode();
    bytes[0] = 1;
    assert_eq!(Entry::decode(&bytes), Err(WireError::Version(1)));
}

#[test]
fn an_act_of_one_kind_is_not_signed_as_another() {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let key = SigningKey::generate(&mut rng);
    let s = OfficerAct::sign(&Hash::ZERO, &Act::Extend { until: 5 }, &key, &mut rng);
    let with = |act| OfficerAct {
        election: Hash::ZERO,
        act,
        signatures: [(0, s), (1, s)],
    };
    assert!(with(Act::Extend { until: 5 }).is_signed_by(&key.public(), &s));
    assert!(!with(Act::Extend { until: 6 }).is_signed_by(&key.public(), &s));
    assert!(!with(Act::Resume { until: 5 }).is_signed_by(&key.public(), &s));
}

#[test]
fn an_order_is_the_bytes_that_officers_sign_and_becomes_their_entry() {
    let mut rng = ChaCha20Rng::seed_from_u64(4);
    let key = SigningKey::generate(&mut rng);
    let acts = samples().into_iter().filter_map(|e| match e {
        Entry::Act(a) => Some(a.act),
        _ => None,
    });
    for act in acts {
        let order = Order {
            election: Hash::ZERO,
            ordered: Ordered::Act(act.clone()),
        };
        let bytes = order.to_bytes();
        assert_eq!(bytes, OfficerAct::message(&Hash::ZERO, &act));
        assert_eq!(Order::from_bytes(&bytes).as_ref(), Ok(&order));
        let more = [&bytes[..], &[0]].concat();
        assert_eq!(Order::from_bytes(&more), Err(WireError::Trailing));
        let s = order.sign(&key, &mut rng);
        assert!(order.is_signed_by(&key.public(), &s));
        let Entry::Act(entry) = order.clone().signed([(0, s), (1, s)]) else {
            panic!("an act");
        };
        assert!(entry.is_signed_by(&key.public(), &s));
        assert_eq!(entry.act.kind(), order.kind());
    }
    for k in (0..=9).chain([10, 11, 12, 14, 15, 16, 21, 23, 24]) {
        let error = Order::from_bytes(&[&[2, k][..], &[0; 64]].concat());
        assert_eq!(error, Err(WireError::Type(k)), "needs no officers");
    }
}
