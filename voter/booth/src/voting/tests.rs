use std::fs;
use std::path::Path;

/// What only the session, the pages and the card reader may hold.
const NOT_HERE: [&str; 7] = [
    "Pin", "NumberB", "LastTry", "Photo", "CardPort", "FacePort", "unlock",
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path.display().to_string(), text));
        }
    }
}

/// The types keep it: [`crate::ports::CardSigner`] has neither PIN nor photo. This keeps the types:
/// no file here names one, takes all of the ports, or speaks to the card's own crate.
#[test]
fn the_module_that_talks_to_the_network_names_no_pin_and_no_photo() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let own = fs::read_to_string(src.join("voting.rs")).unwrap();
    let mut all = vec![("voting.rs".to_owned(), own)];
    sources(&src.join("voting"), &mut all);
    assert!(all.len() > 8);
    for (name, text) in all {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        for word in words {
            assert!(!NOT_HERE.contains(&word), "{name} names {word}");
        }
        let crate_card = text
            .match_indices("card::")
            .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        assert!(!crate_card && !text.contains("ports::*"), "{name}");
    }
}
