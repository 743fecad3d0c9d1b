//! The command line of an officer: every help text and the main refusals, with their exit status, as
//! they are in `cli/*.trycmd`, and the officers' manual as it is written.
//! `TRYCMD=overwrite cargo nextest run` writes these files again.

#[test]
fn the_command_line_says_what_its_snapshots_say() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}
