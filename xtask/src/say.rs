//! Output for people: one function, so that nothing else prints.

use std::io::Write;

/// Prints one line and flushes it. A closed pipe is not an error.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Prints a heading between two steps.
pub fn heading(text: &str) {
    line("");
    line(&format!("── {text} "));
}

/// Asks a yes/no question on the terminal; anything but yes means no.
pub fn ask(question: &str) -> std::io::Result<bool> {
    let mut out = std::io::stdout().lock();
    write!(out, "{question} [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "はい"))
}
