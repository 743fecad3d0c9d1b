//! The command line of the relay: every help text and the main refusals, with their exit status, as
//! they are in `cli/*.trycmd`. `TRYCMD=overwrite cargo nextest run` writes these files again.

#[test]
fn the_command_line_says_what_its_snapshots_say() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}
