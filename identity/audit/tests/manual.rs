//! The auditors' command in the officers' manual, run as it is written.
use std::path::Path;
use std::process::Command;

#[test]
fn every_command_of_the_officers_manual_runs() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let text = std::fs::read_to_string(root.join("docs/manual/officer.ja.md")).unwrap();
    let line = text
        .lines()
        .find_map(|l| l.strip_prefix("$ irefuda-audit "));
    let dir = tempfile::tempdir().unwrap();
    let config = std::fs::read_to_string(root.join("config/audit.example.toml")).unwrap();
    let config = config.replace("# passphrase_file", "passphrase_file") + "light = true\n";
    std::fs::write(dir.path().join("audit.toml"), config).unwrap();
    std::fs::write(dir.path().join("passphrase"), "a long enough passphrase\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-audit"));
    let words = line.unwrap().split(' ');
    let output = command
        .current_dir(dir.path())
        .args(words)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(dir.path().join("kagi/public.json").exists());
}
