use super::*;
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// A pseudo-terminal: the person's side and the program's side.
fn terminal() -> (File, File) {
    let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&person).unwrap();
    unlockpt(&person).unwrap();
    let name = ptsname(&person, Vec::new()).unwrap();
    let flags = OFlags::RDWR | OFlags::NOCTTY;
    let program = rustix::fs::open(name, flags, Mode::empty()).unwrap();
    (person.into(), program.into())
}

/// Reads what the terminal shows until `end` was shown.
fn shown(person: &mut File, end: &str) -> String {
    let mut all = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&all).ends_with(end) {
        assert_eq!(person.read(&mut byte).unwrap(), 1);
        all.push(byte[0]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

fn typed(lines: &[&str], new: bool) -> (Result<Passphrase, PassphraseError>, String) {
    let (mut person, mut program) = terminal();
    let lines: Vec<String> = lines.iter().map(|l| format!("{l}\n")).collect();
    let person = std::thread::spawn(move || {
        let mut screen = String::new();
        for line in lines {
            screen += &shown(&mut person, ": ");
            person.write_all(line.as_bytes()).unwrap();
        }
        // The end of the line is echoed, so that the cursor moves on.
        screen += &shown(&mut person, "\n");
        // Handed back: a terminal whose person left answers EIO to the program.
        (screen, person)
    });
    let answer = ask(&mut program, "合言葉", new);
    let (screen, _person) = person.join().unwrap();
    let echo = tcgetattr(&program).unwrap().local_modes;
    assert!(echo.contains(LocalModes::ECHO), "echo is on again");
    (answer, screen)
}

#[test]
fn a_typed_passphrase_is_never_shown() {
    let (answer, screen) = typed(&["correct horse battery", "correct horse battery"], true);
    assert_eq!(answer.unwrap().bytes(), b"correct horse battery");
    assert!(screen.contains("合言葉: ") && screen.contains("once more"));
    assert!(!screen.contains("horse"), "{screen}");
}

#[test]
fn short_different_and_empty_lines_are_refused() {
    let (answer, _) = typed(&["too short"], true);
    assert!(matches!(answer, Err(PassphraseError::Typed)));
    let (answer, _) = typed(&["correct horse battery", "correct horse buttery"], true);
    assert!(matches!(answer, Err(PassphraseError::Differ)));
    let (answer, _) = typed(&[""], false);
    assert!(matches!(answer, Err(PassphraseError::Typed)));
    let (answer, _) = typed(&["short"], false);
    assert_eq!(answer.unwrap().bytes(), b"short");
}
