use super::*;
use testkit::election::{Lab, Options};

#[test]
fn the_steps_increase_and_every_length_has_the_first_that_holds_it() {
    assert!(STEPS.is_sorted_by(|a, b| a < b));
    assert_eq!(padded(0), Some(4096));
    for pair in STEPS.windows(2) {
        assert_eq!(padded(pair[0]), Some(pair[0]));
        assert_eq!(padded(pair[0] + 1), Some(pair[1]));
    }
    assert_eq!(padded(1 << 26), Some(1 << 26));
    assert_eq!(padded((1 << 26) + 1), None);
}

#[test]
fn one_length_holds_every_entry_and_survey_answer_of_an_election() {
    let lab = Lab::sealed(Options::small());
    let mut manifest = lab.manifest.unwrap().manifest;
    manifest.survey.clear();
    assert_eq!(question_length(&manifest), Some(4096));
    assert!(manifest.ballot_len() + CheckBallot::EXTRA_BYTES + HEAD <= 4096);
    let contest = manifest.contests[0].clone();
    while manifest.ballot_len() <= 4096 {
        manifest.contests.push(contest.clone());
    }
    assert_eq!(question_length(&manifest), Some(16_384));
    while manifest.ballot_len() <= MAX_QUESTION {
        let more = manifest.contests.clone();
        manifest.contests.extend(more);
    }
    assert_eq!(question_length(&manifest), None);
}

#[test]
fn an_answer_is_read_to_the_step_that_holds_its_content_and_no_further() {
    assert_eq!(longest_answer(4096, 100), 4096 + ANSWER_EXTRA);
    assert_eq!(longest_answer(16_384, 100), 16_384 + ANSWER_EXTRA);
    assert_eq!(longest_answer(4096, 4096), 16_384 + ANSWER_EXTRA);
    assert_eq!(longest_answer(4096, 4 << 20), (8 << 20) + ANSWER_EXTRA);
    assert_eq!(longest_answer(4096, 1 << 26), MAX_SEALED_ANSWER);
    assert_eq!(longest_answer(4096, usize::MAX), MAX_SEALED_ANSWER);
}
