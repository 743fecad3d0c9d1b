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
fn some_voters_open_either_side_and_some_neither() {
    let sides: Vec<Option<u8>> = (1..=30u8)
        .map(|n| {
            side(&Voter {
                voter: format!("v{n:03}"),
                persona: String::new(),
                visits: Vec::new(),
                fault: None,
                expected: None,
            })
        })
        .collect();
    for wanted in [None, Some(0), Some(1)] {
        assert!(sides.iter().filter(|s| **s == wanted).count() >= 5);
    }
}

#[test]
fn the_verifiers_line_says_how_many_were_opened() {
    let line = "確かめの公開 opened 17  公開なし（数に入る）never opened, counted all the same 16";
    assert_eq!(opened(line), Some(17));
    assert_eq!(opened("nothing"), None);
}

#[test]
fn the_digest_is_the_last_word() {
    assert_eq!(digest("ok R1\nrecord digest: abcd\n"), "abcd");
    assert_eq!(digest("nothing"), "");
}
