//! The traitor spoils a share and lies again when asked to open it.

use crate::table::Table;
use ceremony::{Ceremony, Message};
use crypto::Scalar;

fn lie(m: Message, _: &Ceremony) -> Vec<Message> {
    match m {
        Message::Shares(mut all) => {
            all[0].sealed[0] ^= 1;
            vec![Message::Shares(all)]
        }
        Message::Answer { complainer, share } => vec![Message::Answer {
            complainer,
            share: share + Scalar::ONE,
        }],
        m => vec![m],
    }
}

#[test]
fn a_08_rejects_r2_08_r2_12_the_liar_is_the_culprit_for_everybody_and_the_others_begin_anew() {
    let end = Table::new(5, 3, 7).run(3, &mut lie);
    assert_eq!(end.culprit, Some(3));
    assert!(end.outcome.is_err());
    // 3 of the 4 that are left is still a majority.
    Table::anew_without(5, 7, 3, 3).honest().is_good(3);
}

#[test]
fn a_08_rejects_r2_12_nothing_is_taken_after_the_culprit_was_found() {
    let end = Table::new(3, 2, 8).run(2, &mut |m, c| {
        let mut all = lie(m, c);
        if matches!(all[0], Message::Answer { .. }) {
            all.push(Message::Confirm);
        }
        all
    });
    assert_eq!(end.culprit, Some(2));
    assert_eq!(end.refused, [(2, "R2.12".to_owned())]);
}

#[test]
fn a_08_who_does_not_answer_at_all_holds_it_up_and_is_named() {
    let end = Table::new(4, 3, 9).run(2, &mut |m, c| match m {
        Message::Answer { .. } => vec![],
        m => lie(m, c),
    });
    assert_eq!(end.culprit, None);
    assert_eq!(end.complaints, [(2, 1, false)]);
    assert_eq!(end.round, ceremony::Round::Confirm);
}
