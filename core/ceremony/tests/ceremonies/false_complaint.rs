//! The traitor complains about an honest dealer.

use crate::table::Table;
use ceremony::Message;

#[test]
fn a_08_the_accused_opens_the_share_and_is_cleared() {
    let end = Table::new(5, 3, 4).run(4, &mut |m, _| match m {
        Message::Confirm => vec![Message::Complain { accused: 2 }, m],
        m => vec![m],
    });
    // While its complaint is open the traitor may not confirm (R2.03); it confirms no more.
    assert_eq!(end.refused, [(4, "R2.03".to_owned())]);
    assert_eq!(end.complaints, [(2, 4, true)]);
    end.waits_for(4, ceremony::Round::Confirm);
}

#[test]
fn a_08_a_false_complaint_costs_only_the_complainers_own_secrecy() {
    let mut complained = false;
    let mut turns = 0;
    let end = Table::new(5, 3, 5).run(4, &mut |m, c| {
        turns += 1;
        match m {
            Message::Confirm if !std::mem::replace(&mut complained, true) => {
                // An honest dealer would answer; here the answer is computed by the table.
                assert!(c.complaints().next().is_none());
                vec![Message::Complain { accused: 2 }]
            }
            m => vec![m],
        }
    });
    assert!(turns >= 4);
    assert_eq!(end.culprit, None);
    assert_eq!(end.complaints, [(2, 4, true)]);
}

#[test]
fn rejects_r2_03_r2_11_complaints_that_make_no_sense() {
    let end = Table::new(3, 2, 6).run(1, &mut |m, _| match m {
        Message::Confirm => vec![
            Message::Complain { accused: 1 },
            Message::Complain { accused: 9 },
            Message::Answer {
                complainer: 2,
                share: crate::table::random(1),
            },
            Message::Confirm,
            Message::Complain { accused: 2 },
        ],
        m => vec![m],
    });
    let rules: Vec<&str> = end.refused.iter().map(|(_, r)| r.as_str()).collect();
    assert_eq!(rules, ["R2.03", "R2.11", "R2.03", "R2.03"]);
    end.is_good(2);
}
