//! One line per step, as the verifier's report has them.

use crypto::Rule;
use serde::Serialize;
use verify::Status;

/// A step that a person understands as one question.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Key for programs.
    pub key: &'static str,
    /// The rules, as printed.
    pub rules: &'static str,
    /// Rule numbers (chapter·100 + number), inclusive.
    pub covers: (u16, u16),
    /// Japanese.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
}

/// How one step ended.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Key of the step.
    pub key: &'static str,
    /// The rules behind it.
    pub rules: &'static str,
    /// How it ended.
    pub status: Status,
    /// The rule that failed.
    pub rule: Option<String>,
    /// Japanese.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
    /// What is wrong.
    pub detail: String,
}

/// Lines for steps that are taken in order: those before the failed one passed, those after it
/// were not reached.
#[must_use]
pub fn lines(steps: &[Step], failed: Option<&(Rule, String)>) -> Vec<Line> {
    let covers = |s: &Step, rule: Rule| (s.covers.0..=s.covers.1).contains(&rule.0);
    let mut open = true;
    let mut out = Vec::with_capacity(steps.len());
    for step in steps {
        let hit = failed.filter(|(rule, _)| covers(step, *rule));
        let status = match (open, hit) {
            (true, None) => Status::Passed,
            (true, Some(_)) => Status::Failed,
            (false, _) => Status::NotReached,
        };
        open = open && hit.is_none();
        let shown = hit.filter(|_| status == Status::Failed);
        out.push(Line {
            key: step.key,
            rules: step.rules,
            rule: shown.map(|(rule, _)| rule.to_string()),
            detail: shown.map(|(_, what)| what.clone()).unwrap_or_default(),
            status,
            ja: step.ja,
            en: step.en,
        });
    }
    out
}
