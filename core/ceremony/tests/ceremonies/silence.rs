//! The traitor stops speaking.

use crate::table::Table;
use ceremony::{Message, Round};

type Kind = (Round, fn(&Message) -> bool);

#[test]
fn a_08_silence_in_any_round_is_named_and_the_others_begin_anew() {
    let kinds: [Kind; 5] = [
        (Round::Commit, |m| matches!(m, Message::Commit(_))),
        (Round::Reveal, |m| matches!(m, Message::Reveal { .. })),
        (Round::Shares, |m| matches!(m, Message::Shares(_))),
        (Round::Confirm, |m| matches!(m, Message::Confirm)),
        (Round::Sign, |m| matches!(m, Message::Sign(_))),
    ];
    for (round, silent) in kinds {
        let end = Table::new(5, 3, 19).run(5, &mut |m, _| {
            if silent(&m) { vec![] } else { vec![m] }
        });
        assert_eq!(end.refused, []);
        end.waits_for(5, round);
    }
    Table::anew_without(5, 19, 5, 3).honest().is_good(3);
}

#[test]
fn rejects_r2_09_a_signature_over_something_else() {
    let end = Table::new(3, 2, 20).run(1, &mut |m, _| match m {
        Message::Sign(mut s) => {
            s.z += crypto::Scalar::ONE;
            vec![Message::Sign(s)]
        }
        m => vec![m],
    });
    assert_eq!(end.refused, [(1, "R2.09".to_owned())]);
    end.waits_for(1, Round::Sign);
}
