//! For every size: t shares open, t − 1 do not, and whatever one trustee does, no other is blamed.

use crate::table::Table;
use ceremony::{Message, Round};
use crypto::Scalar;
use proptest::prelude::*;

fn sizes() -> impl Strategy<Value = (u16, u16)> {
    (1u16..=15).prop_flat_map(|n| (Just(n), n / 2 + 1..=n))
}

/// Every n up to 15, each with the smallest and the largest threshold.
#[test]
fn every_size_gives_one_key() {
    for n in 1..=15u16 {
        for t in [n / 2 + 1, n] {
            Table::new(n, t, u64::from(100 * n + t)).honest().is_good(t);
        }
    }
}

/// One way not to keep the rules.
fn misdeed(kind: u8, to: usize) -> impl FnMut(Message, &ceremony::Ceremony) -> Vec<Message> {
    move |m, _| match (kind, m) {
        (0, Message::Commit(_)) => vec![],
        (
            1,
            Message::Reveal {
                commitments,
                mut knowledge,
            },
        ) => {
            knowledge.z += Scalar::ONE;
            vec![Message::Reveal {
                commitments,
                knowledge,
            }]
        }
        (2 | 3, Message::Shares(mut all)) => {
            let at = to % all.len().max(1);
            if let Some(share) = all.get_mut(at) {
                share.encapsulated[0] ^= 1;
            }
            vec![Message::Shares(all)]
        }
        (3, Message::Answer { complainer, share }) => vec![Message::Answer {
            complainer,
            share: share + Scalar::ONE,
        }],
        (4, m @ Message::Confirm) => vec![m.clone(), m],
        (5, Message::Confirm | Message::Sign(_)) => vec![],
        (_, m) => vec![m],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn an_honest_trustee_is_never_blamed((n, t) in sizes(), kind in 0u8..6, who: u16, to: usize) {
        let traitor = who % n + 1;
        let end = Table::new(n, t, 21).run(traitor, &mut misdeed(kind, to));
        prop_assert!(end.refused.iter().all(|(id, _)| *id == traitor));
        match end.culprit {
            Some(culprit) => prop_assert!(culprit == traitor && kind == 3),
            None if end.round == Round::Done => end.is_good(t),
            None => prop_assert_eq!(&end.missing, &[traitor]),
        }
    }
}
