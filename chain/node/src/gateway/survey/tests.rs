use super::*;

#[test]
fn a_real_election_sends_no_answer_in_the_open() {
    for (address, practice, asked) in [
        ("https://vote.example", false, true),
        ("https://vote.example", true, true),
        ("http://127.0.0.1:8080", true, true),
        ("http://127.0.0.1:8080", false, false),
        ("http://192.0.2.1", true, false),
        ("https://vote.example@192.0.2.1", true, false),
    ] {
        let portal = Portal {
            address: address.to_owned(),
            practice,
        };
        assert_eq!(site(&portal).is_some(), asked, "{address} {practice}");
    }
}
