//! The command line of the booth and of the program that registers a kiosk: every help text and the main refusals, with their exit status,
//! as they are in `cli/*.trycmd`. `TRYCMD=overwrite cargo nextest run` writes these files again.

#[test]
fn the_command_line_says_what_its_snapshots_say() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().display().to_string();
    let cases = trycmd::TestCases::new();
    cases
        .case("tests/cli/*.trycmd")
        .env("XDG_DATA_HOME", folder);
    cases.run();
}
