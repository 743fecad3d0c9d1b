//! The demo's processes: each party on its own, output into its own log, stopped by its id.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use toolbox::shell::on_path;

/// How long a process may take to stop after being asked to.
const PATIENCE: Duration = Duration::from_secs(8);

/// A running program of the demo. Dropping it stops it.
pub struct Process {
    name: String,
    child: Child,
    input: Option<ChildStdin>,
    folder: PathBuf,
}

impl Process {
    /// Starts `program` with its output in `folder/{stdout,stderr}.log` and its id in
    /// `folder/pid`, ten digits wide: an id of four digits would be taken for the PIN of whoever
    /// happens to have it, and files of two runs are compared by length. Its standard input stays
    /// open and silent. The program gets a signal to stop if this process dies.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(name: &str, folder: &Path, program: &Path, args: &[&str]) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let mut command = if on_path("setpriv") {
            let mut command = Command::new("setpriv");
            command.args(["--pdeathsig", "TERM", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        let log = |file: &str| {
            File::options()
                .create(true)
                .append(true)
                .open(folder.join(file))
        };
        let mut child = command
            .args(args)
            .stdin(Stdio::piped())
            .stdout(log("stdout.log")?)
            .stderr(log("stderr.log")?)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        fs::write(folder.join("pid"), format!("{:010}", child.id()))?;
        Ok(Self {
            name: name.to_owned(),
            input: child.stdin.take(),
            child,
            folder: folder.to_owned(),
        })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Holds it where it is (`STOP`) or lets it go on (`CONT`).
    ///
    /// # Errors
    /// It is not there any more.
    pub fn signal(&self, name: &str) -> Result<()> {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status()?;
        anyhow::ensure!(status.success(), "{} takes no signal {name}", self.name);
        Ok(())
    }

    /// Still running?
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until `ready` says yes.
    ///
    /// # Errors
    /// The process ended or `wait` passed; the end of its log is part of the message.
    pub fn wait_until(&mut self, wait: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
        let began = Instant::now();
        while !ready() {
            if !self.runs() {
                bail!("{} ended early:\n{}", self.name, self.log_end());
            }
            if began.elapsed() > wait {
                bail!(
                    "{} did not answer in {} s:\n{}",
                    self.name,
                    wait.as_secs(),
                    self.log_end()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// The last lines of both logs.
    pub fn log_end(&self) -> String {
        let mut text = String::new();
        for file in ["stdout.log", "stderr.log"] {
            let log = fs::read(self.folder.join(file)).unwrap_or_default();
            let log = String::from_utf8_lossy(&log);
            let lines: Vec<&str> = log.lines().collect();
            for line in lines.iter().skip(lines.len().saturating_sub(15)) {
                text.push_str("    ");
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    }

    /// Asks it to stop and waits; after a while it is ended.
    pub fn stop(&mut self) {
        if !self.runs() {
            return;
        }
        drop(self.input.take());
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let began = Instant::now();
        while self.runs() && began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests;
