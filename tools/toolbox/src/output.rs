//! Output for people: one function, so that nothing else prints.

use std::fs::File;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Mutex;

/// Where everything that is printed is kept as well.
static KEPT: Mutex<Option<File>> = Mutex::new(None);

/// From now on every line is written to `file` as well.
pub fn also_to(file: File) {
    if let Ok(mut kept) = KEPT.lock() {
        *kept = Some(file);
    }
}

/// Prints one line and flushes it. A closed pipe is not an error.
pub fn line(text: &str) {
    keep(text);
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Keeps a line that is shown in another way.
pub fn keep(text: &str) {
    if let Ok(mut kept) = KEPT.lock()
        && let Some(file) = kept.as_mut()
    {
        let _ = writeln!(file, "{text}");
    }
}

/// Prints a heading between two steps.
pub fn heading(text: &str) {
    line("");
    line(&format!("── {text} "));
}

/// Asks a yes/no question on the terminal; anything but yes means no.
///
/// # Errors
/// The terminal cannot be read.
pub fn ask(question: &str) -> std::io::Result<bool> {
    let mut out = std::io::stdout().lock();
    write!(out, "{question} [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "はい"))
}

/// Exit status as for every program of the project: 0 ok, 1 a check failed, 2 usage or
/// configuration; an error is printed.
pub fn exit_code(outcome: anyhow::Result<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            line(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}
