use refusal::{Refusal as _, VoteState};

use super::Declined;

#[test]
fn the_words_on_the_wire() {
    let table = [
        (Declined::TooManyPosts, "too_many_posts", 429, "E-21"),
        (Declined::Full, "full", 503, "E-21"),
        (Declined::NotFinal, "not_final", 404, "E-22"),
        (Declined::NoEntry, "no_entry", 404, "E-29"),
        (Declined::NotAHash, "not_a_hash", 400, "E-30"),
        (Declined::NotSupported, "not_supported", 501, "E-30"),
    ];
    for (declined, word, status, code) in table {
        let json = serde_json::json!({ "reason": word });
        assert_eq!(serde_json::to_value(declined).unwrap(), json);
        let said = (declined.status(), declined.code().as_str());
        assert_eq!(said, (status, code), "{word}");
    }
}

/// "Not in the box" must not be said of a ballot that is final and only lacks its certificate.
#[test]
fn an_entry_that_may_be_taken_is_not_said_to_be_unsent() {
    for declined in [
        Declined::Stopping,
        Declined::NotFinal,
        Declined::NotCertified,
        Declined::Internal,
    ] {
        assert!(declined.may_have_taken_it());
        assert_ne!(declined.vote(), VoteState::NotSent);
    }
    assert!(!Declined::NotSupported.may_have_taken_it());
    for declined in [Declined::TooManyPosts, Declined::Busy, Declined::Full] {
        assert!(!declined.may_have_taken_it());
        assert_eq!(declined.vote(), VoteState::NotSent);
    }
}
