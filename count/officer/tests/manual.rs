//! The officers' manual as it is written: every command in its blocks is run. Nothing is mocked, so
//! what needs the board ends where no node answers, and what needs a key is run with one.
#![expect(
    clippy::unwrap_used,
    reason = "a step that fails must stop the test where it stands"
)]

use api::act_file::ActFile;
use board::entry::{Act, Order, Ordered};
use crypto::Hash;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The commands in the manual's blocks, word by word.
fn commands() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("docs/manual/officer.ja.md")).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("$ "));
    let split = |line: &str| line.split(' ').map(str::to_owned).collect();
    lines.map(split).collect()
}

/// A folder with what the manual takes for granted: configuration, network file, an act.
fn desk() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let example = |name: &str| std::fs::read_to_string(root().join("config").join(name)).unwrap();
    let config = example("officer.example.toml").replace("# passphrase_file", "passphrase_file");
    std::fs::write(at("officer.toml"), config + "light = true\n").unwrap();
    // Nobody listens there.
    let network = example("network.example.toml");
    let nowhere = network
        .lines()
        .map(|line| match line.strip_prefix("gateway = ") {
            Some(_) => "gateway = \"https://127.0.0.1:9\"\n".to_owned(),
            None => format!("{line}\n"),
        });
    std::fs::write(at("network.example.toml"), nowhere.collect::<String>()).unwrap();
    std::fs::write(at("passphrase"), "a long enough passphrase\n").unwrap();
    let act = ActFile::unsigned(Order {
        election: Hash::ZERO,
        ordered: Ordered::Act(Act::Announce),
    });
    std::fs::write(at("act.json"), act.to_json().unwrap()).unwrap();
    dir
}

fn run(dir: &Path, words: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-officer"));
    let command = command.current_dir(dir).args(words);
    command.stdin(Stdio::null()).output().unwrap()
}

#[test]
fn every_command_of_the_officers_manual_runs() {
    let dir = desk();
    let mut seen = Vec::new();
    for words in commands() {
        let Some((program, words)) = words.split_first() else {
            continue;
        };
        if program != "irefuda-officer" {
            continue;
        }
        let output = run(dir.path(), words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let what = words[4].clone();
        // `init` works here; the others get as far as the board that nobody shows.
        let expected = if what == "init" { 0 } else { 1 };
        assert_eq!(output.status.code(), Some(expected), "{words:?}: {said}");
        assert!(expected == 0 || said.contains("同じ掲示板"), "{said}");
        seen.push(what);
    }
    assert_eq!(seen, ["init", "show", "sign"]);
    assert!(dir.path().join("kagi/public.json").exists());
    assert!(!dir.path().join("signed.json").exists());
}

#[test]
fn the_manual_names_every_word_that_is_typed() {
    let text = std::fs::read_to_string(root().join("docs/manual/officer.ja.md")).unwrap();
    for (ja, en) in officer::WORDS {
        assert!(text.contains(&format!("| {ja} | {en} |")), "{ja} {en}");
    }
}
