use super::page;
use crate::startfile::StartError;
use refusal::ErrorCode;

#[test]
fn a_refused_start_file_says_code_rule_and_state_of_the_vote() {
    for error in [
        StartError::Format,
        StartError::Signature,
        StartError::OldProgram,
        StartError::OtherKind,
        StartError::Unreachable,
        StartError::OtherAnswer,
        StartError::Expired,
    ] {
        let html = page(error.code(), &error.to_string());
        assert!(html.contains(error.code().as_str()));
        assert!(html.contains("票はまだ送られていません"), "{html}");
        assert!(html.contains("Your vote has not been sent"));
        assert!(!html.contains("http://") && !html.contains("<script"));
    }
    assert!(page(ErrorCode::StartFile, "<b>").contains("&lt;b&gt;"));
}
