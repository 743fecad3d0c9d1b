//! Typing a passphrase: echo is off while it is typed, and on again whatever happens.

use super::{MAX, MIN_NEW, Passphrase, PassphraseError};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{Read, Write};
use zeroize::Zeroizing;

/// Switches echo off until it is dropped.
struct Silence<'a> {
    tty: &'a File,
    before: Termios,
}

impl<'a> Silence<'a> {
    fn begin(tty: &'a File) -> std::io::Result<Self> {
        let before = tcgetattr(tty)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        quiet
            .local_modes
            .insert(LocalModes::ECHONL | LocalModes::ICANON);
        // Flush: nothing typed before the question counts as an answer.
        tcsetattr(tty, OptionalActions::Flush, &quiet)?;
        Ok(Self { tty, before })
    }
}

impl Drop for Silence<'_> {
    fn drop(&mut self) {
        // A terminal that is gone needs no echo.
        tcsetattr(self.tty, OptionalActions::Flush, &self.before).ok();
    }
}

/// Asks on this terminal; twice for a new passphrase.
pub(super) fn ask(tty: &mut File, prompt: &str, new: bool) -> Result<Passphrase, PassphraseError> {
    let first = line(tty, prompt)?;
    if new {
        if first.bytes().len() < MIN_NEW {
            return Err(PassphraseError::Typed);
        }
        let again = line(tty, "もう一度 / once more")?;
        if first.bytes() != again.bytes() {
            return Err(PassphraseError::Differ);
        }
    }
    Ok(first)
}

fn line(tty: &File, prompt: &str) -> Result<Passphrase, PassphraseError> {
    let silence = Silence::begin(tty).map_err(PassphraseError::Terminal)?;
    let mut out = tty;
    write!(out, "{prompt}: ").map_err(PassphraseError::Terminal)?;
    let bytes = read_line(tty).map_err(PassphraseError::Terminal)?;
    drop(silence);
    if bytes.is_empty() || u64::try_from(bytes.len()).map_or(true, |n| n > MAX) {
        return Err(PassphraseError::Typed);
    }
    Ok(Passphrase(bytes))
}

/// One line without its end; a buffer that never moves leaves no copies behind.
fn read_line(mut tty: &File) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let limit = usize::try_from(MAX).unwrap_or(1024) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit));
    let mut byte = Zeroizing::new([0u8]);
    while bytes.len() < limit && tty.read(byte.as_mut())? == 1 && byte[0] != b'\n' {
        bytes.push(byte[0]);
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
