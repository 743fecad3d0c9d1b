//! A person whose answers are written down beforehand.

use super::*;
use std::collections::VecDeque;

/// What was said and asked, and what is answered.
#[derive(Debug, Default)]
pub(crate) struct Script {
    pub(crate) said: Vec<String>,
    pub(crate) asked: usize,
    answers: VecDeque<bool>,
    pub(crate) lines: VecDeque<String>,
}

impl Script {
    /// Says yes to everything.
    pub(crate) fn yes() -> Self {
        Self::default()
    }
    /// These answers, then yes.
    pub(crate) fn answers(answers: &[bool]) -> Self {
        Self {
            answers: answers.iter().copied().collect(),
            ..Self::default()
        }
    }
}

impl Talk for Script {
    fn say(&mut self, ja: &str, _: &str) -> Result<()> {
        self.said.push(ja.to_owned());
        Ok(())
    }
    fn agree(&mut self, ja: &str, _: &str) -> Result<()> {
        self.said.push(ja.to_owned());
        self.asked += 1;
        if self.answers.pop_front().unwrap_or(true) {
            Ok(())
        } else {
            Err(Refusal::Declined.into())
        }
    }
    fn line(&mut self, _: &str, _: &str) -> Result<Option<Zeroizing<String>>> {
        Ok(self.lines.pop_front().map(Zeroizing::new))
    }
}

#[test]
fn without_a_terminal_nothing_irreversible_happens_unless_yes_was_said() {
    // Tests run without a terminal on standard input, like a script; a developer's terminal answers
    // differently, so the question is only asked where there is none.
    if !std::io::stdin().is_terminal() {
        let error = Terminal { yes: false }.agree("?", "?").unwrap_err();
        assert!(matches!(error.downcast_ref(), Some(Refusal::Unasked)));
    }
    assert!(Terminal { yes: true }.agree("?", "?").is_ok());
}

#[test]
fn a_61_in_a_release_build_nobody_signs_commits_or_releases_unasked() {
    let refused = Terminal::attended(true, Build::Release).unwrap_err();
    assert!(matches!(refused, Refusal::YesInRelease));
    assert!(Terminal::attended(false, Build::Release).is_ok());
    assert!(Terminal::attended(true, Build::Debug).is_ok_and(|t| t.yes));
}
