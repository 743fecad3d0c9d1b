//! The traitor commits to a key whose secret it does not know, to cancel another's out.

use crate::table::{Table, commitment, knowledge, random};
use ceremony::{Ceremony, Message, Round};
use crypto::Point;
use crypto::schnorr::Signature;

/// Commitments that begin with the negative of somebody's key, and the best proof there is.
fn rogue(c: &Ceremony, victim: Point, proof: Option<Signature>) -> Message {
    let negative = Point::new(-*victim.point()).unwrap();
    let all = vec![negative, Point::mul_base(&random(5)).unwrap()];
    let knowledge = proof.unwrap_or_else(|| knowledge(c, 3, random(6), &all));
    Message::Reveal {
        commitments: all,
        knowledge,
    }
}

#[test]
fn a_08_rejects_r2_05_a_key_without_knowledge_of_its_secret() {
    // The victim told the traitor its key beforehand: the commitment can be made in round 1.
    let victim = Point::mul_base(&random(4)).unwrap();
    let end = Table::new(3, 2, 12).run(3, &mut |m, c| match m {
        Message::Commit(_) => vec![Message::Commit(commitment(c, 3, &rogue(c, victim, None)))],
        Message::Reveal { .. } => vec![rogue(c, victim, None)],
        m => vec![m],
    });
    assert_eq!(end.refused, [(3, "R2.05".to_owned())]);
    end.waits_for(3, Round::Reveal);
}

/// The proof another trustee gave for its own key is no proof for the traitor: the id is in it.
#[test]
fn a_08_rejects_r2_05_another_trustees_proof() {
    let secret = random(4);
    let copy = move |c: &Ceremony| {
        let all = vec![
            Point::mul_base(&secret).unwrap(),
            Point::mul_base(&random(5)).unwrap(),
        ];
        let knowledge = knowledge(c, 1, secret, &all);
        Message::Reveal {
            commitments: all,
            knowledge,
        }
    };
    let end = Table::new(3, 2, 13).run(3, &mut |m, c| match m {
        Message::Commit(_) => vec![Message::Commit(commitment(c, 3, &copy(c)))],
        Message::Reveal { .. } => vec![copy(c)],
        m => vec![m],
    });
    assert_eq!(end.refused, [(3, "R2.05".to_owned())]);
    end.waits_for(3, Round::Reveal);
}
