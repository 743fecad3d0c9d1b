use super::*;

#[test]
fn a_problem_survives_the_wire_with_its_extra_members() {
    let problem = Problem::new(403, "E-03", "closed").with("next_opening_ms", 5_u64);
    let json = serde_json::to_vec(&problem).unwrap();
    assert_eq!(Problem::parse(403, &json), problem);
    assert!(
        String::from_utf8(json)
            .unwrap()
            .contains("\"vote\":\"not_sent\"")
    );
}

#[test]
fn a_foreign_body_is_an_unknown_state() {
    let problem = Problem::parse(502, b"<html>");
    assert_eq!(
        (problem.code.as_str(), problem.vote),
        ("E-30", VoteState::Unknown)
    );
}
