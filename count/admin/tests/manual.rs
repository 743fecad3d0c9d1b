//! The office's commands in the officers' manual are commands of this program: they get past the
//! command line, as far as the configuration that is not there.
use std::process::Command;

#[test]
fn every_command_of_the_officers_manual_is_one() {
    let manual = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/manual/officer.ja.md"
    );
    let text = std::fs::read_to_string(manual).unwrap();
    let lines = text
        .lines()
        .filter_map(|l| l.strip_prefix("$ irefuda-admin "));
    let mut seen = 0;
    for line in lines {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-admin"));
        let output = command
            .current_dir(dir.path())
            .args(line.split(' '))
            .output();
        let said = String::from_utf8(output.unwrap().stderr).unwrap();
        let wanted = "irefuda-admin: cannot read the configuration admin.toml";
        assert!(said.starts_with(wanted), "{line}: {said}");
        seen += 1;
    }
    assert_eq!(seen, 2, "propose and post");
}
