use super::*;
use ballot::manifest::AnswerOption;
use ballot::text::Text;

fn question() -> Question {
    Question {
        id: "Q1".to_owned(),
        text: Text::default(),
        kind: QuestionKind::Single,
        required: true,
        options: ["a", "b", "c"]
            .map(|value| AnswerOption {
                value: value.to_owned(),
                text: Text::default(),
            })
            .to_vec(),
        max_chars: 0,
    }
}

fn stored(counts: [usize; 3]) -> Vec<String> {
    ["a", "b", "c"]
        .iter()
        .zip(counts)
        .flat_map(|(value, n)| {
            let one = format!(r#"[{{"question":"Q1","values":["{value}"]}}]"#);
            std::iter::repeat_n(one, n)
        })
        .collect()
}

fn cells(counts: [usize; 3]) -> Vec<Cell> {
    let report = report(&[question()], &stored(counts));
    report
        .into_iter()
        .next()
        .map(|t| t.cells)
        .unwrap_or_default()
}

#[test]
fn small_counts_are_hidden() {
    assert_eq!(cells([5, 9, 0]), [Some(5), Some(9), Some(0)]);
    assert_eq!(cells([1, 4, 9]), [None, None, Some(9)]);
}

#[test]
fn a_single_hidden_count_cannot_be_worked_out() {
    assert_eq!(cells([4, 9, 6]), [None, Some(9), None]);
    assert_eq!(cells([4, 0, 6]), [None, Some(0), None]);
    assert_eq!(cells([4, 0, 0]), [None, Some(0), Some(0)]);
}
