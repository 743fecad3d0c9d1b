//! The traitor waits for the others' reveals and then shows something better for itself.

use crate::table::{Table, knowledge, random};
use ceremony::{Message, Round};
use crypto::Point;

#[test]
fn a_08_rejects_r2_04_a_polynomial_chosen_after_seeing_the_others() {
    let end = Table::new(4, 3, 10).run(4, &mut |m, c| match m {
        Message::Reveal { .. } => {
            let secrets = [random(1), random(2), random(3)];
            let all: Vec<Point> = secrets
                .iter()
                .map(|s| Point::mul_base(s).unwrap())
                .collect();
            let knowledge = knowledge(c, 4, secrets[0], &all);
            vec![Message::Reveal {
                commitments: all,
                knowledge,
            }]
        }
        m => vec![m],
    });
    assert_eq!(end.refused, [(4, "R2.04".to_owned())]);
    end.waits_for(4, Round::Reveal);
}

#[test]
fn a_08_rejects_r2_03_commitments_and_reveals_out_of_their_round() {
    let mut kept = None;
    let end = Table::new(3, 2, 11).run(3, &mut |m, _| match m {
        Message::Commit(_) => {
            kept = Some(m.clone());
            vec![m]
        }
        Message::Reveal { .. } => vec![kept.clone().unwrap(), m.clone(), m],
        m => vec![m],
    });
    // A second commitment in round 2, and a second reveal when round 3 has begun.
    let rules: Vec<&str> = end.refused.iter().map(|(_, r)| r.as_str()).collect();
    assert_eq!(rules, ["R2.03", "R2.03"]);
    end.is_good(2);
}
