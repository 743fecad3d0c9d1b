//! How the program speaks with the officer: Japanese first, then English.

use crate::{Line, Refusal};
use anyhow::Result;
use host::private::Build;
use std::io::{BufRead as _, IsTerminal as _, Write as _};

/// The officer, or a script in the officer's place.
pub trait Person {
    /// Shows one line.
    ///
    /// # Errors
    /// When it cannot be shown.
    fn say(&mut self, line: &Line) -> Result<()>;
    /// Has the officer type one of these two words (Japanese, English): what the act is called, so
    /// that nobody agrees to an act of another kind out of habit.
    ///
    /// # Errors
    /// [`Refusal::Declined`] for anything else, [`Refusal::Unasked`] when nobody can answer.
    fn confirm(&mut self, words: (&str, &str)) -> Result<()>;
}

/// The terminal the program runs in.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    yes: bool,
}

impl Terminal {
    /// With `yes` nothing is asked: for demonstrations and tests.
    ///
    /// # Errors
    /// [`Refusal::YesInRelease`]: in a program for real elections somebody must answer.
    pub fn open(yes: bool, build: Build) -> Result<Self, Refusal> {
        if yes && build.is_release() {
            return Err(Refusal::YesInRelease);
        }
        Ok(Self { yes })
    }
}

impl Person for Terminal {
    fn say(&mut self, line: &Line) -> Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", line.ja)?;
        if !line.en.is_empty() {
            writeln!(out, "    {}", line.en)?;
        }
        Ok(())
    }
    fn confirm(&mut self, (ja, en): (&str, &str)) -> Result<()> {
        if self.yes {
            return Ok(());
        }
        if !std::io::stdin().is_terminal() {
            return Err(Refusal::Unasked.into());
        }
        let mut out = std::io::stdout().lock();
        write!(
            out,
            "署名するなら「{ja}」と入力してください (to sign, type {ja} or {en}): "
        )?;
        out.flush()?;
        let mut typed = String::new();
        std::io::stdin().lock().read_line(&mut typed)?;
        is_agreed(&typed, (ja, en))
    }
}

/// Whether the typed line is one of the words.
pub(crate) fn is_agreed(typed: &str, (ja, en): (&str, &str)) -> Result<()> {
    if [ja, en].contains(&typed.trim()) {
        Ok(())
    } else {
        Err(Refusal::Declined.into())
    }
}
