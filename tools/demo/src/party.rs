//! One party of the election: its program, configuration and data.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use toolbox::root;
use toolbox::shell::Shell;

use crate::process::Process;
use crate::run_folder::RunFolder;

/// A program with its configuration file and data folder.
pub struct Party {
    name: String,
    program: PathBuf,
    config: PathBuf,
    folder: PathBuf,
    data: PathBuf,
    /// The program takes `--config` and `--data` after its subcommand.
    paths_last: bool,
}

impl Party {
    /// Writes the configuration of a party.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn new(run_folder: &RunFolder, name: &str, binary: &str, config: &str) -> Result<Self> {
        let path = run_folder.write(name, "config.toml", config)?;
        let folder = run_folder.party(name);
        let data = folder.join("data");
        std::fs::create_dir_all(&data)?;
        Ok(Self {
            name: name.to_owned(),
            program: root::program(binary),
            config: path,
            folder,
            data,
            paths_last: binary == "irefuda-node",
        })
    }

    /// Its data folder.
    pub fn data(&self) -> &PathBuf {
        &self.data
    }

    /// A file in its data folder.
    pub fn file(&self, name: &str) -> String {
        self.data.join(name).display().to_string()
    }

    fn arguments(&self, words: &[&str]) -> Vec<String> {
        let config = self.config.display().to_string();
        let data = self.data.display().to_string();
        let mut paths = vec!["--config".to_owned(), config, "--data".to_owned(), data];
        let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        if self.paths_last {
            all.append(&mut paths);
            return all;
        }
        paths.append(&mut all);
        paths
    }

    /// Runs one of its commands to the end and returns what it printed.
    ///
    /// # Errors
    /// The command fails.
    pub fn command(&self, words: &[&str]) -> Result<String> {
        let mut shell = Shell::new(&self.program.display().to_string());
        for word in self.arguments(words) {
            shell = shell.arg(word);
        }
        let said = shell.quiet()?;
        let log = format!("{}.log", words.first().unwrap_or(&"run"));
        toolbox::shell::append(&self.folder.join(log), said.text.as_bytes())?;
        if !said.ok {
            bail!("{} {} failed:\n{}", self.name, words.join(" "), said.text);
        }
        Ok(said.text)
    }

    /// Runs one of its commands to the end and returns its exit status and what it printed.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn status(&self, words: &[&str]) -> Result<(i32, String)> {
        let output = std::process::Command::new(&self.program)
            .args(self.arguments(words))
            .stdin(std::process::Stdio::null())
            .output()
            .with_context(|| self.name.clone())?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Ok((output.status.code().unwrap_or(-1), text))
    }

    /// Runs a command again and again until it succeeds.
    ///
    /// # Errors
    /// It still fails after `wait`.
    pub fn command_within(&self, words: &[&str], wait: Duration) -> Result<String> {
        let began = Instant::now();
        loop {
            match self.command(words) {
                Ok(text) => return Ok(text),
                Err(error) if began.elapsed() > wait => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(300)),
            }
        }
    }

    /// Starts it as a process.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(&self, words: &[&str]) -> Result<Process> {
        let arguments = self.arguments(words);
        let args: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Process::start(&self.name, &self.folder, &self.program, &args)
    }
}
