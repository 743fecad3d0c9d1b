use super::*;

#[test]
fn colour_codes_are_removed() {
    assert_eq!(without_colour("\u{1b}[32;1mgreen\u{1b}[0m x"), "green x");
}

#[test]
fn both_streams_and_the_status_are_kept() {
    let said = Shell::new("sh -c")
        .arg("echo out; echo err >&2; exit 3")
        .quiet()
        .unwrap();
    assert!(!said.ok);
    assert!(said.text.contains("out\n") && said.text.contains("err\n"));
}

#[test]
fn a_missing_program_is_an_error() {
    assert!(Shell::new("no-such-program-anywhere").quiet().is_err());
    assert!(!on_path("no-such-program-anywhere") && on_path("sh"));
}
