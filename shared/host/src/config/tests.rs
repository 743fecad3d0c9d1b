use super::*;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    listen: String,
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let error =
        parse::<Sample>("listen = \"a\"\nlisten_too = 1\n", Path::new("a.toml")).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("a.toml") && text.contains("line 2") && text.contains("listen_too"),
        "{text}"
    );
}

#[test]
fn a_good_file_is_read_and_a_missing_one_named() {
    let sample: Sample = parse("listen = \"127.0.0.1:1\"", Path::new("a.toml")).unwrap();
    assert_eq!(sample.listen, "127.0.0.1:1");
    assert!(
        load::<Sample>(Path::new("/nonexistent/x.toml"))
            .unwrap_err()
            .to_string()
            .contains("x.toml")
    );
}

#[test]
fn paths_are_relative_to_the_configuration() {
    assert_eq!(
        beside(Path::new("/etc/i/r.toml"), Path::new("k.key")),
        Path::new("/etc/i/k.key")
    );
    assert_eq!(
        beside(Path::new("/etc/i/r.toml"), Path::new("/k.key")),
        Path::new("/k.key")
    );
}
