//! `irefuda-vectors write|check DIR`: the files of `vectors/`.
#![expect(clippy::print_stderr, reason = "a program that says what differs")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (writes, folder) = match words.as_slice() {
        ["write", folder] => (true, folder),
        ["check", folder] => (false, folder),
        _ => {
            eprintln!("Usage: irefuda-vectors write|check DIR");
            return ExitCode::from(2);
        }
    };
    let mut differ = 0;
    for file in vectors::files() {
        let path = Path::new(folder).join(file.name);
        let text = file.text();
        if writes {
            if let Err(error) = std::fs::write(&path, text) {
                eprintln!("{}: {error}", path.display());
                return ExitCode::from(3);
            }
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            eprintln!("{} is not what the code gives", path.display());
            differ += 1;
        }
    }
    ExitCode::from(u8::from(differ > 0))
}
