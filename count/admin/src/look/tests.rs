use super::*;
use testkit::election::{Lab, Options};

fn manifest() -> Manifest {
    let mut lab = Lab::new(Options::small());
    lab.set_up();
    lab.run_ceremony();
    lab.draft_manifest()
}

#[test]
fn there_is_nothing_to_look_at_in_an_ordinary_manifest() {
    assert_eq!(list(&manifest()), "");
}

#[test]
fn a_49_every_character_that_is_sealed_as_another_is_listed() {
    let mut m = manifest();
    m.title.ja = "\u{fa19}社の祭り".into();
    m.contests[0].options[1].summary.plain = "か\u{3099}".into();
    m.help.telephone = "0\u{212a}".into();
    let found = list(&m);
    for part in [
        "U+FA19",
        "U+795E",
        "U+304B U+3099",
        "U+304C",
        "U+212A",
        "U+004B",
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
    assert_eq!(found.lines().count(), 3, "{found}");
}

/// Letters of different scripts, and kanji beside katakana, that no eye keeps apart.
#[test]
fn a_49_titles_of_a_contest_that_look_alike_are_listed() {
    for (one, other) in [
        ("Park", "P\u{430}rk"),
        ("Plan 1", "Plan l"),
        ("口の字", "ロの字"),
        ("力をつける", "カをつける"),
    ] {
        let mut m = manifest();
        m.contests[0].options[0].title.ja = one.into();
        m.contests[0].options[1].title.ja = other.into();
        assert_eq!(m.check(), Ok(()), "no rule refuses them");
        let found = list(&m);
        assert!(found.contains("look alike"), "{one} {other}: {found}");
        // The same letters in two contests are two titles of two questions.
        m.contests[0].options[1].title.ja = "別の題".into();
        assert_eq!(list(&m), "");
    }
}
