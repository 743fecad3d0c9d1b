use super::*;

#[test]
fn the_two_pictures_differ() {
    for n in 1..1000 {
        let voter = Voter {
            voter: format!("v{n:03}"),
            persona: String::new(),
            visits: Vec::new(),
            fault: None,
            expected: None,
        };
        let [one, two] = marks(&voter);
        assert!(one != two && one < 16 && two < 16);
    }
}

#[test]
fn the_digest_is_the_last_word() {
    assert_eq!(digest("ok R1\nrecord digest: abcd\n"), "abcd");
    assert_eq!(digest("nothing"), "");
}
