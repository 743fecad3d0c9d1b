use std::fs;
use std::path::Path;

use face::{Reason, Unavailable};

use super::*;

#[test]
fn nothing_but_a_match_is_told() {
    let told = |outcome: Outcome| told_to_registrars(Some(&outcome));
    assert_eq!(told(Outcome::Accepted), Some(FaceVerdict::Match));
    for reason in [Reason::NoMatch, Reason::Unsure, Reason::NoFace] {
        let attempts_left = 2;
        let again = Outcome::TryAgain {
            reason,
            attempts_left,
        };
        assert_eq!(told(again), None);
        assert_eq!(told(Outcome::Refused { reason }), None);
    }
    assert_eq!(told(Outcome::Unavailable(Unavailable::Died)), None);
    assert_eq!(told_to_registrars(None), Some(FaceVerdict::NotDone));
}

/// All sources of this crate but its tests.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_str().unwrap().to_owned();
        if path.is_dir() {
            sources(&path, found);
        } else if !name.contains("/tests/") && !name.ends_with("/tests.rs") {
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn no_other_file_makes_a_verdict() {
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let makers: Vec<&str> = all
        .iter()
        .filter(|(_, text)| text.contains("FaceVerdict::"))
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(
        matches!(makers.as_slice(), [one] if one.ends_with("session/wall.rs")),
        "{makers:?}"
    );
}
