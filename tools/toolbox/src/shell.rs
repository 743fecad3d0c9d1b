//! Other programs: started with a closed standard input, their output shown line by line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;

use anyhow::{Context, Result};

use crate::{output, root};

/// Variables that `cargo run` sets for us and that must not leak into a nested cargo.
const CARGO_LEFTOVERS: [&str; 12] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PKG_NAME",
    "CARGO_PKG_VERSION",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
    "CARGO_PKG_AUTHORS",
    "CARGO_PKG_RUST_VERSION",
    "CARGO_PKG_LICENSE",
    "LD_LIBRARY_PATH",
];

/// A command to run in the workspace root.
pub struct Shell {
    inner: Command,
    shown: String,
}

/// What a command said and how it ended.
pub struct Said {
    /// Exit status 0.
    pub ok: bool,
    /// Standard output and error, in the order they arrived, without colour codes.
    pub text: String,
}

impl Shell {
    /// A program with its arguments, given as one line split at spaces.
    pub fn new(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let program = words.next().unwrap_or_default();
        words.fold(Self::program(program), Self::arg)
    }

    /// A program whose path may hold spaces.
    pub fn program(program: impl AsRef<std::ffi::OsStr>) -> Self {
        let mut inner = Command::new(program.as_ref());
        inner.current_dir(root::dir()).stdin(Stdio::null());
        for name in CARGO_LEFTOVERS {
            inner.env_remove(name);
        }
        Self {
            inner,
            shown: program.as_ref().to_string_lossy().into_owned(),
        }
    }

    /// Adds one argument that may hold spaces.
    pub fn arg(mut self, arg: impl AsRef<std::ffi::OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&arg.as_ref().to_string_lossy());
        self.inner.arg(arg);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.inner.env(name, value);
        self
    }

    /// Starts it with these variables of our environment and no other; those that [`Self::env`] sets
    /// come after.
    pub fn only(mut self, names: &[&str]) -> Self {
        self.inner.env_clear();
        for name in names {
            if let Some(value) = std::env::var_os(name) {
                self.inner.env(name, value);
            }
        }
        self
    }

    /// Reads its standard input from a file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn input(mut self, file: &Path) -> Result<Self> {
        self.inner.stdin(File::open(file)?);
        Ok(self)
    }

    /// Runs elsewhere than in the workspace root.
    pub fn dir(mut self, dir: &Path) -> Self {
        self.inner.current_dir(dir);
        self
    }

    /// Runs and shows the output while it comes.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn tee(self) -> Result<Said> {
        output::line(&format!("$ {}", self.shown));
        self.collect(true)
    }

    /// Runs and keeps the output.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn quiet(self) -> Result<Said> {
        self.collect(false)
    }

    /// Runs and returns standard output alone; an unsuccessful end is an error.
    ///
    /// # Errors
    /// The program cannot be started or fails.
    pub fn stdout(mut self) -> Result<String> {
        let output = self
            .inner
            .output()
            .with_context(|| format!("cannot start `{}`", self.shown))?;
        anyhow::ensure!(
            output.status.success(),
            "`{}` failed: {}",
            self.shown,
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn collect(mut self, show: bool) -> Result<Said> {
        self.inner.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self
            .inner
            .spawn()
            .with_context(|| format!("cannot start `{}`", self.shown))?;
        let (sender, receiver) = mpsc::channel();
        let readers = [
            child
                .stdout
                .take()
                .map(|pipe| forward(pipe, sender.clone())),
            child.stderr.take().map(|pipe| forward(pipe, sender)),
        ];
        let mut text = String::new();
        for line in receiver {
            if show {
                output::line(&line);
            }
            text.push_str(&without_colour(&line));
            text.push('\n');
        }
        for reader in readers.into_iter().flatten() {
            let _ = reader.join();
        }
        Ok(Said {
            ok: child.wait()?.success(),
            text,
        })
    }
}

fn forward(
    pipe: impl Read + Send + 'static,
    sender: mpsc::Sender<String>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while matches!(reader.read_until(b'\n', &mut bytes), Ok(n) if n > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if sender.send(line).is_err() {
                return;
            }
            bytes.clear();
        }
    })
}

/// Removes ANSI colour codes (`ESC [ … letter`).
fn without_colour(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            for c in chars.by_ref() {
                if c.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Is a program of that name on the PATH?
pub fn on_path(program: &str) -> bool {
    Command::new("sh")
        .args(["-c", "command -v -- \"$0\" >/dev/null 2>&1", program])
        .stdin(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether this is the administrator.
pub fn am_root() -> bool {
    Shell::new("id -u")
        .stdout()
        .is_ok_and(|uid| uid.trim() == "0")
}

/// Writes behind what is in a log already: a command may be tried several times.
///
/// # Errors
/// The file cannot be written.
pub fn append(log: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = File::options();
    let mut file = options.create(true).append(true).open(log)?;
    Ok(file.write_all(bytes)?)
}

#[cfg(test)]
mod tests;
