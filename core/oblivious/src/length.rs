//! The lengths that a relay can see.

use crate::message::HEAD;
use crate::suite::{ANSWER_EXTRA, QUESTION_EXTRA};
use ballot::check_ballot::CheckBallot;
use ballot::manifest::{Manifest, Question};

/// Lengths of a padded message, in bytes. A question of an election has one of them, the same for
/// all; an answer has the length of its question, or the first step that holds it.
pub const STEPS: [usize; 11] = [
    1 << 12,
    1 << 14,
    1 << 16,
    1 << 18,
    1 << 20,
    1 << 21,
    1 << 22,
    1 << 23,
    1 << 24,
    1 << 25,
    1 << 26,
];

/// Longest padded question.
pub const MAX_QUESTION: usize = 1 << 20;
/// Longest sealed question.
pub const MAX_SEALED_QUESTION: usize = MAX_QUESTION + QUESTION_EXTRA;
/// Longest sealed answer.
pub const MAX_SEALED_ANSWER: usize = (1 << 26) + ANSWER_EXTRA;

/// JSON around the answers to a survey, and around one answer.
const SURVEY_HEAD: usize = 320;
const ANSWER_HEAD: usize = 64;
/// Bytes of a token in hexadecimal, with its quotes.
const TOKEN: usize = 2 * 256 + 3;
/// Longest character of a free text, in JSON: a control character is written as `\u0007`.
const CHARACTER: usize = 6;
/// Longest character of an id, in JSON: a quotation mark is written with a backslash.
const ID_CHARACTER: usize = 2;

/// The first step that holds a message of `length` bytes.
#[must_use]
pub fn padded(length: usize) -> Option<usize> {
    STEPS.iter().copied().find(|step| length <= *step)
}

/// Longest sealed answer to a question of this padded length, when its content has at most so many
/// bytes.
#[must_use]
pub fn longest_answer(question: usize, content: usize) -> usize {
    let step = padded(content.saturating_add(HEAD)).unwrap_or(1 << 26);
    step.max(question).saturating_add(ANSWER_EXTRA)
}

/// The length of every padded question of an election: the first step that holds its longest
/// ballot, check ballot and survey answer. None when no step does.
#[must_use]
pub fn question_length(manifest: &Manifest) -> Option<usize> {
    let longest = (manifest.ballot_len() + CheckBallot::EXTRA_BYTES).max(survey(manifest));
    padded(longest + HEAD).filter(|length| *length <= MAX_QUESTION)
}

/// Bound on the bytes of a survey answer as JSON.
fn survey(manifest: &Manifest) -> usize {
    let answer = |question: &Question| {
        let text = CHARACTER * usize::from(question.max_chars);
        let value = |value: &str| ID_CHARACTER * value.len() + 3;
        let values: usize = question.options.iter().map(|o| value(&o.value)).sum();
        ANSWER_HEAD + ID_CHARACTER * question.id.len() + text + values
    };
    if manifest.survey.is_empty() {
        return 0;
    }
    let answers: usize = manifest.survey.iter().map(answer).sum();
    SURVEY_HEAD + TOKEN * manifest.registrars.len() + answers
}

#[cfg(test)]
mod tests;
