//! Records in which registrars report late, too little or nothing.

use super::{ONE, another};
use serde_json::Value;
use testkit::election::{Lab, MINUTE, OPENS, Options};

const HOUR: u64 = 60 * MINUTE;
const TWO: Options = Options {
    registrars: 2,
    ..ONE
};
/// From 23:00 to 01:00 in Japan: two days.
const NIGHT: Options = Options {
    opens: OPENS + 29 * HOUR / 2,
    ..TWO
};

/// Three voters, all for one option; the first votes twice.
fn vote(lab: &mut Lab) {
    for voter in 0..3 {
        lab.cast(voter, 1);
    }
    lab.cast(0, 1);
}

/// The registrar reports so many tokens on the day of the close.
fn report(lab: &mut Lab, registrar: usize, tokens: (u32, u32)) {
    let day = lab.close_day();
    for entry in lab.report(registrar, day, tokens) {
        lab.post_one(&entry);
    }
}

/// Vote and close; then registrar 0 and perhaps 1 report, and the trustees wait for no more.
fn with_reports(lab: &mut Lab, reports: &[(u32, u32)]) {
    vote(lab);
    lab.close();
    for (registrar, tokens) in reports.iter().enumerate() {
        report(lab, registrar, *tokens);
    }
    lab.advance_to(lab.now + 2 * HOUR);
    lab.tally();
}

pub fn stories() -> Vec<(String, Value, String)> {
    let reported = |name, expect, options, reports: &[(u32, u32)]| {
        another(name, expect, options, |lab| with_reports(lab, reports))
    };
    vec![
        reported(
            "both registrars report enough",
            "accept",
            TWO,
            &[(3, 1), (4, 1)],
        ),
        reported(
            "the only registrar reports too few credentials",
            "R8.15",
            ONE,
            &[(2, 1)],
        ),
        reported("the only registrar reports nothing", "R8.15", ONE, &[]),
        reported(
            "the only registrar reports too few further tokens",
            "R8.16",
            ONE,
            &[(3, 0)],
        ),
        reported(
            "both report too few credentials",
            "R8.15",
            TWO,
            &[(2, 1), (1, 9)],
        ),
        reported(
            "both report too few further tokens",
            "R8.16",
            TWO,
            &[(9, 0), (3, 0)],
        ),
        reported(
            "one reports one credential too few",
            "accept",
            TWO,
            &[(2, 1), (3, 1)],
        ),
        reported(
            "one reports one further token too few",
            "accept",
            TWO,
            &[(3, 1), (3, 0)],
        ),
        reported(
            "one lacks as many as the margin",
            "accept",
            TWO,
            &[(2, 0), (3, 1)],
        ),
        reported(
            "one covers the credentials, the other the replaced",
            "accept",
            TWO,
            &[(3, 0), (2, 1)],
        ),
        reported("one does not report", "accept", TWO, &[(3, 1)]),
        another(
            "one reports six hours and a moment after the close",
            "accept",
            TWO,
            |lab| {
                vote(lab);
                lab.close();
                let closed = lab.on_board().closed_at().expect("closed");
                for (registrar, late) in [(0, 0), (1, 1)] {
                    let day = lab.close_day();
                    let entry = lab.report(registrar, day, (3, 1)).remove(0).encode();
                    lab.try_block(closed + 6 * HOUR + late, &[entry])
                        .expect("in the open");
                }
                lab.tally();
            },
        ),
        another(
            "one reports when the votes are known",
            "accept",
            TWO,
            |lab| {
                vote(lab);
                lab.close();
                report(lab, 0, (3, 1));
                lab.advance_to(lab.now + 2 * HOUR);
                lab.commit_shares(2);
                lab.announce();
                lab.post_shares(1);
                report(lab, 1, (3, 1));
                let second = lab.shares[1].clone();
                let entry = lab.share_entry(&second);
                lab.post_one(&entry);
                lab.post_result();
            },
        ),
        another(
            "two days, the first one late and one never",
            "accept",
            NIGHT,
            |lab| {
                vote(lab);
                lab.close();
                for (registrar, tokens) in [(0, (3, 1)), (1, (2, 1))] {
                    report(lab, registrar, tokens);
                }
                lab.advance_to(lab.now + 8 * HOUR);
                let day = lab.close_day() - 1;
                let entry = lab.report(1, day, (1, 0)).remove(0);
                lab.post_one(&entry);
                lab.tally();
            },
        ),
    ]
}
