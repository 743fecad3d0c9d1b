use super::*;

fn plan() -> Plan {
    let calendar = crate::calendar::Calendar {
        channels: ["home", "counter", "venue"]
            .map(|id| {
                let window = crate::calendar::Window {
                    opens: 0,
                    closes: 5 * 24 * 3_600_000,
                };
                (id.to_owned(), vec![window])
            })
            .to_vec(),
        announce_at: 1,
    };
    Plan::make(1, 30, &["P01".to_owned(), "P02".to_owned()], &calendar)
}

fn good(plan: &Plan) -> Report {
    let mut report = Report::of(plan);
    report.votes = report.expected_votes.clone();
    report.refused = report.expected_refused.clone();
    report.received = plan.expected_received();
    report.counted = report.votes.values().sum();
    report.overwritten = report.received - report.counted;
    report.verify_exit = 0;
    report.audit_exit = 0;
    report.dispute_exit = 0;
    report.browsers = 6;
    report.cheats_caught = 1;
    report
}

#[test]
fn a_run_as_planned_has_no_contradiction() {
    let plan = plan();
    assert!(good(&plan).contradictions(&plan).is_empty());
}

#[test]
fn each_difference_is_seen() {
    let plan = plan();
    let break_it: [fn(&mut Report); 10] = [
        |report| *report.votes.entry("P01".to_owned()).or_default() += 1,
        |report| report.refused.clear(),
        |report| report.received += 1,
        |report| report.counted -= 1,
        |report| report.verify_exit = 1,
        |report| report.audit_exit = 1,
        |report| report.dispute_exit = 4,
        |report| report.browsers -= 1,
        |report| report.cheats_caught = 0,
        |report| report.opened += 1,
    ];
    for change in break_it {
        let mut report = good(&plan);
        change(&mut report);
        assert!(!report.contradictions(&plan).is_empty());
    }
}
