//! The traitor speaks twice, under a number that does not exist, or sits at the table twice.

use crate::table::Table;
use ceremony::{CeremonyError, HpkeSecret, Member, Message, Roster};
use crypto::schnorr::SigningKey;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

#[test]
fn a_08_rejects_r2_03_a_second_message_in_the_same_round() {
    let end = Table::new(4, 3, 16).run(2, &mut |m, _| match m {
        // Complaints and answers have their own rules.
        Message::Confirm => vec![m.clone(), m],
        m => vec![m.clone(), m],
    });
    assert!(end.refused.iter().all(|r| *r == (2, "R2.03".to_owned())));
    assert_eq!(end.refused.len(), 5, "one in each round");
    end.is_good(3);
}

#[test]
fn a_08_rejects_r2_11_numbers_that_are_not_on_the_roster() {
    let mut c = Table::new(3, 2, 17).ceremony;
    for id in [0, 4, u16::MAX] {
        let refused = c.apply(id, &Message::Confirm);
        assert_eq!(refused, Err(CeremonyError::Stranger));
        assert_eq!(refused.unwrap_err().rule().to_string(), "R2.11");
    }
}

#[test]
fn a_08_rejects_r2_01_a_person_who_sits_at_the_table_twice() {
    let rng = &mut ChaCha20Rng::seed_from_u64(18);
    let mut members: Vec<Member> = (1..=3)
        .map(|id| Member {
            id,
            key: SigningKey::generate(rng).public(),
            hpke: HpkeSecret::generate(rng).1,
        })
        .collect();
    assert!(Roster::new(2, members.clone()).is_ok());
    let changes: [fn(&mut Vec<Member>); 4] = [
        |m| m[2].id = 2,
        |m| m[2].id = 0,
        |m| m[2].key = m[0].key,
        |m| m[2].hpke = m[0].hpke,
    ];
    for change in changes {
        let mut wrong = members.clone();
        change(&mut wrong);
        assert_eq!(Roster::new(2, wrong), Err(CeremonyError::Roster));
    }
    members.swap(0, 1);
    assert_eq!(Roster::new(2, members), Err(CeremonyError::Roster));
}
