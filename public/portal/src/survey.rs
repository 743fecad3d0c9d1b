//! The anonymous survey: check the token, check the answers, count for the report.

use std::collections::BTreeMap;

pub use api::portal::SurveyAnswer as Answer;
use api::portal::SurveyRequest;
use ballot::manifest::{Manifest, Question, QuestionKind};
use ballot::survey::are_good_tokens;
use crypto::Hash;

/// Counts below this are not shown.
pub const SMALL: u64 = 5;

/// Why an answer is refused. None of these touches a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SurveyError {
    /// Another election.
    #[error("another election")]
    Election,
    /// Not one good token of each registrar.
    #[error("tokens")]
    Tokens,
    /// A question or option that does not exist, or twice.
    #[error("answers")]
    Answers,
    /// A text longer than asked for.
    #[error("too long")]
    TooLong,
}

/// Checks a request; gives the serial that it spends.
///
/// # Errors
/// [`SurveyError`].
pub fn check(
    manifest: &Manifest,
    election: &Hash,
    request: &SurveyRequest,
) -> Result<[u8; 32], SurveyError> {
    if request.election.0 != *election {
        return Err(SurveyError::Election);
    }
    let serial = request.serial.0;
    check_answers(&manifest.survey, &request.answers)?;
    let tokens = request.tokens.iter().map(|token| &token.0);
    if are_good_tokens(manifest, (election, &serial), tokens) {
        Ok(serial)
    } else {
        Err(SurveyError::Tokens)
    }
}

fn check_answers(questions: &[Question], answers: &[Answer]) -> Result<(), SurveyError> {
    let mut seen = std::collections::BTreeSet::new();
    for answer in answers {
        let question = questions
            .iter()
            .find(|q| q.id == answer.question)
            .ok_or(SurveyError::Answers)?;
        if !seen.insert(&answer.question) {
            return Err(SurveyError::Answers);
        }
        let mut values: Vec<&String> = answer.values.iter().collect();
        values.sort();
        values.dedup();
        let known = values
            .iter()
            .all(|v| question.options.iter().any(|o| o.value == **v));
        let fits = match question.kind {
            QuestionKind::Single => values.len() <= 1,
            QuestionKind::Multi => true,
            QuestionKind::Text => values.is_empty(),
        };
        if !known || !fits || values.len() != answer.values.len() {
            return Err(SurveyError::Answers);
        }
        let length = answer.text.as_ref().map_or(0, |t| t.chars().count());
        let allowed = if question.kind == QuestionKind::Text {
            usize::from(question.max_chars)
        } else {
            0
        };
        if length > allowed {
            return Err(SurveyError::TooLong);
        }
    }
    Ok(())
}

/// A count of the report; none when it is too small to show.
pub type Cell = Option<u64>;

/// One question of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Id of the question.
    pub question: String,
    /// Per option, in the manifest's order.
    pub cells: Vec<Cell>,
    /// Free texts received (they are read by the office, not published).
    pub texts: Cell,
}

/// Counts the answers question by question. Counts from 1 to 4 are hidden; where only one would
/// be hidden the smallest other one is hidden too, so that it cannot be worked out.
#[must_use]
pub fn report(questions: &[Question], stored: &[String]) -> Vec<Tally> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut texts: BTreeMap<&str, u64> = BTreeMap::new();
    let all: Vec<Vec<Answer>> = stored
        .iter()
        .filter_map(|s| serde_json::from_str(s).ok())
        .collect();
    for answer in all.iter().flatten() {
        for value in &answer.values {
            *counts.entry((&answer.question, value)).or_default() += 1;
        }
        if answer.text.as_ref().is_some_and(|t| !t.is_empty()) {
            *texts.entry(&answer.question).or_default() += 1;
        }
    }
    questions
        .iter()
        .map(|q| {
            let raw: Vec<u64> = q
                .options
                .iter()
                .map(|o| {
                    counts
                        .get(&(q.id.as_str(), o.value.as_str()))
                        .copied()
                        .unwrap_or(0)
                })
                .collect();
            let texts = texts.get(q.id.as_str()).copied().unwrap_or(0);
            Tally {
                question: q.id.clone(),
                cells: hide(&raw),
                texts: (texts == 0 || texts >= SMALL).then_some(texts),
            }
        })
        .collect()
}

fn hide(raw: &[u64]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = raw
        .iter()
        .map(|n| (*n == 0 || *n >= SMALL).then_some(*n))
        .collect();
    if cells.iter().filter(|c| c.is_none()).count() == 1 {
        let next = cells
            .iter()
            .enumerate()
            .filter_map(|(i, c)| c.filter(|n| *n > 0).map(|n| (n, i)))
            .min();
        if let Some(cell) = next.and_then(|(_, i)| cells.get_mut(i)) {
            *cell = None;
        }
    }
    cells
}

#[cfg(test)]
mod tests;
