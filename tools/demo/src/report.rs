//! `report.json`: what happened, with fixed keys.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::plan::Plan;

/// Credentials issued, per channel and day.
pub type Issued = BTreeMap<String, BTreeMap<String, u64>>;

/// The report of a demo run.
#[derive(Default, Serialize)]
pub struct Report {
    /// Name of the election.
    pub election_hash: String,
    /// Seed of the plan.
    pub seed: u64,
    /// Voters without planted faults.
    pub voters: usize,
    /// From the registrars.
    pub issued: Issued,
    /// Ballots the board accepted.
    pub received: u64,
    /// Of these, replaced by a later one.
    pub overwritten: u64,
    /// Of these, counted.
    pub counted: u64,
    /// Ballots of which one number was opened, as the verifier counts them.
    pub opened: u64,
    /// Openings that voters saw become final.
    pub expected_opened: u64,
    /// From the board's result.
    pub votes: BTreeMap<String, u64>,
    /// From the plan.
    pub expected_votes: BTreeMap<String, u64>,
    /// Refusals the voters saw.
    pub refused: BTreeMap<String, u64>,
    /// Refusals the plan asked for.
    pub expected_refused: BTreeMap<String, u64>,
    /// How the cards were reached.
    pub card_transport: CardTransport,
    /// Engine that looked at faces.
    pub face_engine: String,
    /// Visits that went through a browser.
    pub browsers: u64,
    /// Voters at a cheating booth who saw it.
    pub cheats_caught: u64,
    /// Voters whom the plan sends to a cheating booth.
    pub expected_cheats: u64,
    /// Validators of the board.
    pub validators: u64,
    /// Registrars.
    pub registrars: u64,
    /// Digest the verifier printed.
    pub record_digest: String,
    /// Exit status of the verifier.
    pub verify_exit: i32,
    /// Exit status of the auditor who checked the evidence.
    pub audit_exit: i32,
    /// Exit status of the decision about one voter's claim that the vote is missing.
    pub dispute_exit: i32,
    /// Seconds per step.
    pub seconds: BTreeMap<String, f64>,
}

/// Visits per way to the card.
#[derive(Default, Serialize)]
pub struct CardTransport {
    /// Through the real smart-card service.
    pub pcsc: u64,
    /// Inside the booth's process.
    pub in_process: u64,
}

impl Report {
    /// A report that holds what the plan says and nothing that happened.
    pub fn of(plan: &Plan) -> Self {
        Self {
            seed: plan.seed,
            voters: plan.voters,
            expected_votes: plan.expected_votes(),
            expected_refused: plan.expected_refused(),
            expected_cheats: plan.cheated(),
            verify_exit: -1,
            audit_exit: -1,
            dispute_exit: -1,
            ..Self::default()
        }
    }

    /// Everything that does not fit together, one line each.
    pub fn contradictions(&self, plan: &Plan) -> Vec<String> {
        let mut found = Vec::new();
        let mut same = |what: &str, left: String, right: String| {
            if left != right {
                found.push(format!("{what}: {left} instead of {right}"));
            }
        };
        same("votes", show(&self.votes), show(&self.expected_votes));
        same("refused", show(&self.refused), show(&self.expected_refused));
        let expected = plan.expected_received();
        same("received", self.received.to_string(), expected.to_string());
        same(
            "opened",
            self.opened.to_string(),
            self.expected_opened.to_string(),
        );
        same(
            "cheats caught",
            self.cheats_caught.to_string(),
            self.expected_cheats.to_string(),
        );
        let visits = plan.visits();
        let browsers = visits.iter().filter(|(_, visit)| visit.browser).count();
        same("browsers", self.browsers.to_string(), browsers.to_string());
        let sum = self.counted + self.overwritten;
        same(
            "counted + overwritten",
            sum.to_string(),
            self.received.to_string(),
        );
        let total: u64 = self.votes.values().sum();
        same(
            "sum of the votes",
            total.to_string(),
            self.counted.to_string(),
        );
        same(
            "exit status of verify",
            self.verify_exit.to_string(),
            "0".to_owned(),
        );
        same(
            "exit status of audit",
            self.audit_exit.to_string(),
            "0".to_owned(),
        );
        same(
            "exit status of the dispute",
            self.dispute_exit.to_string(),
            "0".to_owned(),
        );
        found
    }
}

fn show(counts: &BTreeMap<String, u64>) -> String {
    let parts: Vec<String> = counts
        .iter()
        .map(|(key, count)| format!("{key}={count}"))
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests;
