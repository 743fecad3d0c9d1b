//! The traitor seals something else to one trustee.

use crate::table::Table;
use ceremony::Message;

fn spoil(to: u16) -> impl FnMut(Message, &ceremony::Ceremony) -> Vec<Message> {
    move |mut m, _| {
        if let Message::Shares(all) = &mut m {
            let share = all.iter_mut().find(|s| s.to == to).unwrap();
            share.sealed[7] ^= 0x10;
        }
        vec![m]
    }
}

#[test]
fn a_08_the_receiver_complains_and_an_open_answer_repairs_it() {
    for (n, t) in [(3, 2), (5, 3), (7, 4)] {
        let end = Table::new(n, t, 1).run(2, &mut spoil(n));
        assert_eq!(end.complaints, [(2, n, true)]);
        assert_eq!(end.refused, []);
        end.is_good(t);
    }
}

#[test]
fn a_08_a_share_for_somebody_else_opens_for_nobody() {
    let end = Table::new(4, 3, 2).run(1, &mut |mut m, _| {
        if let Message::Shares(all) = &mut m {
            // What was sealed to 3 is sent to 4 as well.
            let (encapsulated, sealed) = (all[1].encapsulated, all[1].sealed);
            (all[2].encapsulated, all[2].sealed) = (encapsulated, sealed);
        }
        vec![m]
    });
    assert_eq!(end.complaints, [(1, 4, true)]);
    end.is_good(3);
}

#[test]
fn rejects_r2_07_a_share_that_is_left_out() {
    let end = Table::new(4, 3, 3).run(1, &mut |mut m, _| {
        if let Message::Shares(all) = &mut m {
            all.pop();
        }
        vec![m]
    });
    assert_eq!(end.refused, [(1, "R2.07".to_owned())]);
    end.waits_for(1, ceremony::Round::Shares);
}
