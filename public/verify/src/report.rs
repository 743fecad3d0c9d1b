//! What comes out: lines for people, JSON for programs.

use crate::checks::{CHECKS, index_of, index_of_key};
use crate::facts::Facts;
use crate::finding::Finding;
use crypto::Rule;
use serde::Serialize;

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It holds, but people have to judge what was found: a registrar's report.
    Finding,
    /// Nothing to compare with (no trust file).
    NotCompared,
    /// There is nothing to look at: the election was withdrawn before its opening.
    NotHeld,
    /// An earlier failure made it impossible to look.
    NotReached,
}

/// One line of the report.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Key of the check.
    pub key: &'static str,
    /// The rules behind it.
    pub rules: &'static str,
    /// How it ended.
    pub status: Status,
    /// The rule that failed, or that a finding is about.
    pub rule: Option<String>,
    /// Japanese.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
    /// What follows when it holds, Japanese.
    pub means_ja: &'static str,
    /// The same in English.
    pub means_en: &'static str,
    /// What was looked at, or what is wrong.
    pub detail: String,
}

/// The whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Whether every check that could be compared passed.
    pub ok: bool,
    /// Whether a trust file or an election hash was given to compare with.
    pub compared: bool,
    /// One line per check.
    pub checks: Vec<Line>,
    /// What does not make the record false but is for people to judge.
    pub findings: Vec<Finding>,
    /// What the record says; nothing when it could not be read to the end.
    pub facts: Option<Facts>,
}

impl Line {
    fn write(&self, explained: bool, out: &mut String) {
        use core::fmt::Write as _;
        let mark = match self.status {
            Status::Passed => "合格 ok  ",
            Status::Failed => "失敗 FAIL",
            Status::Finding => "指摘 NOTE",
            Status::NotCompared => "未照合 --",
            Status::NotHeld => "取りやめ --",
            Status::NotReached => "未確認 ..",
        };
        let _ = write!(out, "{mark}  {:<24} {} / {}", self.rules, self.ja, self.en);
        if let Some(rule) = &self.rule {
            let _ = write!(out, " [{rule}]");
        }
        let _ = if self.detail.is_empty() {
            writeln!(out)
        } else {
            writeln!(out, " ({})", self.detail)
        };
        // What would follow from a check is not to be read under one that did not pass.
        if explained && self.status == Status::Passed {
            let _ = writeln!(
                out,
                "           {}\n           {}",
                self.means_ja, self.means_en
            );
        }
    }
}

impl Report {
    pub(crate) fn new() -> Self {
        let line = |c: &crate::Check| Line {
            key: c.key,
            rules: c.rules,
            status: Status::NotReached,
            rule: None,
            ja: c.ja,
            en: c.en,
            means_ja: c.means_ja,
            means_en: c.means_en,
            detail: String::new(),
        };
        Self {
            ok: false,
            compared: false,
            checks: CHECKS.iter().map(line).collect(),
            findings: Vec::new(),
            facts: None,
        }
    }
    pub(crate) fn pass(&mut self, key: &str, detail: String) {
        self.set(index_of_key(key), Status::Passed, None, detail);
    }
    pub(crate) fn not_compared(&mut self, key: &str, detail: String) {
        self.set(index_of_key(key), Status::NotCompared, None, detail);
    }
    pub(crate) fn not_held(&mut self, key: &str, detail: String) {
        self.set(index_of_key(key), Status::NotHeld, None, detail);
    }
    pub(crate) fn fail(&mut self, rule: Rule, detail: String) {
        self.set(
            index_of(rule),
            Status::Failed,
            Some(rule.to_string()),
            detail,
        );
    }
    /// A failure that has no rule: a file cannot be read.
    pub(crate) fn unreadable(&mut self, detail: String) {
        self.set(index_of_key("files"), Status::Failed, None, detail);
    }
    fn set(&mut self, index: usize, status: Status, rule: Option<String>, detail: String) {
        if let Some(line) = self.checks.get_mut(index) {
            // A failure stays a failure.
            if line.status != Status::Failed {
                (line.status, line.rule, line.detail) = (status, rule, detail);
            }
        }
    }
    pub(crate) fn finish(mut self) -> Self {
        let bad = |l: &Line| matches!(l.status, Status::Failed | Status::NotReached);
        self.ok = !self.checks.iter().any(bad);
        if let Some(first) = self.findings.first() {
            let rule = Some(first.rule.to_string());
            let line = self.checks.get_mut(index_of_key("reconciliation"));
            if let Some(line) = line.filter(|l| l.status == Status::Passed) {
                (line.status, line.rule) = (Status::Finding, rule);
            }
        }
        self
    }
    /// The rules that failed.
    #[must_use]
    pub fn failed_rules(&self) -> Vec<String> {
        let failed = self.checks.iter().filter(|l| l.status == Status::Failed);
        failed.filter_map(|l| l.rule.clone()).collect()
    }
    /// The rules of the findings, registrar by registrar.
    #[must_use]
    pub fn found_rules(&self) -> Vec<String> {
        self.findings.iter().map(|f| f.rule.to_string()).collect()
    }
    /// The exit code: 1 a check failed, 5 nothing to compare with, 4 findings, 0 neither.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match (self.ok, self.compared, self.findings.is_empty()) {
            (false, _, _) => 1,
            (true, false, _) => 5,
            (true, true, false) => 4,
            (true, true, true) => 0,
        }
    }
    /// The lines for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.text(false)
    }
    /// The lines for people, with a sentence under each check about what it means.
    #[must_use]
    pub fn to_explained_text(&self) -> String {
        self.text(true)
    }
    fn text(&self, explained: bool) -> String {
        let mut out = String::new();
        for line in &self.checks {
            line.write(explained, &mut out);
        }
        if let Some(f) = &self.facts {
            out.push('\n');
            out.push_str(&f.to_text(self.ok));
        }
        for finding in &self.findings {
            out.push_str(&finding.to_text(self.ok));
        }
        out.push('\n');
        out.push_str(self.last_words());
        out
    }
    fn last_words(&self) -> &'static str {
        if !self.ok {
            return "確認に合格しませんでした。この記録を信用しないでください。 / A check failed. Do not \
                    trust this record.\n";
        }
        let rests = self.findings.iter().any(Finding::decides);
        match (self.compared, self.findings.is_empty()) {
            (false, _) => {
                "記録に矛盾はありませんが、どの実施主体の投票かは比べていません。--trust か --election を\
                 付けて確かめてください。 / The record is sound, but whose election it is was not compared: \
                 run it again with --trust or --election.\n"
            }
            (true, true) => "すべての確認に合格しました。 / Every check passed.\n",
            (true, false) if rests => {
                "確認には合格しましたが、指摘があります。この結果は、ほかの登録機関の報告だけに支えられて\
                 います。 / Every check passed, with findings: the outcome rests on the word of the other \
                 registrars.\n"
            }
            (true, false) => {
                "確認には合格しましたが、人が判断すべき指摘があります。 / Every check passed, with findings \
                 for people to judge.\n"
            }
        }
    }
}
