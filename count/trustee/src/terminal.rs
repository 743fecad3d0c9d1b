//! How the program speaks with the person: Japanese first, then English.

use crate::Refusal;
use anyhow::Result;
use host::private::Build;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use zeroize::Zeroizing;

/// A person, or a script in a person's place.
pub trait Talk {
    /// Tells something.
    ///
    /// # Errors
    /// When it cannot be shown.
    fn say(&mut self, ja: &str, en: &str) -> Result<()>;
    /// Asks before something that cannot be undone.
    ///
    /// # Errors
    /// [`Refusal::Declined`] when the answer is no, [`Refusal::Unasked`] when nobody can answer.
    fn agree(&mut self, ja: &str, en: &str) -> Result<()>;
    /// Asks for one line; none at the end of the input.
    ///
    /// # Errors
    /// When nothing can be read.
    fn line(&mut self, ja: &str, en: &str) -> Result<Option<Zeroizing<String>>>;
}

/// The terminal the program runs in.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Every question is answered with yes: for scripts.
    pub yes: bool,
}

impl Terminal {
    /// For what a trustee answers for: signing the manifest, the box, the share.
    ///
    /// # Errors
    /// [`Refusal::YesInRelease`]: in a program for real elections somebody must answer.
    pub fn attended(yes: bool, build: Build) -> Result<Self, Refusal> {
        if yes && build.is_release() {
            return Err(Refusal::YesInRelease);
        }
        Ok(Self { yes })
    }
}

impl Talk for Terminal {
    fn say(&mut self, ja: &str, en: &str) -> Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{ja}")?;
        if !en.is_empty() {
            writeln!(out, "    {en}")?;
        }
        Ok(())
    }
    fn agree(&mut self, ja: &str, en: &str) -> Result<()> {
        if self.yes {
            return Ok(());
        }
        if !std::io::stdin().is_terminal() {
            return Err(Refusal::Unasked.into());
        }
        self.say(ja, en)?;
        let answer = self.line("「はい」と入力してください", "type はい or yes")?;
        match answer.as_deref().map(|a| a.trim()) {
            Some("はい" | "yes") => Ok(()),
            _ => Err(Refusal::Declined.into()),
        }
    }
    fn line(&mut self, ja: &str, en: &str) -> Result<Option<Zeroizing<String>>> {
        if std::io::stdin().is_terminal() {
            let mut out = std::io::stdout().lock();
            write!(out, "{ja} ({en}): ")?;
            out.flush()?;
        }
        let mut line = Zeroizing::new(String::with_capacity(4096));
        if std::io::stdin().lock().read_line(&mut line)? == 0 {
            return Ok(None);
        }
        Ok(Some(line))
    }
}

/// Everything said is marked as practice, so that it cannot be taken for the real thing.
#[derive(Debug)]
pub struct Practice<'a, T: ?Sized>(pub &'a mut T);

impl<T: Talk + ?Sized> Talk for Practice<'_, T> {
    fn say(&mut self, ja: &str, en: &str) -> Result<()> {
        let en = if en.is_empty() {
            String::new()
        } else {
            format!("[PRACTICE] {en}")
        };
        self.0.say(&format!("【練習】{ja}"), &en)
    }
    fn agree(&mut self, ja: &str, en: &str) -> Result<()> {
        self.0
            .agree(&format!("【練習】{ja}"), &format!("[PRACTICE] {en}"))
    }
    fn line(&mut self, ja: &str, en: &str) -> Result<Option<Zeroizing<String>>> {
        self.0
            .line(&format!("【練習】{ja}"), &format!("[PRACTICE] {en}"))
    }
}

/// Nobody is there: agrees to everything and says nothing. For the made-up trustees of a practice.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Talk for Silent {
    fn say(&mut self, _: &str, _: &str) -> Result<()> {
        Ok(())
    }
    fn agree(&mut self, _: &str, _: &str) -> Result<()> {
        Ok(())
    }
    fn line(&mut self, _: &str, _: &str) -> Result<Option<Zeroizing<String>>> {
        Ok(None)
    }
}

#[cfg(test)]
pub(crate) mod tests;
